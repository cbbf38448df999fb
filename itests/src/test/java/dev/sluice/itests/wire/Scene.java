package dev.sluice.itests.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.WireBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Status;
import dev.sluice.itests.harness.Wire;
import dev.sluice.itests.harness.Wire.Answer;
import dev.sluice.itests.harness.Wire.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A set of middleware, {@code wire-first} and {@code wire-last} and one between them that behaves as a test wants, all from one bundle
 * of which one version follows the other. A request runs on one version of all three, that version isn't stopped while the
 * request runs, and when it has ended the version can go: each answer and each departure is held against that.
 */
public final class Scene {

    private static final String SYMBOLIC_NAME = "wire.requests";
    private static final String FILE = "requests.jar";
    private static final String BEHIND_FILE = "behind.jar";

    private final SluiceProcess sluice;
    private final Path signals;
    private final List<String> behaviours;
    private final Path stopped;
    private int number;

    /**
     * Deploys the first version, and the servlet behind it.
     *
     * @param sluice where
     * @param signals an empty folder for the files by which tests and requests tell each other how far they are
     * @param behaviours the behaviours that requests can ask for by their path, see {@link #path}
     */
    public Scene(SluiceProcess sluice, Path signals, List<String> behaviours) {
        this.sluice = sluice;
        this.signals = signals;
        this.behaviours = behaviours;
        this.stopped = signals.resolve("stopped");
        sluice.home()
                .copy(
                        WireBundle.of("wire.behind", "1.0.0")
                                .servlet("behind", "/wire/*")
                                .jar(),
                        BEHIND_FILE);
        deployNext();
        Await.until(() -> assertThat(get("/wire/calm").body()).startsWith("BEHIND behind"));
    }

    /** {@return where} */
    SluiceProcess sluice() {
        return sluice;
    }

    /** {@return the version that new requests run on} */
    String version() {
        return "1.0." + number;
    }

    /** Replaces the version through the deploy folder, and returns when new requests run on the next one. */
    String deployNext() {
        number++;
        sluice.home().copy(jar(), FILE);
        Await.until(() -> assertThat(sluice.status().serving("wire-last")).contains(version()));
        return version();
    }

    /** {@return the bundle in the version that new requests run on} */
    byte[] jar() {
        return jar(version());
    }

    /** {@return the bundle in any version} */
    byte[] jar(String version) {
        WireBundle bundle = WireBundle.of(SYMBOLIC_NAME, version)
                .tellsWhenStopped(stopped)
                .middleware("wire-first", "/wire/*", 90, "pass")
                .middleware("wire-last", "/wire/*", 70, "pass")
                .middleware("wire-teller", "/wire/*", 60, "tells-of-its-thread");
        behaviours.forEach(behaviour -> bundle.middleware(behaviour, path(behaviour) + "/*", 80, behaviour));
        return bundle.jar();
    }

    /** {@return the path of a behaviour} */
    static String path(String behaviour) {
        return "/wire/" + behaviour;
    }

    /** {@return a file that nobody has written yet} */
    Path signal(String name) {
        return signals.resolve(name + "-" + System.nanoTime());
    }

    /** Waits until a request says that it is inside, having been sent with {@code wait=<signal>}. */
    static void awaitEntered(Path signal) {
        Await.until(() -> assertThat(Path.of(signal + ".entered")).exists());
    }

    /** Lets the requests on that wait for a signal. */
    static void let(Path signal) {
        try {
            Files.createFile(signal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until code inside the container has told something. */
    static String awaitNote(Path note) {
        return Await.value(
                "note",
                () -> Files.exists(note) && Files.size(note) > 0
                        ? java.util.Optional.of(Files.readString(note).strip())
                        : java.util.Optional.empty());
    }

    /** {@return a new connection} */
    Wire connect() {
        return Wire.to(sluice.data());
    }

    /** {@return the answer to a GET on a connection of its own} */
    Answer get(String target) {
        try (Wire wire = connect()) {
            // Not with Connection: close, for then an answer ends with the connection, and none can be seen to be cut.
            return wire.get(target).read();
        }
    }

    /** Fails unless an answer came whole, all of it from one version that wasn't stopped. */
    static void assertWhole(Answer answer, int status, String version) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.ending()).as("%s", answer).isEqualTo(Ending.WHOLE);
        assertThat(answer.ran()).as("what ran: %s", answer).isNotEmpty().allMatch(ran -> ran.endsWith(" " + version));
        assertThat(answer.header("X-Stopped")).as("ran after its stop").isEmpty();
    }

    /** {@return whether a version was stopped; each is stopped once at the most} */
    boolean isStopped(String version) {
        long stops = stops(version);
        assertThat(stops).as("stops of %s", version).isLessThanOrEqualTo(1);
        return stops == 1;
    }

    /** What a test has stopped in place and started again says nothing of its release. */
    void forgetStops() {
        try {
            Files.deleteIfExists(stopped);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return how often a version was stopped} */
    long stops(String version) {
        try (Stream<String> lines = Files.exists(stopped) ? Files.lines(stopped) : Stream.empty()) {
            return lines.filter(version::equals).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a version is released. */
    void awaitReleased(String version) {
        Await.until(() ->
                assertThat(isStopped(version)).as("%s is released", version).isTrue());
    }

    /**
     * Fails unless all requests have given back what they held, exactly once: the version that they ran on can go at once,
     * none is counted, and new ones run on the next version.
     */
    public void assertGivenBack() {
        Await.until(() -> assertThat(heldUnits()).as("units that requests hold").isEmpty());
        String before = version();
        String after = deployNext();
        awaitReleased(before);
        Answer answer = get("/wire/calm");
        assertWhole(answer, 200, after);
        assertThat(answer.header("X-Interrupted")).isEqualTo("false");
        assertThat(answer.header("X-Loader-Is-Mine")).isEqualTo("true");
    }

    /** Takes everything away. */
    public void remove() {
        sluice.home().remove(FILE);
        sluice.home().remove(BEHIND_FILE);
        Await.until(() -> assertThat(get("/wire/calm").status()).isEqualTo(404));
        awaitReleased(version());
    }

    /** {@return the units of this scene that requests hold} */
    List<Status.Unit> heldUnits() {
        Status status = sluice.status();
        return Stream.of("chain", "standbys", "others")
                .flatMap(list -> status.json().getAsJsonArray(list).asList().stream())
                .map(unit -> new Status.Unit(unit.getAsJsonObject()))
                .filter(unit ->
                        List.of("wire-first", "wire-last", "wire-teller").contains(unit.name())
                                || behaviours.contains(unit.name()))
                .filter(unit -> !unit.json().get("leases").isJsonNull() && unit.leases() != 0)
                .toList();
    }
}
