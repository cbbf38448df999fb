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

    private Passwords() {}

    /**
     * {@return the password's source}
     *
     * @param properties the framework's properties by name; null for one that isn't set
     * @param environment the process's environment by name; null for what isn't set
     */
    static AdminPassword choose(UnaryOperator<String> properties, UnaryOperator<String> environment) {
        String file = properties.apply(FILE_PROPERTY);
        if (file != null && !file.isBlank()) {
            return read(Path.of(file));
        }
        String variable = environment.apply(VARIABLE);
        if (variable != null && !variable.isBlank()) {
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
        return read(file);
    }

    private static AdminPassword read(Path file) {
        PasswordFile password = new PasswordFile(file);
        // Once now, so that the log tells at the start what is wrong, and not at the first login.
        password.current();
        return password;
    }
}
