package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Digests;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Ports;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The file that says what may be deployed is away, or can't be read: that opens no door, as docs/integrity.md tells. */
@Tag("process")
@Tag("one-java")
class SettingsFileIT {

    private static final String PID = "dev.sluice.deployer";
    private static final String CLOSED =
            "nothing new is let in, as it isn't known by which rules: conf/" + PID + ".cfg can't be read: ";

    private static final String CHAIN = "dev.sluice.chain";
    private static final List<String> STRAYS = List.of(CHAIN + "-x", PID + "-x", "dev.sluice.admin-x");
    private static final String READ_BY_NOBODY = " is read by nobody, and changes nothing: ";
    private static final String MADE = "A bundle has made the configuration ";
    private static final String NOT_KNOWN =
            "nothing new is let in, as it isn't known by which rules: In conf/" + CHAIN + ".cfg chain.requried";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();
    private final Path file = home.conf().resolve(PID + ".cfg");

    @Test
    void whileItIsAwayWhatItDemandedIsDemandedAlsoAfterARestart() throws IOException {
        assumeTrue(Signer.isThere(), "openssl isn't installed, so nothing is signed");
        Signer signer = new Signer(home.path().resolve("keys"));
        Files.createDirectories(home.conf().resolve("trust"));
        signer.key("release", Signer.ED25519, home.conf().resolve("trust/release.pem"));
        home.configure(PID, "deploy.signature=required");
        SluiceProcess sluice = sluices.start(home);
        // So that no start after this one is a first one.
        byte[] stamping = TestBundle.stamping("signed", "1.0.0").jar();
        Files.writeString(home.deploy("signed.jar.sig"), signer.ed25519("release", stamping));
        home.copy(stamping, "signed.jar");
        Await.until(() -> assertThat(sluice.status().serving("signed")).contains("1.0.0"));
        home.copy(unsigned("before"), "before.jar");
        Await.until(() -> assertWaits(sluice.status(), "before"));

        Path aside = Files.move(file, home.path().resolve("aside.cfg"));
        Await.until(() -> assertStaysInForce(sluice.status()));
        home.copy(unsigned("after"), "after.jar");
        Await.until(() -> assertWaits(sluice.status(), "before", "after"));
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);
        Await.until(() -> {
            assertStaysInForce(again.status());
            assertWaits(again.status(), "before", "after");
        });
        Files.writeString(
                home.deploy("after.jar.sig"), signer.ed25519("release", Files.readAllBytes(home.deploy("after.jar"))));
        Await.until(() -> assertThat(again.status().serving("after")).contains("1.0.0"));

        Files.move(aside, file);
        Await.until(() -> assertThat(again.status().alarms()).noneMatch(alarm -> alarm.contains("conf/" + PID)));
        assertWaits(again.status(), "before");
        Files.writeString(
                home.deploy("before.jar.sig"),
                signer.ed25519("release", Files.readAllBytes(home.deploy("before.jar"))));
        Await.until(() -> assertThat(again.status().serving("before")).contains("1.0.0"));
        Await.until(() -> assertThat(again.status().alarms()).isEmpty());
    }

    @Test
    void damagedAtTheVeryFirstStartItLetsNothingInUntilItIsMended() throws IOException {
        home.configure(PID, "deploy.sha256=\\u12 required");
        Files.createDirectories(home.deploy());
        byte[] jar = unsigned("greeting");
        home.copy(jar, "greeting.jar");
        Files.writeString(home.deploy("greeting.jar.sha256"), Digests.sha256(jar));
        int port = Ports.free();
        int adminPort = Ports.free();
        SluiceProcess sluice = sluices.launch(SluiceProcess.on(home)
                .ownPorts()
                .args("--port", Integer.toString(port), "--admin-port", Integer.toString(adminPort)));

        // The ready line, and with it requests, wait for what may guard them.
        Await.until(() -> {
            Status status = status(sluice, adminPort);
            assertThat(status.deployment("greeting.jar").orElseThrow().reason()).contains(CLOSED);
            assertThat(status.stateOf("greeting.jar")).isEqualTo("INCOMPLETE");
            assertThat(status.json().get("open").getAsBoolean()).isFalse();
            assertThat(status.alarms()).anySatisfy(alarm -> assertThat(alarm)
                    .startsWith("conf/" + PID + ".cfg can't be read: ")
                    .endsWith("What it asks for isn't known, so nothing new is let in. Mend it, or take it" + " out."));
        });
        Await.until(() -> assertThat(sluice.log()).contains(CLOSED));
        assertThat(sluice.isReady()).isFalse();
        assertThat(status(sluice, adminPort).chain()).isEmpty();

        home.configure(PID, "deploy.sha256=required");

        sluice.awaitReady();
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains("1.0.0"));
        assertThat(sluice.status()
                        .deployment("greeting.jar")
                        .orElseThrow()
                        .json()
                        .get("verified")
                        .toString())
                .isEqualTo("[\"sha256\"]");
        Await.until(() -> assertThat(sluice.status().alarms()).isEmpty());
        home.copy(unsigned("other"), "other.jar");
        Await.until(() -> assertThat(
                        sluice.status().deployment("other.jar").orElseThrow().reason())
                .contains("deploy.sha256=required demands it"));
    }

    @Test
    void aStrayCopyBesideAFileChangesNothingAndTheFileCountsAtOnce() throws IOException {
        home.configure(CHAIN, "chain.required=ghost");
        home.configure(PID, "deploy.sha256=required");
        for (String stray : STRAYS) {
            // Were one of them read, nothing would be asked any more.
            home.configure(stray, "hold.limit=7", "history.max=7");
        }
        SluiceProcess sluice = sluices.start(home);
        // So that no start after this one is a first one.
        byte[] served = unsigned("served");
        Files.writeString(home.deploy("served.jar.sha256"), Digests.sha256(served));
        home.copy(served, "served.jar");
        Await.until(() -> assertThat(sluice.status().serving("served")).contains("1.0.0"));
        home.copy(unsigned("first"), "first.jar");
        assertRulesAndStrays(sluice, "first");

        // While it runs: one that is written anew, and one more.
        home.configure(STRAYS.get(0), "chain.required=");
        home.configure(CHAIN + "-late", "chain.required=");
        home.configure(CHAIN, "chain.required=ghost, phantom");
        Await.until(() -> assertThat(kept(CHAIN)).contains("chain.required=ghost,phantom"));
        home.configure(PID, "deploy.sha256=required", "start.timeout=77s");
        Await.until(() -> assertThat(kept(PID)).contains("start.timeout=77s"));
        assertRulesAndStrays(sluice, "first");
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);
        home.copy(unsigned("second"), "second.jar");
        assertRulesAndStrays(again, "first", "second");
        assertThat(kept(CHAIN)).contains("chain.required=ghost,phantom").doesNotContain("hold.limit=7");
        assertThat(kept(PID)).contains("start.timeout=77s").doesNotContain("history.max=7");

        for (String stray : List.of(STRAYS.get(0), STRAYS.get(1), STRAYS.get(2), CHAIN + "-late")) {
            Files.delete(home.conf().resolve(stray + ".cfg"));
        }
        Await.until(() -> assertThat(again.status().alarms()).noneMatch(alarm -> alarm.contains(READ_BY_NOBODY)));
        home.configure(CHAIN, "chain.required=");
        home.configure(PID, "deploy.sha256=if-present");
        Await.until(() -> {
            assertThat(again.status().serving("first")).contains("1.0.0");
            assertThat(again.status().serving("second")).contains("1.0.0");
            assertThat(status(again)).isNotEqualTo(503);
        });
    }

    @Test
    void aFileThatIsRenamedToACopyAndBackTakesNothingBackMeanwhile() throws IOException {
        home.configure(CHAIN, "chain.required=ghost");
        SluiceProcess sluice = sluices.start(home);
        Await.until(() -> assertThat(status(sluice)).isEqualTo(503));
        Path file = home.conf().resolve(CHAIN + ".cfg");
        Path renamed = home.conf().resolve(CHAIN + "-new.cfg");

        Files.writeString(renamed, "chain.required=");
        Files.delete(file);
        Await.until(() -> assertThat(sluice.status().alarms())
                .anyMatch(alarm -> alarm.startsWith("There is no conf/" + CHAIN + ".cfg any more"))
                .anyMatch(alarm -> alarm.startsWith("conf/" + CHAIN + "-new.cfg" + READ_BY_NOBODY)));
        assertThat(status(sluice)).isEqualTo(503);
        assertThat(kept(CHAIN)).contains("chain.required=ghost");
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);
        Await.until(() -> assertThat(again.status().alarms())
                .anyMatch(alarm -> alarm.startsWith("conf/" + CHAIN + "-new.cfg" + READ_BY_NOBODY)));
        assertThat(status(again)).as("over a restart").isEqualTo(503);
        assertThat(kept(CHAIN)).contains("chain.required=ghost");

        Files.move(renamed, file);
        Await.until(() -> {
            assertThat(status(again)).isEqualTo(404);
            assertThat(again.status().alarms()).isEmpty();
        });
    }

    @Test
    void aFirstFileThatMayRequireMoreThanCanBeReadLetsNothingInUntilItIsMended() throws IOException {
        SluiceProcess sluice = sluices.start(home);
        home.copy(unsigned("before"), "before.jar");
        Await.until(() -> assertThat(sluice.status().serving("before")).contains("1.0.0"));
        home.configure(CHAIN, "chain.requried=ghost");
        Await.until(() -> assertThat(sluice.status().alarms())
                .anyMatch(alarm -> alarm.contains("chain.requried (is chain.required meant?)")
                        && alarm.contains("nothing new is let in from the deploy folder")));

        home.copy(unsigned("after"), "after.jar");
        Await.until(() -> assertThat(
                        sluice.status().deployment("after.jar").orElseThrow().reason())
                .contains(NOT_KNOWN));
        assertThat(sluice.terminate()).isZero();
        SluiceProcess again = sluices.start(home);
        Await.until(() -> {
            assertThat(again.status().deployment("after.jar").orElseThrow().reason())
                    .contains(NOT_KNOWN);
            assertThat(again.status().serving("before")).contains("1.0.0");
        });

        home.configure(CHAIN, "chain.required=after");
        Await.until(() -> {
            assertThat(again.status().serving("after")).contains("1.0.0");
            assertThat(again.status().alarms()).isEmpty();
        });
    }

    @Test
    void whatABundleMakesOfAFilesConfigurationChangesNothingAndTheFileCountsAtOnce() throws IOException {
        home.configure(CHAIN, "chain.required=ghost");
        SluiceProcess sluice = sluices.start(home);
        Files.delete(home.conf().resolve(CHAIN + ".cfg"));
        Await.until(
                () -> assertThat(sluice.status().alarms()).anyMatch(alarm -> alarm.startsWith("There is no conf/")));

        home.copy(makerOfInstances(), "maker.jar");
        Await.until(() -> assertThat(sluice.log()).contains(MADE + CHAIN + "~one,", MADE + CHAIN + "~two,"));
        assertThat(status(sluice)).isEqualTo(503);
        assertThat(kept(CHAIN)).contains("chain.required=ghost");

        home.configure(CHAIN, "chain.required=");
        Await.until(() -> {
            assertThat(status(sluice)).isEqualTo(404);
            assertThat(sluice.status().alarms()).isEmpty();
        });
    }

    /** Declarative Services would build a chain of each. */
    private static byte[] makerOfInstances() {
        return TestBundle.of("test.maker", "1.0.0")
                .header("Bundle-Activator", "maker.Activator")
                .imports("org.osgi.framework")
                .source(
                        "maker.Activator",
                        """
                        package maker;

                        import java.util.*;
                        import org.osgi.framework.*;

                        public final class Activator implements BundleActivator {
                            public void start(BundleContext context) throws Exception {
                                Object configurations =
                                        context.getService(context.getServiceReference("%1$s.ConfigurationAdmin"));
                                ClassLoader loader = configurations.getClass().getClassLoader();
                                for (String name : List.of("one", "two")) {
                                    Object made = loader.loadClass("%1$s.ConfigurationAdmin")
                                            .getMethod("getFactoryConfiguration", String.class, String.class, String.class)
                                            .invoke(configurations, "%2$s", name, "?");
                                    loader.loadClass("%1$s.Configuration")
                                            .getMethod("update", Dictionary.class)
                                            .invoke(made, new Hashtable<>(Map.of("chain.required", "")));
                                }
                            }

                            public void stop(BundleContext context) {}
                        }
                        """
                                .formatted("org.osgi.service.cm", CHAIN))
                .jar();
    }

    private static void assertRulesAndStrays(SluiceProcess sluice, String... waiting) {
        Await.until(() -> {
            Status status = sluice.status();
            for (String name : waiting) {
                assertThat(status.deployment(name + ".jar").orElseThrow().reason())
                        .contains("deploy.sha256=required demands it");
            }
            for (String stray : STRAYS) {
                assertThat(status.alarms())
                        .anyMatch(alarm -> alarm.startsWith("conf/" + stray + ".cfg" + READ_BY_NOBODY));
            }
            assertThat(status.alarms()).noneMatch(alarm -> alarm.startsWith("There is no conf/"));
            assertThat(status(sluice)).isEqualTo(503);
        });
    }

    private static int status(SluiceProcess sluice) {
        return Client.anonymous().get(sluice.data("/")).statusCode();
    }

    /** What would be in force after a restart. */
    private String kept(String pid) throws IOException {
        return Files.readString(home.data().resolve("settings/" + pid + ".properties"));
    }

    private static byte[] unsigned(String name) {
        return TestBundle.stamping(name, "1.0.0").jar();
    }

    private static Status status(SluiceProcess sluice, int adminPort) {
        return Status.parse(Client.withLogin("admin", sluice.password())
                .get(URI.create("http://127.0.0.1:" + adminPort + "/api/v1/status"))
                .body());
    }

    private static void assertWaits(Status status, String... names) {
        Stream.of(names).forEach(name -> {
            assertThat(status.deployment(name + ".jar")).hasValueSatisfying(deployment -> {
                assertThat(deployment.state()).isEqualTo("INCOMPLETE");
                assertThat(deployment.reason())
                        .contains("its signature " + name + ".jar.sig isn't there", "deploy.signature=required");
            });
            assertThat(status.serving(name)).isEmpty();
        });
    }

    private static void assertStaysInForce(Status status) {
        assertThat(status.alarms())
                .contains("There is no conf/" + PID + ".cfg any more that can be read. What it said stays in"
                        + " force: deploy.signature=required. Put it back; or put an empty file there, to have the"
                        + " defaults.");
    }
}
