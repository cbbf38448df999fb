package dev.sluice.admin.door;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an operator may set for the admin, in {@code conf/dev.sluice.admin.cfg}. Takes effect at once. */
@ObjectClassDefinition(name = "Sluice: admin", description = "The admin listener. Changes take effect at once.")
public @interface AdminConfiguration {

    @AttributeDefinition(
            name = "Allowed hosts",
            required = false,
            description =
                    "Host names, without port, under which the console and the API may be asked, beside localhost, IP"
                            + " addresses and the admin listener's own host")
    String[] allowed_hosts() default {};

    @AttributeDefinition(
            name = "Upload limit",
            required = false,
            description = "The size that an uploaded bundle may have, in megabytes (2^20 bytes)",
            min = "1")
    int upload_limit_megabytes() default AdminSettings.DEFAULT_UPLOAD_LIMIT;
}
