package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.testing.AuthComponent;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.ConfigurationAdmin;

/** What takes a path over has to bring what the content before provided, whether or not its manifest declares anything. */
class SuccessorTest {

    private static final String NEEDS_CONFIGURATION =
            "configuration-policy=\"require\" configuration-pid=\"auth.config\"";
    private static final String CONFIGURATION_REASON =
            "component auth.component needs a configuration with PID auth.config: put conf/auth.config.cfg";

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

    private void serveAuth() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    private void assertTheOldServesOn() throws Exception {
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(fixture.chain.causes()).containsExactly("deploy auth.jar");
        assertThat(fixture.states()).contains("auth.jar:PUBLISHED").contains("auth.jar:FAILED");
        fixture.awaitBundles(1);
    }

    /** A component whose bundle declares nothing in its manifest. */
    private static BundleJar component(String xmlAttributes, String service, String xmlContent) {
        return AuthComponent.of("2.0.0", service, xmlAttributes, xmlContent, "");
    }

    private static BundleJar middlewareComponent(String xmlAttributes, String xmlContent) {
        return AuthComponent.middleware("2.0.0", xmlAttributes, xmlContent, "");
    }

    @Test
    void aSuccessorThatRegistersLaterIsWaitedForThoughItDeclaresNothing() throws Exception {
        serveAuth();
        new BundleJar("auth", "2.0.0")
                .activator(
                        "new Thread(() -> { try { Thread.sleep(300); } catch (Exception e) {} register(\"auth\"); }).start();",
                        "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settle();

        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0");
        // A publish of the bundle without it would have been one more generation, without a place for auth.
        assertThat(fixture.chain.causes()).containsExactly("deploy auth.jar", "deploy auth.jar");
        assertThat(fixture.deployments("auth.jar").stream()
                        .filter(view -> view.state() == DeploymentState.PUBLISHED)
                        .map(view -> view.middleware()))
                .containsExactly(List.of("auth"));
    }

    @Test
    void aSuccessorWhoseComponentNeedsAConfigurationFailsAndIsTriedAgainWhenItIsThere() throws Exception {
        serveAuth();
        fixture.impatiently();
        middlewareComponent(NEEDS_CONFIGURATION, "").writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();

        assertThat(fixture.reason("auth.jar"))
                .isEqualTo("middleware auth didn't come up within 500ms (start.timeout): " + CONFIGURATION_REASON);
        assertThat(fixture.marker("auth.jar")).contains("put conf/auth.config.cfg");
        assertTheOldServesOn();

        fixture.patiently();
        configure();
        eventually("it serves", () -> fixture.chain.serving().equals("auth=2.0.0"));
    }

    private void configure() throws Exception {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("realm", "sluice");
        fixture.framework
                .service(ConfigurationAdmin.class)
                .getConfiguration("auth.config", "?")
                .update(properties);
    }

    @Test
    void aSuccessorThatBringsNothingFailsUntilTheFileWasDeletedFirst() throws Exception {
        serveAuth();
        fixture.impatiently();
        BundleJar library = new BundleJar("auth", "2.0.0");
        library.writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();

        assertThat(fixture.reason("auth.jar"))
                .isEqualTo("the content before provides auth, and this one doesn't register it: it was waited for 500ms"
                        + " (start.timeout); to take auth out of the chain delete the file first");
        assertThat(fixture.marker("auth.jar")).contains("the content before provides auth");
        assertTheOldServesOn();

        fixture.patiently();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");

        fixture.delete("auth.jar");
        fixture.settle();
        library.writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEmpty();
        assertThat(fixture.in("auth.jar", DeploymentState.PUBLISHED)).isPresent();
    }

    @Test
    void aSuccessorThatBringsOnlySomeOfTheNamesFailsAndOnlyTheOthersAreNamed() throws Exception {
        new BundleJar("auth", "1.0.0")
                .activator("register(\"auth\"); register(\"audit\");", "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settle();
        fixture.impatiently();
        middleware("auth", "2.0.0", "audit").declares("audit").writeTo(fixture.file("auth.jar"));
        fixture.settleInVain();

        assertThat(fixture.reason("auth.jar")).startsWith("the content before provides auth, and this one doesn't");
        assertThat(fixture.chain.serving()).isEqualTo("audit=1.0.0 auth=1.0.0");
    }

    @Test
    void whatCouldNotBeBroughtBackKeepsItsPlaceWhenALibraryTakesItsPath() throws Exception {
        serveAuth();
        fixture.crash();
        try (var copies = Files.walk(fixture.data("store"))) {
            for (Path copy : copies.filter(Files::isRegularFile).toList()) {
                Files.delete(copy);
            }
        }
        new BundleJar("auth", "2.0.0").writeTo(fixture.file("auth.jar"));
        fixture.impatiently();
        fixture.newFramework();
        fixture.startRunWithoutSettling();
        fixture.settleInVain();

        assertThat(fixture.chain.serving()).isEqualTo("auth=closed");
        assertThat(fixture.reason("auth.jar")).contains("the content before provides auth");
    }

    @Test
    void aLibraryMayTakeThePathOfALibrary() throws Exception {
        new BundleJar("lib", "1.0.0").writeTo(fixture.file("lib.jar"));
        fixture.settle();
        new BundleJar("lib", "2.0.0").writeTo(fixture.file("lib.jar"));
        fixture.settle();
        assertThat(fixture.in("lib.jar", DeploymentState.PUBLISHED).flatMap(view -> view.version()))
                .contains("2.0.0");
        assertThat(fixture.in("lib.jar", DeploymentState.FAILED)).isEmpty();
    }

    @Test
    void aLibraryMayTakeThePathOfWhatServesOnFromAnotherFile() throws Exception {
        serveAuth();
        Files.copy(fixture.file("auth.jar"), fixture.file("twin.jar"));
        fixture.settle();
        new BundleJar("lib", "1.0.0").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("auth.jar:PUBLISHED twin.jar:PUBLISHED");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    @Test
    void aMiddlewareComponentThatStaysUnsatisfiedIsAFailureWhereNothingWasBefore() throws Exception {
        fixture.impatiently();
        middlewareComponent(NEEDS_CONFIGURATION, "").writeTo(fixture.file("auth.jar"));
        fixture.settleInVain(Fixture.TICK);
        assertThat(fixture.reason("auth.jar"))
                .isEqualTo("a middleware of it didn't come up within 500ms (start.timeout): " + CONFIGURATION_REASON);
        assertThat(fixture.marker("auth.jar")).contains("put conf/auth.config.cfg");
        fixture.awaitBundles(0);

        fixture.patiently();
        configure();
        eventually("it serves", () -> fixture.chain.serving().equals("auth=2.0.0"));
    }

    @Test
    void aFilterComponentWithAMiddlewareNameThatStaysUnsatisfiedIsAFailure() throws Exception {
        fixture.impatiently();
        component(NEEDS_CONFIGURATION, "jakarta.servlet.Filter", "<property name=\"middleware.name\" value=\"auth\"/>")
                .writeTo(fixture.file("auth.jar"));
        fixture.settleInVain(Fixture.TICK);
        assertThat(fixture.reason("auth.jar")).contains(CONFIGURATION_REASON);
    }

    @Test
    void aMiddlewareComponentThatFailsToActivateIsAFailureThoughAnotherMiddlewareCameUp() throws Exception {
        for (String kind : List.of("immediate=\"true\"", "immediate=\"false\"")) {
            middlewareComponent("activate=\"run\" " + kind, "")
                    .activator("register(\"audit\");", "")
                    .source(
                            "a.Auth",
                            """
                            package a;
                            import dev.sluice.middleware.*;
                            import jakarta.servlet.http.*;
                            public class Auth implements Middleware {
                                public void handle(HttpServletRequest request, HttpServletResponse response, Next next) {}
                                public void run() { throw new IllegalStateException("no key"); }
                            }
                            """)
                    .writeTo(fixture.file("auth.jar"));
            fixture.settle();
            assertThat(fixture.reason("auth.jar")).contains("auth.component failed to activate");
            assertThat(fixture.chain.serving()).isEmpty();
        }
    }

    @Test
    void aMiddlewareComponentThatStaysUnsatisfiedIsAFailureThoughAnotherMiddlewareCameUp() throws Exception {
        fixture.impatiently();
        middlewareComponent(NEEDS_CONFIGURATION, "")
                .activator("register(\"audit\");", "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settleInVain(Fixture.TICK);
        assertThat(fixture.reason("auth.jar")).contains(CONFIGURATION_REASON);
        assertThat(fixture.chain.serving()).isEmpty();
    }

    @Test
    void aMiddlewareComponentIsWaitedForUntilTheServiceItNeedsIsThere() throws Exception {
        middlewareComponent("", "<reference name=\"clock\" interface=\"java.lang.Runnable\"/>")
                .activator(
                        "new Thread(() -> { try { Thread.sleep(300); } catch (Exception e) {}"
                                + " context.registerService(Runnable.class, () -> {}, null); }).start();",
                        "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.deployments("auth.jar").get(0).middleware()).containsExactly("auth");
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0");
    }

    @Test
    void whatNoMiddlewareComesFromMayStayUnsatisfiedAndItIsToldWhy() throws Exception {
        component(NEEDS_CONFIGURATION, "java.lang.Runnable", "").writeTo(fixture.file("runnable.jar"));
        component(NEEDS_CONFIGURATION, "jakarta.servlet.Filter", "")
                .header("Bundle-SymbolicName", "plain")
                .writeTo(fixture.file("filter.jar"));
        middlewareComponent(NEEDS_CONFIGURATION + " enabled=\"false\"", "")
                .header("Bundle-SymbolicName", "disabled")
                .writeTo(fixture.file("disabled.jar"));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("disabled.jar:PUBLISHED filter.jar:PUBLISHED runnable.jar:PUBLISHED");
        assertThat(fixture.deployments("runnable.jar").get(0).reason().orElseThrow())
                .isEqualTo("brings no middleware: " + CONFIGURATION_REASON);
    }
}
