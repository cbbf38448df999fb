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
 * Names the middleware that the annotated component is: sets the service property {@code middleware.name}, and announces
 * it in the manifest of the bundle.
 */
@ComponentPropertyType
@RequireMiddlewareContainer
@Capability(namespace = MiddlewareProperties.CAPABILITY_NAMESPACE, attribute = "component=${@class}")
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface MiddlewareName {
    /** {@return the name: letters, digits, {@code .}, {@code -} and {@code _}; the same for all versions} */
    @Attribute(MiddlewareProperties.CAPABILITY_NAME)
    String value();
}
