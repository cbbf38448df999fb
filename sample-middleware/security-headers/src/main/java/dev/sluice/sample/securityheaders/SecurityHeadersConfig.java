package dev.sluice.sample.securityheaders;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The value of each header; an empty one switches the header off. Defaults follow OWASP's HTTP headers cheat sheet. */
@ObjectClassDefinition(
        name = "Security headers",
        description = "The value of each header. An empty value switches the header off.")
public @interface SecurityHeadersConfig {

    @AttributeDefinition(
            name = "X-Content-Type-Options",
            description = "nosniff: a browser doesn't guess another content type than the one that is declared.",
            required = false)
    String content_type_options() default "nosniff";

    @AttributeDefinition(
            name = "X-Frame-Options",
            description = "DENY or SAMEORIGIN: who may show a page in a frame, for browsers too old for"
                    + " frame-ancestors.",
            required = false)
    String frame_options() default "DENY";

    @AttributeDefinition(
            name = "Content-Security-Policy",
            description = "The default says only who may show a page in a frame; a policy for scripts and styles"
                    + " is the application's own.",
            required = false)
    String content_security_policy() default "frame-ancestors 'none'";

    @AttributeDefinition(
            name = "Referrer-Policy",
            description = "How much of a page's address a browser tells to the pages that are reached from it.",
            required = false)
    String referrer_policy() default "strict-origin-when-cross-origin";

    @AttributeDefinition(
            name = "Permissions-Policy",
            description = "Which of the browser's abilities a page may use.",
            required = false)
    String permissions_policy() default "geolocation=(), camera=(), microphone=()";

    @AttributeDefinition(
            name = "Strict-Transport-Security",
            description = "Browsers come by HTTPS only, for as long as it says: set it only where all clients do"
                    + " already, as it can't be taken back. For instance: max-age=31536000; includeSubDomains",
            required = false)
    String strict_transport_security() default "";
}
