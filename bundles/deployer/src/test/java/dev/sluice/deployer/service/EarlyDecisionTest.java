package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** What an operator does to a bundle that serves already, and which the deployer is about to write down as published. */
@Timeout(120)
class EarlyDecisionTest extends WithFixture {

    private interface Act {
        void on(Bundle bundle) throws BundleException;
    }

    private void publishedAndThen(Act... acts) throws Exception {
        fixture.chain.afterPublish("greeting", () -> {
            try (Operator.Mark mark = Operator.mark("admin")) {
                Bundle bundle = fixture.framework.bundle("greeting", "1.0.0");
                for (Act act : acts) {
                    act.on(bundle);
                }
            } catch (BundleException e) {
                throw new AssertionError(e);
            }
        });
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
    }

    /** The marker comes last. */
    private void awaitAndAfterARestart(String state, String marker) throws Exception {
        eventually("it is written down", () -> Files.exists(fixture.file("greeting.jar" + marker)));
        assertThat(fixture.states()).isEqualTo("greeting.jar:" + state);
        fixture.crashAndStart();
        assertThat(fixture.states()).isEqualTo("greeting.jar:" + state);
    }

    private String reason() {
        return fixture.deployments("greeting.jar").get(0).reason().orElse("");
    }

    @Test
    void oneThatIsStoppedStaysStopped() throws Exception {
        publishedAndThen(Bundle::stop);

        awaitAndAfterARestart("STOPPED", ".stopped");
        assertThat(reason()).contains("stopped by operator admin");
    }

    @Test
    void oneThatIsUninstalledStaysAway() throws Exception {
        publishedAndThen(Bundle::uninstall);

        awaitAndAfterARestart("REMOVED", ".removed");
        assertThat(reason()).contains("uninstalled by operator admin");
    }

    @Test
    void theLastWordCounts() throws Exception {
        publishedAndThen(Bundle::stop, Bundle::start);

        fixture.settle();
        noted();
        fixture.crashAndStart();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
        assertThat(fixture.file("greeting.jar.stopped")).doesNotExist();
    }
}
