package dev.sluice.admin.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordsTest {

    @TempDir
    Path folder;

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    private AdminPassword choose() {
        properties.put("sluice.data.dir", folder.resolve("data").toString());
        return Passwords.choose(properties::get, environment::get);
    }

    private static boolean accepts(AdminPassword password, String text) {
        return password.current().filter(Secret.of(text)::matches).isPresent();
    }

    private Path file(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), content);
        properties.put("sluice.admin.password.file", file.toString());
        return file;
    }

    private static void touch(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }

    @Test
    void theFileGoesBeforeTheEnvironmentAndTheEnvironmentBeforeAGeneratedOne() throws IOException {
        environment.put("SLUICE_ADMIN_PASSWORD", "from-environment");
        assertThat(accepts(choose(), "from-environment")).isTrue();
        assertThat(folder.resolve("data")).doesNotExist();
        file("from-file\n");
        assertThat(accepts(choose(), "from-file")).isTrue();
        assertThat(accepts(choose(), "from-environment")).isFalse();
    }

    @Test
    void withoutAnythingOneIsGeneratedAndKept() throws IOException {
        AdminPassword password = choose();
        Path generated = folder.resolve("data/admin-password");
        String text = Files.readString(generated).strip();
        assertThat(text).hasSizeGreaterThanOrEqualTo(22);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(generated)))
                .isEqualTo("rw-------");
        assertThat(accepts(password, text)).isTrue();
        assertThat(accepts(choose(), text)).as("at the next start").isTrue();
        try (var files = Files.list(generated.getParent())) {
            assertThat(files).containsExactly(generated);
        }
    }

    @Test
    void twoHomesGetTwoPasswords() throws IOException {
        GeneratedPassword.ensure(folder.resolve("a"));
        GeneratedPassword.ensure(folder.resolve("b"));
        assertThat(Files.readString(folder.resolve("a"))).isNotEqualTo(Files.readString(folder.resolve("b")));
    }

    @Test
    void aBadFileClosesTheAdminAndNothingElseIsAcceptedInstead() throws IOException {
        environment.put("SLUICE_ADMIN_PASSWORD", "from-environment");
        for (String content : new String[] {"", "\n", "   \n", "x".repeat(5000)}) {
            file(content);
            assertThat(choose().current()).isEmpty();
        }
        Files.delete(folder.resolve("password"));
        assertThat(choose().current()).isEmpty();
        Files.createDirectory(folder.resolve("password"));
        assertThat(choose().current()).isEmpty();
        assertThat(folder.resolve("data"))
                .as("no password is generated instead")
                .doesNotExist();
    }

    @Test
    void aChangedFileCountsAtOnce() throws IOException {
        Path file = file("first");
        AdminPassword password = choose();
        assertThat(accepts(password, "first")).isTrue();
        Files.writeString(file, "other");
        touch(file, 5);
        assertThat(accepts(password, "other")).isTrue();
        assertThat(accepts(password, "first")).isFalse();
    }

    @Test
    void aFileThatGoesBadClosesTheAdminUntilItIsGoodAgain() throws IOException {
        Path file = file("first");
        AdminPassword password = choose();
        Files.writeString(file, "");
        assertThat(password.current()).isEmpty();
        Files.delete(file);
        assertThat(password.current()).isEmpty();
        Files.writeString(file, "first");
        assertThat(accepts(password, "first")).isTrue();
    }

    @Test
    void onlyTheLastLinesEndIsNotPartOfThePassword() throws IOException {
        file(" p w \r\n");
        assertThat(accepts(choose(), " p w ")).isTrue();
        assertThat(accepts(choose(), "p w")).isFalse();
    }

    @Test
    void aSecretDoesNotShowItself() {
        assertThat(Secret.of("tell-me").toString()).doesNotContain("tell-me");
    }

    @Test
    void aWeakPasswordIsSaidAndHowToMendAFileThatIsGone() throws IOException {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(new SimpleFormatter().formatMessage(record));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(Passwords.class.getPackageName());
        logger.addHandler(handler);
        try {
            environment.put("SLUICE_ADMIN_PASSWORD", "changeme");
            choose();
            assertThat(logged)
                    .singleElement()
                    .asString()
                    .contains("SLUICE_ADMIN_PASSWORD", "12")
                    .doesNotContain("changeme");
            logged.clear();
            Path file = file("short\n");
            AdminPassword password = choose();
            assertThat(logged).singleElement().asString().contains(file.toString(), "12");
            Files.delete(file);
            password.current();
            assertThat(logged).last().asString().contains("there is no such file", "Put the password in it");
            logged.clear();
            properties.remove("sluice.admin.password.file");
            environment.clear();
            AdminPassword generated = choose();
            Files.delete(folder.resolve("data/admin-password"));
            generated.current();
            assertThat(logged)
                    .last()
                    .asString()
                    .contains("there is no such file", "restart the container, which makes");
        } finally {
            logger.removeHandler(handler);
        }
    }
}
