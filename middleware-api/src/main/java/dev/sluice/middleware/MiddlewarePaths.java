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
 * Says on which paths the annotated component runs: sets the service property {@code middleware.paths}, and announces them
 * in the manifest of the bundle.
 */
@ComponentPropertyType
@RequireMiddlewareContainer
@Capability(namespace = MiddlewareProperties.CAPABILITY_NAMESPACE, attribute = "component=${@class}")
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface MiddlewarePaths {
    /** {@return patterns as in the Servlet specification 12.2; a path that any of them matches is matched} */
    @Attribute(MiddlewareProperties.CAPABILITY_PATHS)
    String[] value() default "/*";
}
