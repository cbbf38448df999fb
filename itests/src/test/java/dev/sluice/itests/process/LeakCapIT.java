package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A middleware of which too many versions have leaked gets no new ones, and the history tells what became of each. */
@Tag("process")
class LeakCapIT {

    private static final String FILE = "leaky.jar";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Starts a thread that never ends, and that nobody may end. */
    private static final String ACTIVATOR =
            """
            package leaky;
            import org.osgi.framework.*;
            public final class Activator implements BundleActivator {
                private final fixture.Activator middleware = new fixture.Activator();
                public void start(BundleContext context) throws Exception {
                    middleware.start(context);
                    Thread poller = new Thread(Activator::poll, "poller");
                    poller.setDaemon(true);
                    poller.start();
                }
                public void stop(BundleContext context) throws Exception {
                    middleware.stop(context);
                }
                private static void poll() {
                    while (true) {
                        java.util.concurrent.locks.LockSupport.park();
                    }
                }
            }
            """;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @Test
    void newVersionsAreRefusedOnceTooManyHaveLeaked() {
        configure(2, "refuse");
        SluiceProcess sluice = sluices.start(home);
        for (int version = 1; version <= 4; version++) {
            serves(sluice, version);
        }
        awaitVerdicts(sluice, "LEAKED", "LEAKED", "LEAKED");
        assertThat(released(sluice))
                .allSatisfy(one -> assertThat(one.get("heldBy").getAsString()).contains("thread \"poller\""));

        put(5);
        Await.until(() -> assertThat(sluice.status().stateOf(FILE)).isNotEmpty());
        Await.until(() -> assertThat(home.markerText(FILE))
                .contains("the content before serves on")
                .contains("3 versions of middleware leaky")
                .contains("unload.max.leaked"));
        Answers.assertServing(sluice, "leaky", "1.0.4");
        Await.always(Duration.ofSeconds(3), () -> Answers.assertServing(sluice, "leaky", "1.0.4"));

        configure(3, "refuse");
        Answers.awaitServing(sluice, "leaky", "1.0.5");
        Await.until(() -> assertThat(home.marker(FILE)).doesNotExist());
        awaitVerdicts(sluice, "LEAKED", "LEAKED", "LEAKED", "LEAKED");

        put(6);
        Await.until(() -> assertThat(home.markerText(FILE)).contains("4 versions of middleware leaky"));
        configure(3, "warn");
        Answers.awaitServing(sluice, "leaky", "1.0.6");
        Await.until(() -> assertThat(sluice.status().alarms())
                .anySatisfy(alarm -> assertThat(alarm).contains(FILE + " was let in though")));
        assertThat(sluice.log()).contains(FILE + " was let in though");
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);
        Answers.assertServing(again, "leaky", "1.0.6");
        assertThat(verdicts(again).subList(0, 4)).containsOnly("LEAKED");
        configure(2, "refuse");
        serves(again, 7);
    }

    private void configure(int most, String policy) {
        home.configure(
                "dev.sluice.unload",
                "unload.max.leaked=" + most,
                "unload.on.max.leaked=" + policy,
                "unload.cleanup.threads=off",
                "unload.probe.interval=1s",
                "unload.grace=100ms");
    }

    private void put(int version) {
        byte[] jar = TestBundle.stamping("leaky", "1.0." + version)
                .header("Bundle-Activator", "leaky.Activator")
                .source("leaky.Activator", ACTIVATOR)
                .jar();
        home.copy(jar, FILE);
    }

    private void serves(SluiceProcess sluice, int version) {
        put(version);
        Answers.awaitServing(sluice, "leaky", "1.0." + version);
    }

    private static void awaitVerdicts(SluiceProcess sluice, String... expected) {
        Await.until(PATIENCE, () -> assertThat(verdicts(sluice)).containsExactly(expected));
    }

    /** {@return the verdicts in the history, of what left first before the others} */
    private static List<String> verdicts(SluiceProcess sluice) {
        List<String> verdicts = new ArrayList<>();
        for (JsonObject released : released(sluice)) {
            JsonElement verdict = released.get("verdict");
            verdicts.add(0, verdict.isJsonNull() ? "none" : verdict.getAsString());
        }
        return verdicts;
    }

    private static List<JsonObject> released(SluiceProcess sluice) {
        List<JsonObject> released = new ArrayList<>();
        sluice.status().json().getAsJsonArray("history").forEach(publication -> publication
                .getAsJsonObject()
                .getAsJsonArray("unloads")
                .forEach(one -> released.add(one.getAsJsonObject())));
        return released;
    }
}
