package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.testing.AuthComponent;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.ConfigurationAdmin;

class ReadinessTest {

    @TempDir
    Path home;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
        fixture.patiently();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private static BundleJar component(String xmlAttributes, String xmlContent, String activate) {
        return AuthComponent.middleware("1.0.0", "activate=\"activate\" " + xmlAttributes, xmlContent, activate)
                .declares("auth");
    }

    @Test
    void aComponentIsPublished() throws Exception {
        component("", "", "").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    @Test
    void aMissingConfigurationIsNamedAndTheBundleIsTriedAgainWhenItIsThere() throws Exception {
        fixture.impatiently();
        component("configuration-policy=\"require\" configuration-pid=\"auth.config\"", "", "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();
        assertThat(fixture.reason("auth.jar"))
                .isEqualTo("middleware auth didn't come up within 500ms (start.timeout): component auth.component needs"
                        + " a configuration with PID auth.config: put conf/auth.config.cfg");
        assertThat(fixture.marker("auth.jar")).contains("put conf/auth.config.cfg");

        fixture.patiently();
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("realm", "sluice");
        fixture.framework
                .service(ConfigurationAdmin.class)
                .getConfiguration("auth.config", "?")
                .update(properties);
        dev.sluice.deployer.testing.Eventually.eventually(
                "it is published",
                () -> fixture.in("auth.jar", DeploymentState.PUBLISHED).isPresent());
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(fixture.hasMarker("auth.jar")).isFalse();
    }

    @Test
    void aMissingServiceIsNamedAndTheBundleIsTriedAgainWhenItIsThere() throws Exception {
        fixture.impatiently();
        component("", "<reference name=\"clock\" interface=\"java.lang.Runnable\" target=\"(a=b)\"/>", "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();
        assertThat(fixture.reason("auth.jar"))
                .contains("component auth.component needs a service java.lang.Runnable with (a=b), and there is none");

        fixture.patiently();
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("a", "b");
        fixture.framework.context().registerService(Runnable.class, () -> {}, properties);
        dev.sluice.deployer.testing.Eventually.eventually(
                "it is published",
                () -> fixture.in("auth.jar", DeploymentState.PUBLISHED).isPresent());
    }

    @Test
    void aComponentThatFailsToActivateIsReportedWithItsReason() throws Exception {
        component("", "", "throw new IllegalArgumentException(\"no key\");").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.reason("auth.jar"))
                .contains("component auth.component failed to activate")
                .contains("no key");
        assertThat(fixture.chain.serving()).isEmpty();
        fixture.awaitBundles(0);
    }

    @Test
    void whatIsDeclaredAndNeverRegisteredIsReported() throws Exception {
        fixture.impatiently();
        middleware("auth", "1.0.0", "other").declares("auth").writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();
        assertThat(fixture.reason("auth.jar"))
                .isEqualTo("middleware auth didn't come up within 500ms (start.timeout): its manifest declares it, and"
                        + " nothing registers it under that name");
    }

    @Test
    void aDeclaredMiddlewareWhoseClassIsNoComponentGetsAHint() throws Exception {
        fixture.impatiently();
        new BundleJar("auth", "1.0.0").declares("auth").writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();
        assertThat(fixture.reason("auth.jar")).endsWith("is @Component missing on its class?");
    }

    @Test
    void onlyWhatIsMissingOfTheDeclaredIsNamed() throws Exception {
        fixture.impatiently();
        middleware("auth", "1.0.0", "stopwatch")
                .header(
                        "Provide-Capability",
                        "dev.sluice.middleware;name=ghost;component=a,dev.sluice.middleware;name=phantom;component=b,"
                                + "dev.sluice.middleware;name=stopwatch;component=c")
                .writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();
        assertThat(fixture.reason("auth.jar")).startsWith("middleware ghost, phantom didn't come up within 500ms");
    }

    @Test
    void whatIsDeclaredAndRegisteredLaterIsWaitedFor() throws Exception {
        new BundleJar("auth", "1.0.0")
                .declares("auth")
                .activator(
                        "new Thread(() -> { try { Thread.sleep(100); } catch (Exception e) {} register(\"auth\"); }).start();",
                        "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    @Test
    void anotherBundlesNameIsRefusedUntilItsOwnerGoes() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        middleware("evil", "99.0.0", "auth").writeTo(fixture.file("evil.jar"));
        fixture.settle();
        assertThat(fixture.reason("evil.jar")).contains("owned by auth");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    @Test
    void aHealthCheckThatIsCriticalFailsTheDeploymentAndItsMessageIsTold() throws Exception {
        healthChecked("Result.Status.CRITICAL").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.reason("auth.jar")).isEqualTo("its health check 'database' reports CRITICAL: it says so");
        assertThat(fixture.chain.serving()).isEmpty();
    }

    @Test
    void aHealthCheckThatWarnsIsGoodEnough() throws Exception {
        healthChecked("Result.Status.WARN").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    @Test
    void aHealthCheckThatIsTemporarilyUnavailableIsAskedAgainUntilTheDeadline() throws Exception {
        healthChecked("asked++ < 2 ? Result.Status.TEMPORARILY_UNAVAILABLE : Result.Status.OK")
                .writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");

        fixture.impatiently();
        healthChecked("Result.Status.TEMPORARILY_UNAVAILABLE").writeTo(fixture.file("auth.jar"));
        fixture.settleInVain(Fixture.TICK);
        assertThat(fixture.reason("auth.jar")).contains("TEMPORARILY_UNAVAILABLE");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    private static BundleJar healthChecked(String status) {
        return middleware("auth", "1.0.0", "auth")
                .imports("org.apache.felix.hc.api,org.slf4j")
                .source(
                        "a.Check",
                        """
                        package a;
                        import org.apache.felix.hc.api.*;
                        public class Check implements HealthCheck {
                            int asked;
                            public Result execute() { return new Result(%s, "it says so"); }
                        }
                        """
                                .formatted(status))
                .activator(
                        """
                        register("auth");
                        Hashtable<String, Object> properties = new Hashtable<>();
                        properties.put("hc.name", "database");
                        context.registerService("org.apache.felix.hc.api.HealthCheck", new Check(), properties);
                        """,
                        "");
    }
}
