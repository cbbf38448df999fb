package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution, unpacked into a folder with a space in its name, and started by {@code bin/sluice}. */
@Tag("process")
class DistributionIT {

    private static final Duration TRAINING = Duration.ofMinutes(4);

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @TempDir
    static Path unpacked;

    /** Class data that {@code bin/sluice --prepare} made; each test gets a copy, as some break it. */
    private static Path prepared;

    private static Path install;

    @TempDir
    Path folder;

    @BeforeAll
    static void unpack() throws Exception {
        Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path spaces = Files.createDirectory(unpacked.resolve("with spaces"));
        run("tar", "xzf", Shipped.distribution(".tar.gz").toString(), "-C", spaces.toString());
        install = only(spaces);
        prepared = safe(unpacked.resolve("prepared"));
        ProcessBuilder prepare = new ProcessBuilder(script().toString(), "--prepare");
        prepare.environment().keySet().removeIf(name -> name.startsWith("SLUICE_") || name.startsWith("JAVA_"));
        prepare.environment().put("JAVA_HOME", Shipped.javaHome().toString());
        prepare.environment().put("SLUICE_CLASS_DATA_DIR", prepared.toString());
        run(prepare);
        assertThat(only(prepared)).isRegularFile();
    }

    @AfterAll
    static void nothingIsWrittenIntoTheInstallation() throws IOException {
        assertThat(names(install.resolve("lib"))).containsExactly("sluice.jar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "busybox sh", "bash"})
    void aStartUsesWhatWasPreparedAnswersAndEndsWithZero(String shell) throws IOException {
        assumeThat(Stream.of("/bin/", "/usr/bin/").anyMatch(bin -> Files.exists(Path.of(bin + shell.split(" ")[0]))))
                .isTrue();

        SluiceProcess sluice =
                sluices.start(with(copied()).by(shell.split(" ")).args("--shutdown-delay", "1ms"));

        assertThat(usesClassData()).isTrue();
        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
        assertThat(sluice.terminate()).isZero();
        assertThat(sluice.log()).doesNotContain("[warning]", "has no effect");
    }

    @Tag("one-java")
    @Test
    void aLinkToTheScriptServes() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path first = Files.createSymbolicLink(bin.resolve("first"), script());
        Path link = Files.createSymbolicLink(folder.resolve("a link"), folder.relativize(first));

        sluices.start(with(copied()).script(link));

        assertThat(usesClassData()).isTrue();
    }

    /** Without these guards the JVM of 17 crashes on what is cut off, and both on what is written over. */
    @ParameterizedTest
    @ValueSource(strings = {"cut off", "written over", "empty", "something else"})
    void damagedClassDataIsLeftAlone(String how) throws IOException {
        Path data = only(copied());
        long size = Files.size(data);
        try (FileChannel file = FileChannel.open(data, StandardOpenOption.WRITE)) {
            switch (how) {
                case "cut off" -> file.truncate(size / 2);
                case "written over" -> file.write(java.nio.ByteBuffer.wrap(new byte[(int) size / 2]), size / 4);
                case "empty" -> file.truncate(0);
                default -> {
                    file.truncate(0);
                    file.write(java.nio.ByteBuffer.wrap("no class data".getBytes()));
                }
            }
        }

        assertStartsWithout(with(data.getParent()));
    }

    @Tag("one-java")
    @ParameterizedTest
    @ValueSource(strings = {"file rw-rw-r--", "file rw-r--rw-", "folder rwxrwxr-x", "folder rwxrwxrwx"})
    void whatOthersCanWriteIsNotTrusted(String what) throws IOException {
        Path data = only(copied());
        Files.setPosixFilePermissions(
                what.startsWith("file") ? data : data.getParent(),
                PosixFilePermissions.fromString(what.split(" ")[1]));

        assertStartsWithout(with(data.getParent()));
    }

    /** All that a distribution unpacks has one time, so the JVM's own check takes such a JAR for the one that it knows. */
    @Test
    void aJarOfOtherBytesButTheSameLengthAndTimeGetsNoClassDataOfTheFirst() throws IOException {
        Path jar = install.resolve("lib/sluice.jar");
        FileTime time = Files.getLastModifiedTime(jar);
        byte[] original = Files.readAllBytes(jar);
        byte[] other = original.clone();
        int entry = other.length - 1;
        while (other[entry] != 'P' || other[entry + 1] != 'K' || other[entry + 2] != 1 || other[entry + 3] != 2) {
            entry--;
        }
        other[entry + 12] ^= 2; // the time of the last entry in the directory
        try {
            Files.write(jar, other);
            Files.setLastModifiedTime(jar, time);
            assertStartsWithout(with(copied()));
        } finally {
            Files.write(jar, original);
            Files.setLastModifiedTime(jar, time);
        }
    }

    /** JDK 25 doesn't start with some of them beside its cache. */
    @ParameterizedTest
    @ValueSource(strings = {"-Xshare:auto", "-Xshare:off", "-XX:+UseZGC", "-XX:-UseCompressedOops"})
    void wordsThatClassDataDoesNotGoWithAreTheUsers(String word) throws IOException {
        assertStartsWithout(with(copied()).jvm(word));
    }

    @Tag("one-java")
    @Test
    void noneIsUsedWhereItIsSwitchedOff() throws IOException {
        assertStartsWithout(with(copied()).env("SLUICE_CLASS_DATA", "off"));
    }

    @Test
    void whatRunsForAWhileMakesClassDataBesideAndTheNextStartUsesIt() throws IOException {
        Path empty = safe(folder.resolve("data"));
        Path left = Files.createDirectory(empty.resolve("making.99999999.aot"));
        SluiceProcess first = sluices.start(
                with(empty).env("SLUICE_CLASS_DATA", "make").env("SLUICE_CLASS_DATA_AFTER", "0"));
        assertThat(usesClassData()).isFalse();

        Await.until(TRAINING, () -> assertThat(names(empty))
                .as("what a killed one left is gone, too")
                .singleElement()
                .asString()
                .doesNotStartWith("making"));
        assertThat(left).doesNotExist();
        assertThat(Answers.get(first, "/").statusCode()).isEqualTo(404);
        assertThat(first.terminate()).isZero();
        assertThat(first.log()).doesNotContain("training", "[warning]");

        sluices.start(with(empty));
        assertThat(usesClassData()).isTrue();
    }

    @Tag("one-java")
    @Test
    void aFolderThatCannotBeWrittenKeepsNothingFromStarting() throws IOException {
        assertStartsWithout(with(Path.of("/proc/sluice-itests"))
                .env("SLUICE_CLASS_DATA", "make")
                .env("SLUICE_CLASS_DATA_AFTER", "0"));
    }

    @Tag("one-java")
    @Test
    void anotherUserRunsWhatRootHasInstalledAndUsesWhatRootHasPrepared() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Home home = new Home(folder.resolve("home"));
        home.publishWhole();
        run("chown", "-R", "65534:65534", home.path().toString());

        SluiceProcess sluice = sluices.start(with(SluiceProcess.on(home), copied())
                .by("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

        assertThat(usesClassData()).isTrue();
        assertThat(sluice.terminate()).isZero();
    }

    @Tag("one-java")
    @Test
    void anExitCodeArrivesAndSoDoesTheReason() throws IOException {
        Path data = copied();
        SluiceProcess wrong = sluices.launch(with(data).args("--prot=1"));
        assertThat(wrong.awaitExit()).isEqualTo(2);

        SluiceProcess homeless = sluices.launch(with(data).env("JAVA_HOME", "/nowhere"));
        assertThat(homeless.awaitExit()).isEqualTo(1);
        assertThat(homeless.stderr()).singleElement().asString().contains("JAVA_HOME", "/nowhere");
    }

    @Tag("one-java")
    @Test
    void javaOfThePathServes() throws IOException {
        String path = Shipped.javaHome().resolve("bin") + ":" + System.getenv("PATH");

        sluices.start(with(copied()).env("JAVA_HOME", "").env("PATH", path));

        assertThat(usesClassData()).isTrue();
    }

    private void assertStartsWithout(SluiceProcess.Builder builder) throws IOException {
        SluiceProcess sluice = sluices.start(builder);

        assertThat(usesClassData()).isFalse();
        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
        assertThat(sluice.terminate()).isZero();
    }

    private SluiceProcess.Builder with(Path data) {
        return with(SluiceProcess.on(sluices.home()), data);
    }

    /** The JVM writes down where each class comes from. */
    private SluiceProcess.Builder with(SluiceProcess.Builder builder, Path data) {
        return builder.script(script())
                .env("SLUICE_CLASS_DATA_DIR", data.toString())
                .jvm("-Xlog:class+load:file=" + folder.resolve("classes"));
    }

    /** By the framework's classes: the JDK's own come from an archive always, and some of the launcher's never do on JDK 17. */
    private boolean usesClassData() throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("classes"))) {
            List<String> framework = lines.filter(line -> line.contains(" org.apache.felix.framework."))
                    .toList();
            assertThat(framework).as("where the framework comes from").isNotEmpty();
            return framework.stream().anyMatch(line -> line.contains("shared objects file"));
        }
    }

    private Path copied() throws IOException {
        Path copies = safe(folder.resolve("data"));
        Path data = only(prepared);
        Path copy = Files.copy(data, copies.resolve(data.getFileName()));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        return copies;
    }

    private static Path safe(Path path) throws IOException {
        Files.createDirectory(path);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path script() {
        return install.resolve("bin/sluice");
    }

    private static Path only(Path path) throws IOException {
        List<String> names = names(path);
        assertThat(names).hasSize(1);
        return path.resolve(names.get(0));
    }

    private static List<String> names(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void run(String... command) throws Exception {
        run(new ProcessBuilder(command));
    }

    private static void run(ProcessBuilder builder) throws Exception {
        Process process = builder.inheritIO().start();
        assertThat(process.waitFor(TRAINING.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
