package dev.sluice.itests.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The distribution, unpacked and started by {@code bin/sluice}. Where only the script's choice matters, the container is asked
 * for its version: a JVM that uses class data has classes from there then, too.
 */
@Tag("process")
class DistributionIT {

    /** A training is a start, some requests and a stop, on a machine that may be busy with others. */
    private static final Duration TRAINING = Duration.ofMinutes(8);

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @TempDir
    static Path unpacked;

    private static Path install;

    /** Class data that {@code bin/sluice --prepare} made; each test gets a copy, as some break it. */
    private static Path prepared;

    @TempDir
    Path folder;

    @BeforeAll
    static void unpack() throws Exception {
        Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
        // JDK 17 writes down nothing of a JAR in such a folder.
        Path into = Files.createDirectory(unpacked.resolve(Shipped.javaFeature() < 25 ? "plain" : "with spaces"));
        assertThat(run(List.of("tar", "xzf", Shipped.distribution(".tar.gz").toString(), "-C", into.toString())))
                .isZero();
        install = only(into);
        prepared = unpacked.resolve("prepared");
        assertThat(prepare(prepared, "exec \"$@\"")).isZero();
        assertThat(only(prepared)).isRegularFile();
    }

    @AfterAll
    static void nothingIsWrittenIntoTheInstallation() throws IOException {
        assertThat(names(install.resolve("lib"))).containsExactly("sluice.jar");
    }

    @Test
    void aStartUsesWhatWasPreparedAnswersAndEndsWithZero() throws IOException {
        SluiceProcess sluice = sluices.start(with(copied()));

        assertThat(fromClassData("org.apache.felix.framework.")).isNotEmpty();
        if (Shipped.javaFeature() >= 25) {
            assertThat(fromClassData("org.eclipse.jetty."))
                    .as("of a bundle's loader")
                    .isNotEmpty();
        }
        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
        assertThat(sluice.terminate()).isZero();
        assertThat(sluice.log()).doesNotContain("[warning]", "has no effect");
    }

    @Tag("one-java")
    @ParameterizedTest
    @ValueSource(strings = {"bash", "busybox sh"})
    void otherShellsRunItToo(String shell) throws IOException {
        String[] command = shell.split(" ");
        assumeThat(Path.of("/bin", command[0])).exists();

        assertThat(versionUsesClassData(with(copied()).by(command))).isTrue();
    }

    @Tag("one-java")
    @Test
    void aLinkToALinkToTheScriptServes() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path first = Files.createSymbolicLink(bin.resolve("first"), script());
        Path link = Files.createSymbolicLink(folder.resolve("a link"), folder.relativize(first));

        assertThat(versionUsesClassData(with(copied()).script(link))).isTrue();
    }

    @Test
    void aFolderWithASpaceInItsNameServes() throws Exception {
        Path copy = Files.createDirectories(folder.resolve("a folder"));
        assertThat(run(List.of("cp", "-R", install.toString(), copy.toString())))
                .isZero();

        SluiceProcess sluice = sluices.start(with(copied()).script(only(copy).resolve("bin/sluice")));

        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
        assertThat(sluice.terminate()).isZero();
    }

    /** Without these guards JDK 17 crashes on what is cut off, and both on what is written over. */
    @ParameterizedTest
    @ValueSource(strings = {"cut off", "written over", "empty", "not whole, by its name"})
    void damagedClassDataIsLeftAlone(String how) throws IOException {
        Path data = only(copied());
        byte[] bytes = Files.readAllBytes(data);
        int half = bytes.length / 2;
        switch (how) {
            case "cut off" -> Files.write(data, Arrays.copyOf(bytes, half));
            case "written over" -> {
                Arrays.fill(bytes, half / 2, half, (byte) 0);
                Files.write(data, bytes);
            }
            case "empty" -> Files.write(data, new byte[0]);
            default -> Files.move(data, data.resolveSibling("making.1.data"));
        }

        assertThat(versionUsesClassData(with(data.getParent()))).isFalse();
    }

    /** As that of another JVM is, or one that was made with other options: it is whole, and the JVM doesn't take it. */
    @Test
    void whatTheJvmRefusesItDoesWithoutAndSaysNothing() throws IOException {
        Path data = only(copied());
        byte[] bytes = Files.readAllBytes(data);
        bytes[0] ^= 1;
        Files.write(data, bytes);
        Files.move(data, data.resolveSibling(named(data)));

        SluiceProcess version = sluices.launch(with(data.getParent()).args("--version"));

        assertThat(version.awaitExit()).isZero();
        assertThat(fromClassData("")).isEmpty();
        assertThat(version.stdout()).singleElement().asString().startsWith("Sluice ");
        assertThat(version.stderr()).isEmpty();
    }

    @Tag("one-java")
    @ParameterizedTest
    @ValueSource(strings = {"file rw-rw-r--", "file rw-r--rw-", "folder rwxrwxr-x", "folder rwxrwxrwx"})
    void whatOthersCanWriteIsNotTrusted(String what) throws IOException {
        Path data = only(copied());
        Files.setPosixFilePermissions(
                what.startsWith("file") ? data : data.getParent(), PosixFilePermissions.fromString(what.split(" ")[1]));

        assertThat(versionUsesClassData(with(data.getParent()))).isFalse();
    }

    @Tag("one-java")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnotherUserOwnsIsNotTrusted(boolean file) throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Path data = only(copied());
        assertThat(run(List.of("chown", "65534", (file ? data : data.getParent()).toString())))
                .isZero();

        assertThat(versionUsesClassData(with(data.getParent()))).isFalse();
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
            assertThat(versionUsesClassData(with(copied()))).isFalse();
        } finally {
            Files.write(jar, original);
            Files.setLastModifiedTime(jar, time);
        }
    }

    /** JDK 25 doesn't start with the first of them beside its cache. */
    @ParameterizedTest
    @ValueSource(strings = {"-Xshare:auto", "-Xmx40g", "-XX:+UseZGC"})
    void optionsThatClassDataDoesNotGoWithAreTheUsers(String option) throws IOException {
        assertThat(versionUsesClassData(with(copied()).jvm(option))).isFalse();
    }

    @Tag("one-java")
    @Test
    void noneIsUsedWhereItIsSwitchedOff() throws IOException {
        assertThat(versionUsesClassData(with(copied()).env("SLUICE_CLASS_DATA", "off")))
                .isFalse();
    }

    @Test
    void whatRunsForAWhileMakesClassDataBesideAndTheNextStartUsesIt() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("data"));
        Path left = Files.createDirectories(empty.resolve("making.99999999/home"));
        SluiceProcess first = sluices.start(soon(empty));
        SluiceProcess second = sluices.start(soon(empty));

        Await.until(
                TRAINING,
                () -> assertThat(names(empty)).singleElement().asString().endsWith(".data"));
        assertThat(left).as("what a killed one left").doesNotExist();
        assertThat(first.terminate()).isZero();
        assertThat(second.terminate()).isZero();
        assertThat(first.log()).doesNotContain("training", "[warning]");
        assertThat(versionUsesClassData(with(empty))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsMadeBesideEndsWithTheContainer(boolean killed) throws IOException {
        Path empty = Files.createDirectory(folder.resolve("data"));
        SluiceProcess sluice = sluices.start(soon(empty));
        Await.until(() -> assertThat(running(empty)).isNotEmpty());

        if (killed) {
            sluice.kill9();
        } else {
            assertThat(sluice.terminate()).isZero();
        }

        Await.until(() -> assertThat(running(empty)).isEmpty());
        Await.until(() -> assertThat(names(empty)).isEmpty());
    }

    @Test
    void ofWhatIsKilledWhileItIsMadeNothingIsUsed() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("data"));
        SluiceProcess sluice = sluices.start(soon(empty));
        Await.until(() -> assertThat(running(empty)).isNotEmpty());
        ProcessHandle training = running(empty).get(0);
        training.parent().orElseThrow().destroyForcibly();
        training.destroyForcibly();

        assertThat(versionUsesClassData(with(empty))).isFalse();
        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
        assertThat(names(empty)).allMatch(name -> name.startsWith("making."));
    }

    /** A limit to the length of files is to who writes one as a full disk is. */
    @Test
    void aFullDiskLeavesNothing() throws Exception {
        Path empty = folder.resolve("data");

        assertThat(prepare(empty, "ulimit -f 24000; exec \"$@\"")).isEqualTo(1);

        assertThat(names(empty)).isEmpty();
    }

    @Tag("one-java")
    @Test
    void aFolderThatCannotBeWrittenKeepsNothingFromStarting() throws Exception {
        Path nowhere = Path.of("/proc/sluice-itests");

        assertThat(versionUsesClassData(soon(nowhere))).isFalse();
        assertThat(prepare(nowhere, "exec \"$@\"")).isEqualTo(1);
    }

    @Tag("one-java")
    @Test
    void anotherUserRunsWhatHeCannotWriteAndUsesWhatRootHasPrepared() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Home home = new Home(folder.resolve("home"));
        home.publishWhole();
        assertThat(run(List.of("chown", "-R", "65534:65534", home.path().toString())))
                .isZero();

        SluiceProcess sluice = sluices.start(with(SluiceProcess.on(home), copied())
                .by("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

        assertThat(fromClassData("org.apache.felix.framework.")).isNotEmpty();
        assertThat(sluice.terminate()).isZero();
    }

    @Tag("one-java")
    @Test
    void anExitCodeArrivesAndSoDoesTheReason() throws IOException {
        SluiceProcess wrong = sluices.launch(with(prepared).args("--prot=1"));
        assertThat(wrong.awaitExit()).isEqualTo(2);

        SluiceProcess homeless = sluices.launch(with(prepared).env("JAVA_HOME", "/nowhere"));
        assertThat(homeless.awaitExit()).isEqualTo(1);
        assertThat(homeless.stderr()).singleElement().asString().contains("JAVA_HOME", "/nowhere");
    }

    @Tag("one-java")
    @Test
    void javaOfThePathServes() throws IOException {
        String path = Shipped.javaHome().resolve("bin") + ":" + System.getenv("PATH");

        assertThat(versionUsesClassData(with(prepared).env("JAVA_HOME", "").env("PATH", path)))
                .isTrue();
    }

    @Tag("one-java")
    @Test
    void bothArchivesHoldTheSame() throws Exception {
        Path other = Files.createDirectory(folder.resolve("zip"));
        try (ZipFile zip = new ZipFile(Shipped.distribution(".zip").toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path path = other.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(zip.getInputStream(entry), path);
                }
            }
        }

        assertThat(run(List.of("diff", "-r", install.toString(), only(other).toString())))
                .isZero();
        assertThat(names(install))
                .containsExactly("CHANGELOG.md", "LICENSE", "NOTICE", "README.md", "bin", "docs", "lib", "systemd");
        assertThat(script()).isExecutable();
    }

    private boolean versionUsesClassData(SluiceProcess.Builder builder) throws IOException {
        SluiceProcess version = sluices.launch(builder.args("--version"));
        assertThat(version.awaitExit()).isZero();
        assertThat(version.stdout()).singleElement().asString().startsWith("Sluice ");
        return !fromClassData("").isEmpty();
    }

    private SluiceProcess.Builder with(Path data) {
        return with(SluiceProcess.on(sluices.home()), data);
    }

    private SluiceProcess.Builder soon(Path data) {
        return with(data).env("SLUICE_CLASS_DATA_AFTER", "0");
    }

    /** The JVM writes down where each class comes from. */
    private SluiceProcess.Builder with(SluiceProcess.Builder builder, Path data) {
        return builder.script(script())
                .env("SLUICE_CLASS_DATA", data.toString())
                .jvm("-Xlog:class+load:file=" + folder.resolve("classes"));
    }

    /** Of our own and the framework's; those of the JDK come from an archive always. */
    private List<String> fromClassData(String prefix) throws IOException {
        Predicate<String> ours = line -> Stream.of("dev.sluice.", "org.apache.felix.", "org.eclipse.jetty.", "picocli.")
                .anyMatch(name -> line.contains(" " + name));
        try (Stream<String> lines = Files.lines(folder.resolve("classes"))) {
            List<String> classes = lines.filter(ours).toList();
            assertThat(classes).as("classes of the container").isNotEmpty();
            return classes.stream()
                    .filter(line -> line.contains(" " + prefix) && line.contains("shared objects file"))
                    .toList();
        }
    }

    private Path copied() throws IOException {
        Path copies = Files.createDirectory(folder.resolve("data"));
        Path data = only(prepared);
        Files.setPosixFilePermissions(copies, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(data, copies.resolve(data.getFileName()));
        return copies;
    }

    /** The name that the script gives class data of that content: with its checksum, that of POSIX, at the end. */
    private static String named(Path data) throws IOException {
        Process cksum = new ProcessBuilder("cksum").redirectInput(data.toFile()).start();
        String sum = new String(cksum.getInputStream().readAllBytes(), UTF_8).strip();
        String[] parts = data.getFileName().toString().split("-");
        return parts[0] + "-" + parts[1] + "-" + sum.replace(' ', '-') + ".data";
    }

    private static Path script() {
        return install.resolve("bin/sluice");
    }

    /** The JVMs that were given a file in the folder. */
    private static List<ProcessHandle> running(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(folder + "/making."))
                .toList();
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

    /** Runs {@code bin/sluice --prepare}, from a shell that first does something else. */
    private static int prepare(Path data, String shell) throws Exception {
        ProcessBuilder prepare = new ProcessBuilder("sh", "-c", shell, "sh", script().toString(), "--prepare");
        prepare.environment().keySet().removeIf(name -> name.startsWith("SLUICE_") || name.contains("JAVA_"));
        prepare.environment().put("JAVA_HOME", Shipped.javaHome().toString());
        prepare.environment().put("JAVA_OPTS", "-Xmx256m");
        prepare.environment().put("SLUICE_CLASS_DATA", data.toString());
        return run(prepare);
    }

    private static int run(List<String> command) throws Exception {
        return run(new ProcessBuilder(command));
    }

    private static int run(ProcessBuilder builder) throws Exception {
        Process process = builder.inheritIO().start();
        try {
            assertThat(process.waitFor(TRAINING.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }
}
