package dev.sluice.admin.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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
}
