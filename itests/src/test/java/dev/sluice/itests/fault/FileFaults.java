package dev.sluice.itests.fault;

import static dev.sluice.itests.fault.Stage.FILE;
import static dev.sluice.itests.fault.Stage.PAIR_FILE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fault.Catalogue.Row;
import dev.sluice.itests.fixture.Spoiled;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Soak;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** What is copied into the deploy folder, and how: content that is none, and files that behave oddly. */
final class FileFaults {

    static final String FAMILY = "files";

    private static final String DENIER_FILE = "denier.jar";
    private static final int MANY = 500;
    private static final Duration GROWING = Duration.ofSeconds(10);
    private static final long TERABYTE = 1L << 40;

    private static final List<String> NAMES = List.of(
            "with space (1).jar",
            "grüße-日本-😀.jar",
            "$HOME;`id`&|<>'\"*?.jar",
            "-rf.jar",
            "line\nbreak\ttab.jar",
            "100%25.jar",
            "UPPER.JAR");

    private FileFaults() {}

    static List<Row> rows() {
        return List.of(
                Row.atOnce(
                        "content that never gets complete", truncated(), empty(), corrupt(), halfGarbage(), growing()),
                Row.of(spoiled("garbage", any -> random(5_000), "ZIP")),
                Row.of(spoiled("a text file", any -> "hello".repeat(200).getBytes(UTF_8), "ZIP")),
                Row.of(spoiled("a renamed PNG", any -> png(), "ZIP")),
                Row.of(spoiled("an encrypted JAR", Spoiled::encrypted, "encrypted")),
                Row.of(spoiled("a ZIP bomb", jar -> Spoiled.bomb(jar, 50), "zeros")),
                Row.of(spoiled(
                        "a path that climbs out", jar -> Spoiled.withEntry(jar, "../../up", new byte[1]), "../up")),
                Row.of(huge()),
                Row.of(twiceInFiftyMillis()),
                Row.of(neverAtRest()),
                Row.of(fleeting()),
                Row.of(many()),
                Row.of(links()),
                Row.of(names()),
                Row.of(tooLongName()),
                Row.of(sameTimeAndSize()),
                Row.of(timeGoesBack()),
                Row.of(pipe()),
                Row.of(markersAreDeleted()));
    }

    /** Spoiled content copied over the file of what runs. */
    private static Fault spoiled(String name, UnaryOperator<byte[]> spoil, String... words) {
        return fault(name)
                .strikes(stage -> stage.home().copy(spoil.apply(stage.pair()), PAIR_FILE))
                .seen(stage -> stage.awaitFailed(PAIR_FILE, words))
                .mended(stage -> stage.home().copy(stage.pair(), PAIR_FILE));
    }

    private static Fault truncated() {
        return fault("a truncated JAR over one that runs")
                .strikes(
                        stage -> stage.home().copy(Arrays.copyOf(stage.pair(), stage.pair().length * 2 / 3), PAIR_FILE))
                .seen(stage -> stage.awaitIncomplete(PAIR_FILE))
                .mended(stage -> stage.home().copy(stage.pair(), PAIR_FILE));
    }

    private static Fault empty() {
        return fault("an empty file")
                .strikes(stage -> stage.home().copy(new byte[0], "empty.jar"))
                .seen(stage -> stage.awaitIncomplete("empty.jar"))
                .mended(stage -> stage.home().remove("empty.jar"));
    }

    private static Fault corrupt() {
        return fault("the right size with corrupt bytes, over the denier")
                .strikes(stage -> {
                    byte[] jar = stage.denier();
                    for (int i = jar.length / 3; i < jar.length / 3 + 16; i++) {
                        jar[i] ^= 0x55;
                    }
                    stage.home().copy(jar, DENIER_FILE);
                })
                .seen(stage -> stage.awaitIncomplete(DENIER_FILE))
                .mended(stage -> stage.home().copy(stage.denier(), DENIER_FILE));
    }

    private static Fault halfGarbage() {
        return fault("garbage that begins as a ZIP does")
                .strikes(stage -> {
                    byte[] bytes = random(5_000);
                    System.arraycopy(new byte[] {'P', 'K', 3, 4}, 0, bytes, 0, 4);
                    stage.home().copy(bytes, "garbage.jar");
                })
                .seen(stage -> stage.awaitIncomplete("garbage.jar"))
                .mended(stage -> stage.home().remove("garbage.jar"));
    }

    private static Fault growing() {
        return fault("a JAR that grows for 10 s")
                .strikes(stage -> aside(() ->
                        slowly(bundle("growing", "1.0.0").jar(), stage.home().deploy("growing.jar"))))
                .seen(stage -> {
                    stage.awaitStamp("/growing", "growing", "1.0.0");
                    Await.until(
                            () -> assertThat(stage.home().marker("growing.jar")).doesNotExist());
                    assertThat(stage.log()).doesNotContain("growing.jar failed");
                })
                .mended(stage -> {
                    stage.home().remove("growing.jar");
                    stage.awaitGone("growing.jar", "growing");
                })
                .thatChangesTheChain();
    }

    private static Fault huge() {
        return fault("a sparse file of a terabyte")
                .strikes(stage -> {
                    try (RandomAccessFile file =
                            new RandomAccessFile(stage.home().deploy(FILE).toFile(), "rw")) {
                        file.setLength(TERABYTE);
                    }
                })
                .seen(stage -> stage.awaitFailed(FILE, "verify.max.size"))
                .mended(stage -> stage.home().remove(FILE));
    }

    private static Fault twiceInFiftyMillis() {
        return fault("a file replaced twice in 50 ms")
                .strikes(stage -> {
                    byte[] second = stage.nextPair();
                    byte[] third = stage.nextPair();
                    stage.home().copy(second, PAIR_FILE);
                    LockSupport.parkNanos(Duration.ofMillis(25).toNanos());
                    stage.home().copy(third, PAIR_FILE);
                })
                .seen(Stage::awaitPair)
                .thatChangesTheChain();
    }

    private static Fault neverAtRest() {
        return fault("a file that is written again and again holds nothing up")
                .strikes(stage -> {
                    byte[] part = Arrays.copyOf(bundle("restless", "1.0.0").jar(), 700);
                    Thread writer = aside(() -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            stage.home().copy(part, "restless.jar");
                            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                        }
                    });
                    try {
                        stage.home().copy(bundle("calm", "1.0.0").jar(), FILE);
                        stage.awaitStamp("/calm", "calm", "1.0.0");
                        assertThat(writer.isAlive()).isTrue();
                    } finally {
                        writer.interrupt();
                        writer.join();
                    }
                })
                .mended(stage -> {
                    stage.home().remove("restless.jar");
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE, "calm");
                    stage.awaitGone("restless.jar", "restless");
                })
                .thatChangesTheChain();
    }

    private static Fault fleeting() {
        return fault("files deleted between settling and being installed")
                .strikes(stage -> {
                    Random random = new Random(7);
                    for (int i = 0; i < 12; i++) {
                        stage.home().copy(bundle("fleeting", "1.0." + i).jar(), FILE);
                        LockSupport.parkNanos(
                                Duration.ofMillis(40 + random.nextInt(80)).toNanos());
                        stage.home().remove(FILE);
                    }
                })
                .seen(stage -> {
                    stage.awaitGone(FILE, "fleeting");
                    assertThat(stage.home().marker(FILE)).doesNotExist();
                })
                .thatChangesTheChain();
    }

    private static Fault many() {
        return fault(MANY + " files at once")
                .where(Soak::isOnEveryJava, "says nothing about a JDK: on the other one with -Dit.other.excluded=none")
                // So many start beside each other that a busy machine may need more than the others' few seconds for
                // one.
                .onItsOwn((home, mounts, process) ->
                        home.configure("dev.sluice.deployer", "start.timeout=60s", "scan.interval=1s"))
                .strikes(stage -> {
                    for (int i = 0; i < MANY; i++) {
                        stage.home().copy(bundle("many" + i, "1.0.0").jar(), "many" + i + ".jar");
                    }
                })
                .seen(stage -> Await.until(Duration.ofSeconds(90), () -> assertThat(
                                stage.sluice().status().chain())
                        .filteredOn(unit -> unit.name().startsWith("many"))
                        .filteredOn(unit -> unit.state().equals("SERVING"))
                        .hasSize(MANY)))
                .mended(stage -> {
                    for (int i = 0; i < MANY; i++) {
                        stage.home().remove("many" + i + ".jar");
                    }
                    Await.until(Duration.ofSeconds(240), () -> {
                        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                        assertThat(stage.sluice().status().deployments())
                                .noneMatch(deployment -> deployment.file().startsWith("many"));
                    });
                })
                .thatChangesTheChain();
    }

    private static Fault links() {
        return fault("symbolic links: to a JAR, to nothing, in a circle, to a folder")
                .strikes(stage -> {
                    Path outside = Files.createDirectories(outside(stage));
                    Path jar = Files.write(
                            outside.resolve("linked.jar"),
                            bundle("linked", "1.0.0").jar());
                    link(stage, "link.jar", jar);
                    link(stage, "dangling.jar", outside.resolve("absent.jar"));
                    link(stage, "circle.jar", stage.home().deploy("circle2.jar"));
                    link(stage, "circle2.jar", stage.home().deploy("circle.jar"));
                    link(stage, "folder.jar", outside);
                })
                .seen(stage -> {
                    stage.awaitStamp("/linked", "linked", "1.0.0");
                    // What a link leads to is replaced: no event tells of that, the scan has to.
                    Files.write(
                            outside(stage).resolve("linked.jar"),
                            bundle("linked", "1.1.0").jar());
                    stage.awaitStamp("/linked", "linked", "1.1.0");
                    // And what it leads to is away, as a volume may be: no removal.
                    Files.move(
                            outside(stage).resolve("linked.jar"), outside(stage).resolve("away"));
                    stage.oracle().awaitAnswers(2_000);
                    stage.awaitStamp("/linked", "linked", "1.1.0");
                })
                .mended(stage -> {
                    for (String file : List.of("link.jar", "dangling.jar", "circle.jar", "circle2.jar", "folder.jar")) {
                        stage.home().remove(file);
                        stage.awaitGone(file);
                    }
                    stage.awaitGone("link.jar", "linked");
                })
                .thatChangesTheChain();
    }

    private static Fault names() {
        return fault("names with spaces, Unicode, shell characters, a line break")
                .strikes(stage -> {
                    for (int i = 0; i < NAMES.size(); i++) {
                        stage.home().copy(bundle("name" + i, "1.0.0").jar(), NAMES.get(i));
                    }
                })
                .seen(stage -> {
                    for (int i = 0; i < NAMES.size(); i++) {
                        stage.awaitStamp("/name" + i, "name" + i, "1.0.0");
                        stage.awaitPublished(NAMES.get(i));
                    }
                    // A bad one is marked beside itself, whatever it is called, and makes no line of its own in the
                    // log.
                    stage.home().copy("bad".getBytes(UTF_8), NAMES.get(4));
                    stage.awaitFailed(NAMES.get(4), "ZIP");
                })
                .mended(stage -> {
                    for (int i = 0; i < NAMES.size(); i++) {
                        stage.home().remove(NAMES.get(i));
                        stage.awaitGone(NAMES.get(i), "name" + i);
                    }
                })
                .thatChangesTheChain();
    }

    private static Fault tooLongName() {
        String name = "n".repeat(251) + ".jar";
        return fault("a name so long that no marker fits beside it")
                .strikes(stage -> stage.home().copy("bad".getBytes(UTF_8), name))
                .seen(stage -> {
                    Await.until(() ->
                            assertThat(stage.sluice().status().stateOf(name)).isEqualTo("FAILED"));
                    Await.until(() -> assertThat(stage.log()).contains(name));
                })
                .mended(stage -> {
                    stage.home().remove(name);
                    stage.awaitGone(name);
                });
    }

    private static Fault sameTimeAndSize() {
        return fault("new content of the same size and modification time")
                .strikes(stage -> {
                    int size = stage.pair().length + 100;
                    stage.home().copy(padded(stage.nextPair(), size), PAIR_FILE);
                    stage.awaitPair();
                    FileTime time = Files.getLastModifiedTime(stage.home().deploy(PAIR_FILE));
                    // Moved into place, as rsync --times does: the time is right from the first moment.
                    Path beside = Files.write(stage.home().deploy(".pair.tmp"), padded(stage.nextPair(), size));
                    Files.setLastModifiedTime(beside, time);
                    assertThat(Files.size(stage.home().deploy(PAIR_FILE))).isEqualTo(Files.size(beside));
                    Files.move(beside, stage.home().deploy(PAIR_FILE), StandardCopyOption.ATOMIC_MOVE);
                })
                .seen(Stage::awaitPair)
                .thatChangesTheChain();
    }

    private static Fault timeGoesBack() {
        return fault("a modification time that goes back")
                .strikes(stage -> {
                    Path beside = Files.write(stage.home().deploy(".pair.tmp"), stage.nextPair());
                    Files.setLastModifiedTime(beside, FileTime.fromMillis(86_400_000));
                    Files.move(beside, stage.home().deploy(PAIR_FILE), StandardCopyOption.ATOMIC_MOVE);
                })
                .seen(Stage::awaitPair)
                .thatChangesTheChain();
    }

    private static Fault pipe() {
        return fault("a named pipe that nobody writes to holds nothing up")
                .where(() -> Files.isExecutable(Path.of("/usr/bin/mkfifo")), "there is no mkfifo here")
                .strikes(stage -> assertThat(new ProcessBuilder(
                                        "/usr/bin/mkfifo",
                                        stage.home().deploy("pipe.jar").toString())
                                .start()
                                .waitFor())
                        .isZero())
                .seen(stage -> {
                    stage.home().copy(bundle("behind", "1.0.0").jar(), FILE);
                    stage.awaitStamp("/behind", "behind", "1.0.0");
                })
                .mended(stage -> {
                    stage.home().remove("pipe.jar");
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE, "behind");
                })
                .thatChangesTheChain();
    }

    private static Fault markersAreDeleted() {
        return fault("somebody deletes a marker, and writes one")
                .strikes(stage -> {
                    stage.home().copy("bad".getBytes(UTF_8), PAIR_FILE);
                    stage.awaitFailed(PAIR_FILE, "ZIP");
                    Files.delete(stage.home().marker(PAIR_FILE));
                    Files.writeString(stage.home().marker(DENIER_FILE), "not by the container");
                    Files.writeString(stage.home().deploy(DENIER_FILE + ".removed"), "not by the container");
                })
                .seen(stage -> {
                    stage.oracle().awaitAnswers(1_000);
                    assertThat(stage.sluice().status().serving("denier")).contains("1.0.0");
                })
                .mended(stage -> {
                    Files.deleteIfExists(stage.home().marker(DENIER_FILE));
                    Files.deleteIfExists(stage.home().deploy(DENIER_FILE + ".removed"));
                    stage.home().copy(stage.pair(), PAIR_FILE);
                });
    }

    private static Fault fault(String name) {
        return Fault.of(FAMILY, name);
    }

    /** A bundle with a stamping middleware on a path of its name. */
    static TestBundle bundle(String name, String version) {
        return TestBundle.of("test.fault." + name, version).middleware(name, "/" + name, 10, "stamp");
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread aside(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        System.err.println("a fault's own work failed: " + e);
                    }
                },
                "fault");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void slowly(byte[] content, Path file) throws IOException {
        int steps = 40;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int step = 0; step < steps; step++) {
                int from = content.length * step / steps;
                out.write(content, from, content.length * (step + 1) / steps - from);
                LockSupport.parkNanos(GROWING.toNanos() / steps);
            }
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    /** With a comment at the end of the ZIP that makes it as long as that. */
    private static byte[] padded(byte[] jar, int size) {
        byte[] padded = Arrays.copyOf(jar, size);
        int comment = size - jar.length;
        padded[jar.length - 2] = (byte) comment;
        padded[jar.length - 1] = (byte) (comment >> 8);
        return padded;
    }

    private static byte[] png() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13});
        bytes.writeBytes("IHDR".getBytes(UTF_8));
        bytes.writeBytes(random(20_000));
        return bytes.toByteArray();
    }

    private static Path outside(Stage stage) {
        return stage.home().path().resolveSibling("outside");
    }

    private static void link(Stage stage, String name, Path target) throws IOException {
        Files.createSymbolicLink(stage.home().deploy(name), target.toAbsolutePath());
    }
}
