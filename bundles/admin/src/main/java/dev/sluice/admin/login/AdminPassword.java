package dev.sluice.admin.login;

import java.util.Optional;

/** Where the admin's password comes from. Safe to use from any thread. */
@FunctionalInterface
interface AdminPassword {

    /** {@return the password as it is now; empty if none can be had: then every login is refused} */
    Optional<Secret> current();
}
