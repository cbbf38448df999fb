package dev.sluice.middleware;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Requirement;

/**
 * Makes the annotated bundle require a container for middleware of this API's version, so that a missing container or a
 * wrong version is an unresolved requirement and not a silence. The other annotations of this package carry it.
 */
@Requirement(
        namespace = "osgi.implementation",
        name = MiddlewareProperties.IMPLEMENTATION,
        version = "1.0.0",
        effective = "resolve")
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface RequireMiddlewareContainer {}
