package dev.sluice.itests.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Mounts;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A running container with what the oracle asks for: an application behind two middleware of one bundle, a vault behind one
 * that denies everything, and the saboteur. Faults are done to it.
 */
public final class Stage implements AutoCloseable {

    /** The file of the two middleware: bad content is copied over it, too. */
    public static final String PAIR_FILE = "pair.jar";

    /** The file that faults bring, if they need only one. */
    public static final String FILE = "fault.jar";

    private static final String DENIER_FILE = "denier.jar";

    /** What hangs is given up after this. */
    static final String START_TIMEOUT = "4s";

    /** What requests never leave is released after this. */
    static final String RETIRE_TIMEOUT = "3s";

    private static final Client CLIENT = Client.anonymous();

    private final SluiceProcess.Builder builder;
    private final Home home;
    private final Mounts mounts;
    private SluiceProcess sluice;
    private Oracle oracle;
    private final Set<String> expected = new HashSet<>();
    private int version;
    private Map<String, String> baseline = Map.of();
    private int logged;

    private Stage(SluiceProcess.Builder builder, Home home, Mounts mounts) {
        this.builder = builder;
        this.home = home;
        this.mounts = mounts;
    }

    /** Starts a container on a home, and deploys everything. */
    static Stage start(SluiceProcess.Builder builder, Home home, Mounts mounts) {
        Stage stage = new Stage(builder, home, mounts);
        try {
            if (Files.notExists(home.conf().resolve("dev.sluice.deployer.cfg"))) {
                home.configure(
                        "dev.sluice.deployer",
                        "start.timeout=" + START_TIMEOUT,
                        "scan.interval=1s",
                        "retire.timeout=" + RETIRE_TIMEOUT);
            }
            stage.sluice = builder.start();
            stage.set();
            return stage;
        } catch (RuntimeException | Error e) {
            System.err.println(stage.log());
            stage.close();
            throw e;
        }
    }

    private void set() {
        home.copy(StageBundles.application(), "application.jar");
        home.copy(denier(), DENIER_FILE);
        home.copy(pair(), PAIR_FILE);
        Await.until(() -> {
            assertThat(get(Target.FORBIDDEN).statusCode()).isEqualTo(403);
            assertThat(get(Target.APP).statusCode()).isEqualTo(200);
        });
        // The vault comes last: a vault before its denier would be open.
        home.copy(StageBundles.vault(), "vault.jar");
        Saboteur.deploy(sluice);
        Await.until(() -> assertThat(serving()).isEqualTo(Set.of("denier 1.0.0", "first 1.0.0", "second 1.0.0")));
        Await.until(() -> assertThat(state().values()).hasSize(5).containsOnly("PUBLISHED"));
        baseline = Map.copyOf(state());
    }

    /** {@return the process} */
    public SluiceProcess sluice() {
        return sluice;
    }

    /** {@return what is mounted in its home} */
    public Mounts mounts() {
        return mounts;
    }

    /** {@return its home} */
    public Home home() {
        return home;
    }

    /** {@return who does to other bundles what bundles can do} */
    public Saboteur saboteur() {
        return new Saboteur(sluice);
    }

    /** {@return the clients that judge; they run while a fault does} */
    public Oracle oracle() {
        return oracle;
    }

    /** {@return the bytes that the denier's file has} */
    public byte[] denier() {
        return StageBundles.denier();
    }

    /** {@return the bytes that the file of the two middleware has} */
    public byte[] pair() {
        return StageBundles.pair(version()).jar();
    }

    /** {@return the version of the two middleware} */
    public String version() {
        return "1.0." + version;
    }

    /** Starts the clients. */
    Oracle play() {
        expected.clear();
        expected.add(version());
        oracle = Oracle.on(sluice, expected);
        return oracle;
    }

    /** Starts the process again, on the same home, after it has ended. */
    public void restart() {
        sluice = builder.start();
        logged = 0;
    }

    /** {@return the bytes of the next version of the two middleware, which requests may see from now on} */
    public byte[] nextPair() {
        version++;
        expected.add(version());
        oracle.expects(expected);
        return pair();
    }

    /** Waits until the newest version of the two middleware is served: from then on no request may see another. */
    public void awaitPair() {
        Await.until(() -> assertThat(get(Target.APP).headers().firstValue("X-first"))
                .as("version that is served after a good deployment")
                .contains(version()));
        Await.until(() -> assertThat(sluice.status().stateOf(PAIR_FILE)).isEqualTo("PUBLISHED"));
        // Those that began before may still be on the way.
        oracle.awaitAnswers(20);
        expected.retainAll(Set.of(version()));
        oracle.expects(expected);
    }

    /** Replaces the two middleware by their next version, as anybody does: nothing may be lost in that either. */
    void swap() {
        home.copy(nextPair(), PAIR_FILE);
        awaitPair();
    }

    /** Fails unless everything is as it was before the fault. */
    void assertUnhurt() {
        Await.until(() -> {
            assertThat(serving()).isEqualTo(Set.of("denier 1.0.0", "first " + version(), "second " + version()));
            Status status = sluice.status();
            assertThat(state()).isEqualTo(baseline);
            assertThat(status.standbys()).isEmpty();
            assertThat(status.alarms()).isEmpty();
            assertThat(home.files()).noneMatch(name -> name.endsWith(".failed") || name.endsWith(".stopped"));
            assertThat(CLIENT.get(sluice.admin("/health/ready")).statusCode()).isEqualTo(200);
            assertThat(temporaries()).isEmpty();
        });
    }

    /** {@return the temporary files that the container has left} */
    public List<Path> temporaries() {
        try (Stream<Path> deploy = Files.list(home.deploy());
                Stream<Path> store = Files.list(home.data().resolve("store"))) {
            return Stream.concat(deploy, store)
                    .filter(file -> file.getFileName().toString().matches(".*\\.(tmp|part)"))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Remembers where the log is. */
    void mark() {
        logged = sluice.log().length();
    }

    /** {@return what was logged since the fault struck} */
    public String log() {
        if (sluice == null) {
            return "";
        }
        String all = sluice.log();
        return all.substring(Math.min(logged, all.length()));
    }

    /** Waits until the file has failed, and its marker and status entry say why. */
    public void awaitFailed(String file, String... words) {
        Await.until(() -> assertThat(sluice.status().deployments()).anySatisfy(deployment -> {
            assertThat(deployment.file()).isEqualTo(file);
            assertThat(deployment.state()).isEqualTo("FAILED");
            assertThat(deployment.reason()).contains(words);
        }));
        Await.until(() -> assertThat(home.markerText(file)).contains(words));
        Await.until(() -> assertThat(log()).as("the log names the file").contains(file));
    }

    /** Waits until the file is said to be incomplete and waited for, as the status and a marker have it after ten seconds. */
    public void awaitIncomplete(String file) {
        Await.until(() -> assertThat(home.markerText(file)).containsIgnoringCase("incomplete, still waiting"));
        Await.until(() -> assertThat(sluice.status().deployments()).anySatisfy(deployment -> {
            assertThat(deployment.file()).isEqualTo(file);
            assertThat(deployment.state()).isEqualTo("INCOMPLETE");
        }));
    }

    /** Waits until a stamping middleware of a fault runs on its path, or on no more. */
    public void awaitStamp(String path, String middleware, String stamp) {
        Await.until(() -> assertThat(
                        get(path).headers().firstValue("X-" + middleware).orElse("none"))
                .as("what %s stamps", middleware)
                .isEqualTo(stamp));
    }

    /** Waits until nothing is left of a file, nor of the middleware that it brought. */
    public void awaitGone(String file, String... middleware) {
        Await.until(() -> {
            Status status = sluice.status();
            assertThat(status.deployments())
                    .noneMatch(deployment -> deployment.file().equals(file));
            for (String name : middleware) {
                assertThat(status.place(name)).isEmpty();
            }
        });
    }

    /** Waits for an alarm that has these words. */
    public void awaitAlarm(String... words) {
        Await.until(() -> assertThat(sluice.status().alarms())
                .anySatisfy(alarm -> assertThat(alarm).contains(words)));
    }

    /** Waits until a file is published. */
    public void awaitPublished(String file) {
        Await.until(() -> assertThat(sluice.status().stateOf(file)).isEqualTo("PUBLISHED"));
    }

    /** Waits until a place is shown as empty, and as one that blocks. */
    public void awaitBlocked(String middleware) {
        Await.until(() -> assertThat(sluice.status().place(middleware)).hasValueSatisfying(place -> {
            assertThat(place.state()).isEqualTo("MISSING");
            assertThat(place.json().get("blocks").getAsBoolean()).isTrue();
        }));
        Await.until(() -> assertThat(CLIENT.get(sluice.admin("/health/ready")))
                .satisfies(ready -> assertThat(ready.statusCode()).isEqualTo(503))
                .satisfies(ready -> assertThat(ready.body()).contains(middleware)));
    }

    /** Waits until the entry of a file that was published says why it doesn't serve, and what to do. */
    public void awaitExplained(String file) {
        Await.until(() -> assertThat(sluice.status().deployment(file))
                .hasValueSatisfying(
                        deployment -> assertThat(deployment.reason()).as(file).isNotBlank()));
    }

    /** Does in the web console what an operator does to a bundle there. */
    public void operator(String action, String symbolicName) {
        HttpResponse<String> answer = sluice.operator()
                .postForm(sluice.admin("/system/console/bundles/" + bundleId(symbolicName)), "action=" + action);
        assertThat(answer.statusCode())
                .as("%s %s in the console: %s", action, symbolicName, answer.body())
                .isEqualTo(200);
    }

    /** {@return the answer to an upload in the web console} */
    public HttpResponse<String> upload(String file, byte[] content) {
        String boundary = "stage-boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"bundlefile\"; filename=\"" + file
                        + "\"\r\nContent-Type: application/java-archive\r\n\r\n")
                .getBytes(UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(UTF_8));
        return sluice.operator()
                .post(
                        sluice.admin("/system/console/install"),
                        "multipart/form-data; boundary=" + boundary,
                        body.toByteArray());
    }

    /** {@return the highest id of the bundles with a symbolic name} */
    public long bundleId(String symbolicName) {
        JsonObject answer = JsonParser.parseString(sluice.operator()
                        .get(sluice.admin("/system/console/bundles.json"))
                        .body())
                .getAsJsonObject();
        return StreamSupport.stream(answer.getAsJsonArray("data").spliterator(), false)
                .map(bundle -> bundle.getAsJsonObject())
                .filter(bundle -> symbolicName.equals(bundle.get("symbolicName").getAsString()))
                .mapToLong(bundle -> bundle.get("id").getAsLong())
                .max()
                .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
    }

    /** {@return the answer to one request for a target} */
    public HttpResponse<String> get(Target target) {
        return get(target.path() + "/x");
    }

    /** {@return the answer to one request} */
    public HttpResponse<String> get(String path) {
        URI uri = sluice.data(path);
        return CLIENT.get(uri);
    }

    private Set<String> serving() {
        return sluice.status().chain().stream()
                .map(unit -> unit.name() + " " + unit.version().orElse(unit.state()))
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /** What status says of the files, by file; what an old content still does doesn't matter. */
    private Map<String, String> state() {
        Map<String, String> states = new TreeMap<>();
        sluice.status()
                .deployments()
                .forEach(deployment ->
                        states.merge(deployment.file(), deployment.state(), (one, other) -> one + ", " + other));
        return states;
    }

    @Override
    public void close() {
        if (oracle != null) {
            oracle.close();
        }
        if (sluice != null) {
            sluice.close();
        }
        mounts.close();
    }
}
