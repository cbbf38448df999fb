package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.Eventually.eventually;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.folder.WatchSettings;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.ledger.HistoryLimits;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.rollout.policy.PolicyLine;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.FakeChain;
import dev.sluice.deployer.testing.FakeUnloads;
import dev.sluice.deployer.testing.ReleaseZip;
import dev.sluice.deployer.testing.TestFramework;
import dev.sluice.deployer.testing.TestTime;
import dev.sluice.deployer.trial.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** A home directory, and in it a deployer in a real framework that can crash and start again. */
final class Fixture implements AutoCloseable {

    private final Path home;
    private int starts;

    /** How time passes for the next trial. */
    private volatile Timer trials = Timer.REAL;

    final TestTime time = new TestTime();

    /** What a candidate is given that never comes up. */
    static final Duration SHORT = Duration.ofMillis(500);

    /** After this a trial asks again for what tells nobody when it is there. */
    static final Duration TICK = Duration.ofMillis(200);

    /** The clock of rollouts. */
    final AtomicLong nanos = new AtomicLong();

    /** How often what is under watch is looked at by itself. */
    Duration looks = Duration.ofMillis(5);

    private final Map<String, Choice> own = new ConcurrentHashMap<>();

    /** Without a rollout, all is published whole. */
    private volatile Choice policy = policy(Map.of("bake", "0s"));

    private final Policies policies = new Policies() {
        @Override
        public Choice choose(String symbolicName, Collection<String> middleware) {
            return own.getOrDefault(symbolicName, policy);
        }

        @Override
        public List<PolicyLine> lines() {
            return List.of();
        }
    };

    TestFramework framework;
    FakeChain chain;
    /** Who judges what has left; made anew with each framework. */
    FakeUnloads unloads;

    DeployerRun run;
    volatile Settings settings = settings(Duration.ofSeconds(20), Duration.ofHours(1));

    Fixture(Path home) {
        this.home = home;
    }

    /** What is asked of files, from the next look at the folder on. */
    void verifyBy(IntegrityPolicy policy) {
        configure(settings.watch(), settings.history(), policy);
    }

    /** How much of what was published before is kept, from the next look at the folder on. */
    void keep(HistoryLimits limits) {
        configure(settings.watch(), limits, settings.integrity());
    }

    /** How long a file has to be at rest, from the next look at the folder on. */
    void settleFor(Duration window) {
        WatchSettings watch = settings.watch();
        configure(
                new WatchSettings(window, watch.removalWindow(), watch.scanInterval(), watch.waitingAfter()),
                settings.history(),
                settings.integrity());
    }

    /** How long a file has to be missing, from the next look at the folder on. */
    void missFor(Duration window) {
        WatchSettings watch = settings.watch();
        configure(
                new WatchSettings(watch.settleWindow(), window, watch.scanInterval(), watch.waitingAfter()),
                settings.history(),
                settings.integrity());
    }

    private void configure(WatchSettings watch, HistoryLimits history, IntegrityPolicy integrity) {
        settings = new Settings(
                watch,
                settings.startTimeout(),
                settings.retireTimeout(),
                settings.openOnFailure(),
                settings.limits(),
                history,
                integrity);
    }

    /** From now on a trial has as much time as a slow machine needs: for what is to come up. */
    void patiently() {
        settings = settings(Duration.ofSeconds(20), Duration.ofHours(1));
        trials = Timer.REAL;
    }

    /** From now on the time of trials passes when a test says so: for what never comes up. */
    void impatiently() {
        settings = settings(SHORT, Duration.ofHours(1));
        trials = time;
    }

    static Settings settings(Duration startTimeout, Duration retireTimeout) {
        return new Settings(
                new WatchSettings(
                        Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(10)),
                startTimeout,
                retireTimeout,
                false,
                VerificationLimits.DEFAULT,
                HistoryLimits.DEFAULT,
                IntegrityPolicy.DEFAULT);
    }

    private static Choice policy(Map<String, String> texts) {
        Map<String, String> all = new HashMap<>(texts);
        all.put("middleware", "*");
        return new Choice.Chosen(RolloutPolicy.of(all));
    }

    /** From now on rollouts begin by such a policy. */
    void rollOutBy(Map<String, String> texts) {
        policy = policy(texts);
    }

    /** From now on those of one bundle do by one of its own. */
    void rollOutBy(String symbolicName, Map<String, String> texts) {
        own.put(symbolicName, policy(texts));
    }

    /** From now on nobody can tell by which. */
    void rollOutByWhoKnows() {
        policy = new Choice.Unclear("the file has a mistake in it");
    }

    static Fixture started(Path home) throws Exception {
        Fixture fixture = new Fixture(home);
        fixture.start();
        return fixture;
    }

    /** A new framework, as after a new start of the process. */
    void start() throws Exception {
        newFramework();
        startRun();
    }

    /** And nothing in it yet but the chain. */
    void newFramework() throws Exception {
        Files.createDirectories(home.resolve("data"));
        framework = new TestFramework(cache(starts++));
        chain = new FakeChain(framework.context());
        unloads = new FakeUnloads(framework.context());
    }

    /** {@return where the framework of a start, counted from 0, keeps its bundles} */
    Path cache(int start) {
        return home.resolve("framework-" + start);
    }

    /** Only the deployer comes back; bundles and chain were there all the time. */
    void startRun() throws Exception {
        startRunWithoutSettling();
        settle();
    }

    void startRunWithoutSettling() throws Exception {
        run = new DeployerRun(
                framework.context(),
                chain,
                framework.service(ServiceComponentRuntime.class),
                deploy(),
                home.resolve("data"),
                home.resolve("conf"),
                () -> settings,
                policies,
                new Pace(nanos::get, looks, new TimerOfNow()));
        run.witness().judgedBy(unloads);
        run.start();
    }

    /** What the deployer holds is gone with the process; what is on the disk stays. */
    void crash() throws Exception {
        run.close();
        framework.close();
    }

    void crashAndStart() throws Exception {
        crash();
        start();
    }

    /** From now on it can't be written, as on a disk that has gone. */
    void closeLedger() throws IOException {
        run.parts.ledger().close();
    }

    Path deploy() {
        return home.resolve("deploy");
    }

    Path data(String name) {
        return home.resolve("data").resolve(name);
    }

    Path file(String name) {
        return deploy().resolve(name);
    }

    void delete(String name) throws IOException {
        Files.delete(file(name));
    }

    /** Has {@code shop.zip} released, with the middleware auth and greeting of the same version. */
    void release(String version) throws Exception {
        ReleaseZip.of("shop", version)
                .bundle("auth.jar", BundleJar.middleware("auth", version, "auth"))
                .bundle("greeting.jar", BundleJar.middleware("greeting", version, "greeting"))
                .writeTo(file("shop.zip"));
        settle();
    }

    /** Waits until everything in the folder was dealt with. */
    void settle() throws Exception {
        run.reconciled().get(40, TimeUnit.SECONDS);
    }

    /** The same, of what never comes up: its time passes once it waits. */
    void settleInVain() throws Exception {
        settleInVain(SHORT);
    }

    /** @param awaited how long it waits until it looks again */
    void settleInVain(Duration awaited) throws Exception {
        CompletableFuture<Void> settled = run.reconciled();
        time.passOnceAwaited(awaited, SHORT);
        settled.get(40, TimeUnit.SECONDS);
    }

    List<DeploymentView> deployments(String file) {
        return run.view().deployments().stream()
                .filter(deployment -> deployment.file().equals(file))
                .toList();
    }

    Optional<DeploymentView> in(String file, DeploymentState state) {
        return deployments(file).stream()
                .filter(deployment -> deployment.state() == state)
                .findFirst();
    }

    /** {@return what failed of a file, and why} */
    String reason(String file) {
        return in(file, DeploymentState.FAILED)
                .flatMap(DeploymentView::reason)
                .orElseThrow(() -> new AssertionError("not failed: " + run.view()));
    }

    /** {@return the same, or nothing as long as it hasn't failed} */
    String reasonOf(String file) {
        return in(file, DeploymentState.FAILED).flatMap(DeploymentView::reason).orElse("");
    }

    /** {@return the states of all deployments, by file} */
    String states() {
        return run.view().deployments().stream()
                .map(deployment -> deployment.file() + ":" + deployment.state())
                .collect(Collectors.joining(" "));
    }

    String marker(String file) throws IOException {
        return Files.readString(file(file + ".failed"));
    }

    boolean hasMarker(String file) {
        return Files.exists(file(file + ".failed"));
    }

    /** Waits until nothing is left of what was retired or failed. */
    void awaitBundles(int expected) {
        eventually(
                expected + " bundles of the folder are installed",
                () -> java.util.Arrays.stream(framework.context().getBundles())
                                .filter(bundle -> bundle.getLocation().startsWith("sluice:"))
                                .count()
                        == expected);
    }

    @Override
    public void close() throws Exception {
        crash();
    }

    /** A test may stop the clock between two trials. */
    private final class TimerOfNow implements Timer {

        @Override
        public long nanos() {
            return trials.nanos();
        }

        @Override
        public CompletableFuture<Void> after(Duration duration) {
            return trials.after(duration);
        }
    }
}
