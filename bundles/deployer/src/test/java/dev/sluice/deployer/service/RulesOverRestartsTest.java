package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.rollout.policy.PolicyLine;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import dev.sluice.deployer.testing.FakeChain;
import dev.sluice.deployer.testing.TestFramework;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** A mistake in the deployer's configuration loosens no rule, whether or not the container was restarted in between. */
class RulesOverRestartsTest {

    private static final Policies WHOLE = new Policies() {
        @Override
        public Choice choose(String symbolicName, Collection<String> middleware) {
            return new Choice.Chosen(RolloutPolicy.of(Map.of("middleware", "*", "bake", "0s")));
        }

        @Override
        public List<PolicyLine> lines() {
            return List.of();
        }
    };

    @TempDir
    Path home;

    private int starts;
    private TestFramework framework;
    private FakeChain chain;
    private DeployerComponent deployer;

    /** What the launcher says of the home, for this framework alone. */
    private BundleContext context() {
        BundleContext real = framework.context();
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getProperty")
                            && arguments[0].toString().startsWith("sluice.")) {
                        return home.resolve(arguments[0].toString().split("\\.")[1])
                                .toString();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Map<String, String> quick(Map<String, String> written) {
        Map<String, String> all =
                new HashMap<>(Map.of("service.pid", Settings.PID, "settle.window", "20ms", "scan.interval", "100ms"));
        all.putAll(written);
        return all;
    }

    private void start(Map<String, String> written) throws Exception {
        startFramework();
        startDeployer(written);
    }

    private void startFramework() throws Exception {
        Files.createDirectories(home.resolve("data"));
        framework = new TestFramework(home.resolve("framework-" + starts++));
        chain = new FakeChain(framework.context());
    }

    private void startDeployer(Map<String, String> written) throws IOException {
        startDeployerWith(quick(written));
    }

    private void startDeployerWith(Map<String, String> properties) throws IOException {
        deployer = new DeployerComponent(
                context(),
                Written.of(properties),
                Map.copyOf(properties),
                chain,
                framework.service(ServiceComponentRuntime.class),
                WHOLE,
                framework.service(ConfigurationAdmin.class));
        deployer.start();
    }

    private void restartWithoutConfiguration() throws Exception {
        stop();
        startFramework();
        startDeployerWith(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        deployer.deactivate();
        framework.close();
    }

    private void restart(Map<String, String> written) throws Exception {
        stop();
        start(written);
    }

    private void change(Map<String, String> written) {
        deployer.modified(Written.of(quick(written)), Map.copyOf(quick(written)));
    }

    private void takeTheConfigurationAway() {
        deployer.modified(Written.of(Map.of()), Map.of());
    }

    private void writeToConf(String file, String text) throws IOException {
        Files.writeString(Files.createDirectories(home.resolve("conf")).resolve(file), text);
    }

    private void copy(String version) throws IOException {
        Path built = middleware("greeting", version, "greeting").writeTo(home.resolve("built.jar"));
        Path part = Files.createDirectories(home.resolve("deploy")).resolve(".greeting.part");
        Files.copy(built, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, home.resolve("deploy/greeting.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitServing(String serving) {
        eventually(serving + " serves", () -> chain.serving().equals(serving));
    }

    private String awaitWaiting() {
        eventually("it waits", () -> waiting().isPresent());
        return waiting().orElseThrow();
    }

    private Optional<String> waiting() {
        return deployer.view().deployments().stream()
                .filter(one -> one.state() == DeploymentState.INCOMPLETE)
                .flatMap(one -> one.reason().stream())
                .findFirst();
    }

    private void awaitStarted() {
        eventually("it has started", () -> deployer.view().started());
    }

    private void awaitAlarm(String part) {
        eventually(
                "an alarm says " + part, () -> deployer.view().alarms().stream().anyMatch(one -> one.contains(part)));
    }

    private List<String> mistakes() {
        return deployer.view().alarms().stream()
                .filter(alarm -> alarm.contains("In conf/"))
                .toList();
    }

    private void awaitPublishedAlone() {
        eventually("nothing else is left", () -> deployer.view().deployments().stream()
                .map(DeploymentView::state)
                .toList()
                .equals(List.of(DeploymentState.PUBLISHED)));
    }

    @Test
    void aValueThatCannotBeReadLeavesTheRuleInForceOverARestart() throws Exception {
        start(Map.of());
        copy("1.0.0");
        awaitServing("greeting=1.0.0");
        awaitPublishedAlone();
        change(Map.of("deploy.sha256", "required"));
        assertThat(mistakes()).isEmpty();

        restart(Map.of("deploy.sha256", "requierd"));
        awaitServing("greeting=1.0.0");
        awaitAlarm("deploy.sha256=requierd is not allowed: it is if-present or required; required stays in force. Write"
                + " deploy.sha256=required, if that is meant.");
        copy("2.0.0");
        assertThat(awaitWaiting()).contains("deploy.sha256=required demands it");
        assertThat(chain.serving()).isEqualTo("greeting=1.0.0");

        // The chain's bundle comes back: a new deployer in the same framework.
        deployer.deactivate();
        startDeployer(Map.of("deploy.sha256", "requierd"));
        assertThat(awaitWaiting()).contains("deploy.sha256=required demands it");

        change(Map.of("deploy.sha256", "if-present"));
        awaitServing("greeting=2.0.0");
        assertThat(mistakes()).isEmpty();
    }

    @Test
    void aMisspeltKeyLeavesTheRuleInForceWhileItRunsAndOverARestart() throws Exception {
        start(Map.of("deploy.sha256", "required"));
        change(Map.of("deploy.sha265", "required"));
        awaitAlarm("deploy.sha265 (is deploy.sha256 meant?) is not a key");
        copy("1.0.0");
        assertThat(awaitWaiting()).contains("deploy.sha256=required demands it");

        restart(Map.of("deploy.sha265", "required"));
        awaitAlarm("deploy.sha265 (is deploy.sha256 meant?) is not a key");
        assertThat(awaitWaiting()).contains("deploy.sha256=required demands it");
        assertThat(chain.serving()).isEmpty();

        change(Map.of());
        awaitServing("greeting=1.0.0");
        assertThat(mistakes()).isEmpty();
    }

    @Test
    void whereNothingIsKnownNothingNewComesInAndWhatWasPublishedComesBack() throws Exception {
        start(Map.of());
        copy("1.0.0");
        awaitServing("greeting=1.0.0");
        awaitPublishedAlone();
        stop();
        // As after an update from a release that kept nothing.
        Files.delete(home.resolve("data/settings/dev.sluice.deployer.properties"));
        start(Map.of("deploy.signature", "requierd"));
        awaitServing("greeting=1.0.0");
        awaitStarted();
        awaitPublishedAlone();
        awaitAlarm("deploy.signature=requierd is not allowed: it is off or if-present or required; what was in force"
                + " before isn't known, so nothing new is let in. Write deploy.signature=required, if that is meant.");
        copy("2.0.0");
        assertThat(awaitWaiting())
                .contains("nothing new is let in, as it isn't known by which rules: In the configuration"
                        + " dev.sluice.deployer deploy.signature=requierd is not allowed");
        assertThat(chain.serving()).isEqualTo("greeting=1.0.0");

        // Nor does the next start make the default of it.
        restart(Map.of("deploy.signature", "requierd"));
        assertThat(awaitWaiting()).contains("nothing new is let in");
        assertThat(chain.serving()).isEqualTo("greeting=1.0.0");

        change(Map.of("deploy.signature", "off"));
        awaitServing("greeting=2.0.0");
        assertThat(mistakes()).isEmpty();
    }

    @Test
    void aMisspeltRuleAtTheFirstStartLetsNothingIn() throws Exception {
        copy("1.0.0");
        start(Map.of("deploy.sha265", "required"));
        assertThat(awaitWaiting())
                .contains("nothing new is let in", "deploy.sha265 (is deploy.sha256 meant?) is not a key");
        assertThat(chain.serving()).isEmpty();

        change(Map.of("deploy.sha256", "required"));
        eventually("it waits for its digest", () -> waiting()
                .filter(reason -> reason.contains("deploy.sha256=required demands it"))
                .isPresent());
        assertThat(mistakes()).isEmpty();
    }

    @Test
    void aFileThatIsAwayTakesNoRuleBackNotEvenOverARestart() throws Exception {
        start(Map.of("deploy.sha256", "required"));
        takeTheConfigurationAway();
        awaitAlarm("There is no conf/dev.sluice.deployer.cfg any more that can be read. What it said stays in force: ");
        copy("1.0.0");
        assertThat(awaitWaiting()).contains("deploy.sha256=required demands it");

        restartWithoutConfiguration();
        assertThat(awaitWaiting()).contains("deploy.sha256=required demands it");
        awaitAlarm("scan.interval=100ms, deploy.sha256=required. Put it back; or put an empty file there");

        change(Map.of());
        awaitServing("greeting=1.0.0");
        eventually("no alarm is left", () -> deployer.view().alarms().isEmpty());
    }

    @Test
    void aFileThatCannotBeReadAtTheFirstStartLetsNothingIn() throws Exception {
        writeToConf("dev.sluice.deployer.cfg", "deploy.sha256=\\u12 required");
        copy("1.0.0");
        startFramework();
        startDeployerWith(Map.of());
        assertThat(awaitWaiting())
                .contains("nothing new is let in, as it isn't known by which rules:"
                        + " conf/dev.sluice.deployer.cfg can't be read: ");
        awaitAlarm("What it asks for isn't known, so nothing new is let in. Mend it, or take it out.");

        // Nor does the next start make the defaults of it.
        restartWithoutConfiguration();
        assertThat(awaitWaiting()).contains("nothing new is let in");
        assertThat(chain.serving()).isEmpty();

        // Nor that it is mended, until what it says now is known.
        writeToConf("dev.sluice.deployer.cfg", "deploy.sha256=required");
        eventually("it was looked at", () -> deployer.view().alarms().stream()
                .anyMatch(alarm -> alarm.contains("no configuration has come of it yet")));
        assertThat(chain.serving()).isEmpty();
        change(Map.of("deploy.sha256", "required"));
        eventually("it waits for its digest", () -> waiting()
                .filter(reason -> reason.contains("deploy.sha256=required demands it"))
                .isPresent());
        assertThat(chain.history()).noneMatch(served -> served.contains("greeting"));
    }

    @Test
    void aFileThatCannotBeReadAtTheFirstStartIsForgottenWhenItHasGone() throws Exception {
        writeToConf("dev.sluice.deployer.cfg", "deploy.sha256=\\u12 required");
        copy("1.0.0");
        startFramework();
        startDeployerWith(Map.of());
        awaitWaiting();
        Files.delete(home.resolve("conf/dev.sluice.deployer.cfg"));
        awaitServing("greeting=1.0.0");
        eventually("no alarm is left", () -> deployer.view().alarms().isEmpty());
    }
}
