package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Unloaded means unloaded. Counted by the JVM itself: the class loaders of bundles, and the objects of the fixtures' classes,
 * that a full collection leaves.
 */
@Tag("process")
class UnloadIT {

    private static final int VERSIONS = 200;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void classLoadersOfTwoHundredReplacedVersionsAreCollected() {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        replace(sluice, 0);
        long before = Jvm.of(sluice).instances(Jvm.BUNDLE_CLASS_LOADER);
        assertThat(before).as("bundles with a class loader").isPositive();

        for (int version = 1; version <= VERSIONS / 2; version++) {
            replace(sluice, version);
        }

        Await.until(Duration.ofSeconds(60), () -> {
            assertThat(Jvm.of(sluice).instances("fixture.Activator")).isEqualTo(1);
            assertThat(Jvm.of(sluice).instances("fixture.Stamp")).isEqualTo(1);
            assertThat(Jvm.of(sluice).instances(Jvm.BUNDLE_CLASS_LOADER)).isLessThanOrEqualTo(before);
        });
        assertThat(home.files()).containsExactly("component.jar", "plain.jar");
    }

    /** Replaces two, one that an activator registered and one of Declarative Services, and sends a request through both. */
    private static void replace(SluiceProcess sluice, int version) {
        String number = "1.0." + version;
        sluice.home().copy(TestBundle.stamping("plain", number).jar(), "plain.jar");
        sluice.home().copy(AnnotatedBundle.stamping("component", number, "", "").jar(), "component.jar");
        Answers.awaitServing(sluice, "plain", number);
        Answers.awaitServing(sluice, "component", number);
    }
}
