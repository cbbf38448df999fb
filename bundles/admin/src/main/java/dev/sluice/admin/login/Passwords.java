package dev.sluice.admin.login;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses where the password comes from: a file that the operator names, else the environment, else a generated file. */
final class Passwords {

    private static final Logger LOG = LoggerFactory.getLogger(Passwords.class);

    static final String FILE_PROPERTY = "sluice.admin.password.file";
    static final String DATA_PROPERTY = "sluice.data.dir";
    static final String VARIABLE = "SLUICE_ADMIN_PASSWORD";
    static final String GENERATED = "admin-password";

    /** Who has one that can be guessed may try as often as they like, with a wait between: see the login's throttle. */
    private static final int STRONG = 12;

    private Passwords() {}

    /** Says of a password that it is easily guessed; never which it is. */
    static void warnIfWeak(String password, String source) {
        if (password.length() < STRONG) {
            LOG.warn(
                    "The admin password in {} has fewer than {} characters, and may be guessed: take a longer one",
                    source,
                    STRONG);
        }
    }

    /**
     * {@return the password's source}
     *
     * @param properties the framework's properties by name; null for one that isn't set
     * @param environment the process's environment by name; null for what isn't set
     */
    static AdminPassword choose(UnaryOperator<String> properties, UnaryOperator<String> environment) {
        String file = properties.apply(FILE_PROPERTY);
        if (file != null && !file.isBlank()) {
            return read(Path.of(file), "Put the password in it, readable for the container; a restart isn't needed.");
        }
        String variable = environment.apply(VARIABLE);
        if (variable != null && !variable.isBlank()) {
            warnIfWeak(variable, VARIABLE);
            Optional<Secret> secret = Optional.of(Secret.of(variable));
            return () -> secret;
        }
        String data = properties.apply(DATA_PROPERTY);
        if (data == null || data.isBlank()) {
            LOG.error(
                    "Every admin login is refused: there is no password, and {} doesn't say where to keep a generated one."
                            + " Set {}.",
                    DATA_PROPERTY,
                    VARIABLE);
            return Optional::empty;
        }
        return generated(Path.of(data).resolve(GENERATED));
    }

    private static AdminPassword generated(Path file) {
        try {
            if (GeneratedPassword.ensure(file)) {
                LOG.info("Generated the admin password in {}", file);
            }
        } catch (IOException e) {
            LOG.error(
                    "The admin password could not be generated in {} ({}). Make the folder writable, or set {}.",
                    file,
                    e.toString(),
                    VARIABLE);
        }
        return read(
                file,
                "Put a password in it, readable for the container; or delete it and restart the container, which makes"
                        + " another one.");
    }

    private static AdminPassword read(Path file, String remedy) {
        PasswordFile password = new PasswordFile(file, remedy);
        // Once now, so that the log tells at the start what is wrong, and not at the first login.
        password.current();
        return password;
    }
}
