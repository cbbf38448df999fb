package dev.sluice.itests.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.Spoiled;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The old version outlives each kind of bad JAR that is copied over its file, without one failed request, and the marker
 * says what to do.
 */
@Tag("process")
@Tag("one-java")
class BadJarIT {

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private static final String FILE = "greeting.jar";

    private SluiceProcess sluice;
    private Home home;

    @BeforeEach
    void serveAGoodVersion() {
        sluice = sluices.shared();
        home = sluice.home();
        if (Files.notExists(home.conf().resolve("dev.sluice.deployer.cfg"))) {
            home.configure("dev.sluice.deployer", "start.timeout=3s");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badJars")
    void theOldVersionOutlives(String kind, byte[] bad, List<String> marker) {
        home.copy(TestBundle.stamping("greeting", "1.0.0").jar(), FILE);
        Answers.awaitServing(sluice, "greeting", "1.0.0");
        long generation = sluice.status().generation();

        try (Load load = Load.on(sluice.data("/"), Answers.sameVersion(404, "greeting"))) {
            home.copy(bad, FILE);
            Await.until(() -> assertThat(home.marker(FILE)).exists());
            load.awaitAnswers(50);
            load.stop();
            assertThat(load.complaints()).isEmpty();
        }

        assertThat(home.markerText(FILE))
                .containsPattern("20\\d\\d-\\d\\d-\\d\\d")
                .satisfies(text ->
                        assertThat(text.toLowerCase(java.util.Locale.ROOT)).contains(marker));
        Status status = sluice.status();
        assertThat(status.generation()).as("nothing changed").isEqualTo(generation);
        assertThat(status.serving("greeting")).contains("1.0.0");
        assertThat(status.deployments()).anySatisfy(deployment -> {
            assertThat(deployment.file()).isEqualTo(FILE);
            assertThat(deployment.state()).isEqualTo("FAILED");
            assertThat(deployment.reason()).isNotBlank();
        });
        Await.until(() -> assertThat(sluice.log()).as("the log names the file").contains(FILE));

        home.copy(TestBundle.stamping("greeting", "3.0.0").jar(), FILE);
        Answers.awaitServing(sluice, "greeting", "3.0.0");
        Await.until(() -> assertThat(home.marker(FILE)).doesNotExist());
    }

    static Stream<Arguments> badJars() throws IOException {
        byte[] good = greeting().jar();
        return Stream.of(
                bad("not a ZIP", "hello".repeat(100).getBytes(UTF_8), "zip"),
                bad("no manifest", Spoiled.withoutManifest(good), "manifest"),
                bad("a plain JAR", plain(), "bundle-symbolicname"),
                bad(
                        "an import that nobody exports",
                        greeting().imports("com.example.absent").jar(),
                        "com.example.absent"),
                bad(
                        "another version of the API",
                        greeting()
                                .imports("dev.sluice.middleware;version=\"[2,3)\"")
                                .jar(),
                        "dev.sluice.middleware",
                        "[2",
                        "1.0.0"),
                bad(
                        "a fragment",
                        greeting().header("Fragment-Host", "dev.sluice.chain").jar(),
                        "fragment"),
                bad(
                        "a framework extension",
                        TestBundle.of("test.extension", "1.0.0")
                                .header("Fragment-Host", "system.bundle; extension:=framework")
                                .jar(),
                        "extension"),
                bad(
                        "an export of the container's packages",
                        greeting()
                                .header("Export-Package", "dev.sluice.chain;version=9")
                                .jar(),
                        "dev.sluice.chain"),
                bad(
                        "an export of the Servlet API",
                        greeting()
                                .header("Export-Package", "jakarta.servlet;version=6")
                                .jar(),
                        "jakarta.servlet"),
                bad(
                        "classes for a newer Java",
                        Spoiled.classFilesOf(good, 99),
                        "java 99",
                        "java " + Shipped.javaFeature()),
                bad(
                        "content that brings less than the content before",
                        TestBundle.of("test.greeting", "2.0.0").jar(),
                        "the content before provides greeting",
                        "delete the file"),
                bad(
                        "an activator that throws",
                        greeting().header("Test-Start", "throw").jar(),
                        "no database at"),
                bad(
                        "an activator that hangs",
                        greeting().header("Test-Start", "hang").jar(),
                        "3s"),
                bad(
                        "an activator that isn't there",
                        greeting().header("Bundle-Activator", "fixture.Absent").jar(),
                        "fixture.absent"),
                bad(
                        "a component that throws",
                        component("", "public Stamp() { throw new IllegalStateException(\"no licence\"); }"),
                        "no licence"),
                bad(
                        "a component without what it references",
                        component("", "@Reference java.util.concurrent.ExecutorService pool;"),
                        "java.util.concurrent.executorservice"),
                bad(
                        "a component without its configuration",
                        component(
                                "configurationPid = \"test.absent\", configurationPolicy = ConfigurationPolicy.REQUIRE",
                                ""),
                        "test.absent",
                        "conf"),
                bad("a component whose health check is critical", unhealthy(), "the queue is down"),
                bad(
                        "a bad path",
                        greeting().middleware("other", "not/a/path", 1, "stamp").jar(),
                        "not/a/path"),
                bad(
                        "a name twice",
                        greeting().middleware("greeting", "/b", 1, "stamp").jar(),
                        "greeting"),
                bad("an entry that climbs", Spoiled.withEntry(good, "../../outside", new byte[1]), "../../outside"),
                bad("an absolute entry", Spoiled.withEntry(good, "/etc/outside", new byte[1]), "/etc/outside"),
                bad("a ZIP bomb", Spoiled.bomb(good, 50), "zeros"),
                bad("an absurd number of entries", Spoiled.withEntries(good, 70_000), "entries"),
                bad("encrypted entries", Spoiled.encrypted(good), "encrypted"));
    }

    @Test
    void aTakenNameIsRefused() {
        home.copy(TestBundle.stamping("greeting", "1.0.0").jar(), FILE);
        Answers.awaitServing(sluice, "greeting", "1.0.0");

        home.copy(
                TestBundle.of("test.thief", "99.0.0")
                        .middleware("greeting", "/*", 100, "stamp")
                        .jar(),
                "thief.jar");

        Await.until(() -> assertThat(home.markerText("thief.jar"))
                .contains("greeting")
                .contains("test.greeting")
                .contains("chain.owner"));
        Answers.assertServing(sluice, "greeting", "1.0.0");
    }

    @Test
    void aManifestThatIsNotTheFirstEntryIsReadProperly() {
        home.copy(Spoiled.manifestLast(greeting().jar()), FILE);

        Answers.awaitServing(sluice, "greeting", "2.0.0");
        assertThat(home.marker(FILE)).doesNotExist();
    }

    @Test
    void aMarkerGoesWithItsFile() {
        home.copy("no JAR".getBytes(UTF_8), FILE);
        Await.until(() -> assertThat(home.marker(FILE)).exists());

        home.remove(FILE);

        Await.until(() -> assertThat(home.marker(FILE)).doesNotExist());
        Await.until(() -> assertThat(sluice.status().deployment(FILE)).isEmpty());
    }

    private static Arguments bad(String kind, byte[] jar, String... marker) {
        return arguments(kind, jar, List.of(marker));
    }

    private static TestBundle greeting() {
        return TestBundle.stamping("greeting", "2.0.0");
    }

    private static byte[] component(String component, String body) {
        return AnnotatedBundle.stamping("greeting", "2.0.0", component, body).jar();
    }

    private static byte[] plain() {
        return Spoiled.withEntry(
                greeting().jar(), "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n".getBytes(UTF_8));
    }

    private static byte[] unhealthy() {
        return AnnotatedBundle.stamping("greeting", "2.0.0", "", "")
                .source(
                        "fixture.Queue",
                        """
                        package fixture;

                        import org.apache.felix.hc.api.*;
                        import org.osgi.service.component.annotations.*;

                        @Component
                        public final class Queue implements HealthCheck {
                            @Override
                            public Result execute() {
                                return new Result(Result.Status.CRITICAL, "the queue is down");
                            }
                        }
                        """)
                .jar();
    }
}
