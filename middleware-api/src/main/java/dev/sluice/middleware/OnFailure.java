package dev.sluice.middleware;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Says what happens to requests when the middleware is missing: sets the service property {@code middleware.on.failure}, and
 * announces it in the manifest of the bundle.
 *
 * <p>What the middleware throws is another matter, and the same for both: it passes through the middleware that ran earlier,
 * and if none of them handles it, the request ends with an error.
 */
@ComponentPropertyType
@RequireMiddlewareContainer
@Capability(namespace = MiddlewareProperties.CAPABILITY_NAMESPACE, attribute = "component=${@class}")
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface OnFailure {
    /** Requests on its paths are answered with an error: nothing slips by. The default. */
    String CLOSED = "closed";

    /** Requests go on without it. For what is nice to have and protects nothing. */
    String OPEN = "open";

    /** {@return {@link #CLOSED} or {@link #OPEN}} */
    @Attribute(MiddlewareProperties.CAPABILITY_ON_FAILURE)
    String value() default CLOSED;

    /** The prefix that makes the property {@code middleware.on.failure} of the name {@code OnFailure}. */
    String PREFIX_ = "middleware.";
}
