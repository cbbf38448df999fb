package dev.sluice.admin.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.admin.Fake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.stream.Stream;
import org.apache.felix.webconsole.spi.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class ConfigurationFilesTest {

    @TempDir
    Path conf;

    private static final String FILE = "felix.fileinstall.filename";

    private static Hashtable<String, Object> edited(Map<String, Object> before, Map<String, Object> form)
            throws Exception {
        Configuration[] found = {Fake.of(Configuration.class, Map.of("getProperties", none -> new Hashtable<>(before)))
        };
        ConfigurationAdmin configurations =
                Fake.of(ConfigurationAdmin.class, Map.of("listConfigurations", filter -> found));
        Hashtable<String, Object> props = new Hashtable<>(form);
        files(configurations).updateConfiguration(null, "some", props);
        return props;
    }

    private static ConfigurationFiles files(ConfigurationAdmin configurations) {
        return new ConfigurationFiles(
                configurations,
                Fake.of(
                        BundleContext.class,
                        Map.of("getProperty", name -> "sluice.port".equals(name[0]) ? "8080" : null)));
    }

    /** What is in force before an edit, from the file that is there now. */
    private Map<String, Object> inForce(Object... keysAndValues) {
        Map<String, Object> properties =
                new HashMap<>(Map.of(FILE, file().toUri().toString(), "service.pid", "some"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return properties;
    }

    private Path file() {
        return conf.resolve("some.cfg");
    }

    private void write(String... lines) throws IOException {
        Files.write(file(), List.of(lines));
    }

    @Test
    void anEditIsWrittenToTheFileAndItsCommentsStay() throws Exception {
        write("# why so", "limit = 1", "", "# where", "at = http://${sluice.port}/", "gone = x");
        edited(
                inForce("limit", "1", "at", "http://8080/", "gone", "x"),
                Map.of("limit", 7, "at", "http://8080/", "new", "y"));
        assertThat(Files.readAllLines(file()))
                .contains("# why so", "limit = 7", "# where", "at = http://${sluice.port}/", "new = y")
                .noneMatch(line -> line.startsWith("gone"));
        try (Stream<Path> files = Files.list(conf)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void typesAndSeveralValuesAreWrittenAsTheyAreRead() throws Exception {
        write("limit = I\"1\"", "hosts = [ \"a\", \"b\" ]");
        edited(inForce("limit", 1, "hosts", new String[] {"a", "b"}), Map.of("limit", 2, "hosts", new String[] {"c", "d"
        }));
        assertThat(Files.readString(file())).contains("I\"2\"").containsSubsequence("\"c\"", "\"d\"");
        edited(inForce("limit", 2, "hosts", List.of("c", "d")), Map.of("limit", 3, "hosts", new String[] {"c", "d"}));
        assertThat(Files.readString(file())).contains("I\"3\"").containsSubsequence("\"c\"", "\"d\"");
    }

    @Test
    void anEditOfTheFileThatIsNotTakenUpYetIsNotOverwritten() throws Exception {
        write("limit = 2");
        assertThatThrownBy(() -> edited(inForce("limit", "1"), Map.of("limit", "7")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("some.cfg")
                .hasMessageContaining("Load the page again");
        assertThat(Files.readAllLines(file())).containsExactly("limit = 2");
    }

    @Test
    void anEditIsRefusedIfItsFileCantBeWritten() throws Exception {
        write("limit = 1");
        // Where the new content would be written.
        Files.createDirectories(conf.resolve(".some.cfg.tmp/taken"));
        assertThatThrownBy(() -> edited(inForce("limit", "1"), Map.of("limit", "7")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("can't be written");
        assertThat(Files.readAllLines(file())).containsExactly("limit = 1");
    }

    /** The file, read as File Install reads it. */
    private void assertReadsBack(Map<String, Object> expected) throws IOException {
        Hashtable<String, Object> says = new Hashtable<>(expected);
        ConfigurationFile read =
                new ConfigurationFile(file(), Fake.of(BundleContext.class, Map.of("getProperty", name -> null)));
        assertThat(read.says(says)).as(Files.readString(file())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a${nope}b", "${", "back\\slash", "c:\\temp\\${x}", "trail  ", "# no comment", "a\nb", "a = b"})
    void aValueReadsBackAsItWasEdited(String value) throws Exception {
        write("limit = 1");
        edited(inForce("limit", "1"), Map.of("limit", value));
        assertReadsBack(Map.of("limit", value));
        // The next edit leaves it as it is.
        edited(inForce("limit", value), Map.of("limit", value, "other", "x"));
        assertReadsBack(Map.of("limit", value, "other", "x"));

        write("limit = I\"1\"", "name = \"n\"");
        edited(inForce("limit", 1, "name", "n"), Map.of("limit", 2, "name", value));
        assertReadsBack(Map.of("limit", 2, "name", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"  leading", "[1,2]"})
    void aValueThatTheFileCantKeepIsRefused(String value) throws Exception {
        write("# why", "limit = 1");
        assertThatThrownBy(() -> edited(inForce("limit", "1"), Map.of("limit", value)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContainingAll("some.cfg", "'limit'", "nothing was changed");
        assertThat(Files.readAllLines(file())).containsExactly("# why", "limit = 1");
    }

    private void writeLatin1() throws IOException {
        Files.write(file(), "# gr\u00fcn\nlimit = 1\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aFileThatIsNotInUtf8IsNotDamagedAndTheConsoleSaysWhy() throws Exception {
        writeLatin1();
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(() -> edited(inForce("limit", "1"), Map.of("limit", "7")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContainingAll("some.cfg", "UTF-8");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void aFileThatIsNotInUtf8CanBeDeleted() throws Exception {
        writeLatin1();
        delete();
        assertThat(file()).doesNotExist();
    }

    private void delete() throws Exception {
        Configuration[] found = {
            Fake.of(Configuration.class, Map.of("getProperties", none -> new Hashtable<>(inForce("limit", "1"))))
        };
        files(Fake.of(ConfigurationAdmin.class, Map.of("listConfigurations", filter -> found)))
                .deleteConfiguration(null, "some");
    }

    @Test
    void aConfigurationThatIsDeletedTakesItsFileAlong() throws Exception {
        write("limit = 1");
        delete();
        assertThat(file()).doesNotExist();
    }

    @Test
    void aFileWithAnEditThatIsNotTakenUpYetIsNotDeleted() throws Exception {
        write("limit = 2");
        Configuration[] found = {
            Fake.of(Configuration.class, Map.of("getProperties", none -> new Hashtable<>(inForce("limit", "1"))))
        };
        ConfigurationFiles files =
                files(Fake.of(ConfigurationAdmin.class, Map.of("listConfigurations", filter -> found)));
        assertThatThrownBy(() -> files.deleteConfiguration(null, "some"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Load the page again");
        assertThat(Files.readAllLines(file())).containsExactly("limit = 2");
    }

    /** The new content takes the place of the old: a file that is written over can be read, or left, half. */
    @Test
    void whoeverReadsTheFileMeanwhileReadsTheOldContentWhole() throws Exception {
        assumeThat(file().getFileSystem().supportedFileAttributeViews()).contains("posix");
        write("limit = 1");
        try (InputStream reading = Files.newInputStream(file())) {
            edited(inForce("limit", "1"), Map.of("limit", "7"));
            assertThat(new String(reading.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualToIgnoringNewLines("limit = 1");
        }
        assertThat(Files.readAllLines(file())).containsExactly("limit = 7");
    }

    @Test
    void aLinkStaysOneAndTheFileThatItLeadsToIsWritten() throws Exception {
        assumeThat(file().getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path target = Files.createDirectory(conf.resolve("elsewhere")).resolve("some.cfg");
        Files.write(target, List.of("limit = 1"));
        Files.createSymbolicLink(file(), target);
        edited(inForce("limit", "1"), Map.of("limit", "7"));
        assertThat(file()).isSymbolicLink();
        assertThat(Files.readAllLines(target)).containsExactly("limit = 7");
    }

    @Test
    void permissionsOfTheFileStay() throws Exception {
        assumeThat(file().getFileSystem().supportedFileAttributeViews()).contains("posix");
        write("limit = 1");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-r--"));
        edited(inForce("limit", "1"), Map.of("limit", "7"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-rw-r--");
    }

    @Test
    void theFileIsNeitherShownNorDropped() {
        List<String> names = new ArrayList<>(List.of("a", FILE));
        files(Fake.of(ConfigurationAdmin.class, Map.of())).filterProperties(null, "some", names);
        assertThat(names).containsExactly("a");
    }

    @Test
    void aPlainFileStaysPlain() throws Exception {
        assertThat(edited(
                        Map.of(FILE, "file:/conf/some.cfg", "limit", "1", "service.pid", "some"),
                        Map.of("limit", 7, "on", true, "hosts", new String[] {"a"}, "none", new String[0])))
                .isEqualTo(Map.of("limit", "7", "on", "true", "hosts", "a"));
    }

    @Test
    void severalValuesAreNotMadeOne() throws Exception {
        Vector<Object> several = new Vector<>(List.of("a", "b"));
        assertThat(edited(Map.of(FILE, "file:/conf/some.cfg"), Map.of("hosts", several)))
                .isEqualTo(Map.of("hosts", several));
    }

    @Test
    void aFileWithTypesAndAConfigurationWithoutFileKeepTheirTypes() throws Exception {
        assertThat(edited(Map.of(FILE, "file:/conf/some.cfg", "limit", 1), Map.of("limit", 7)))
                .isEqualTo(Map.of("limit", 7));
        assertThat(edited(Map.of("limit", "1"), Map.of("limit", 7))).isEqualTo(Map.of("limit", 7));
    }

    @Test
    void noFormChoosesTheFile() throws Exception {
        assertThat(edited(Map.of("a", "1"), Map.of("a", "2", FILE, "file:/conf/dev.sluice.container.cfg")))
                .isEqualTo(Map.of("a", "2"));
    }
}
