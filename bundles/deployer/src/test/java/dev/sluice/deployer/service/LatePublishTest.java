package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The container stops between the deployer's last look whether it does and the chain, which takes nothing any more. */
@Timeout(120)
class LatePublishTest extends WithFixture {

    /** Whoever closes has said so to the deployer before it waits for anything. */
    private static final Set<Thread.State> HAS_BEGUN =
            EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

    @Test
    void whatTheChainDoesNotTakeThenIsNoFailureOfTheFileAndIsThereAfterTheNextStart() throws Exception {
        AtomicReference<Thread> closing = new AtomicReference<>();
        fixture.chain.refuse("greeting", () -> {
            if (closing.compareAndSet(null, new Thread(fixture.run::close, "closes"))) {
                closing.get().start();
                eventually(
                        "the stop has begun",
                        () -> HAS_BEGUN.contains(closing.get().getState()));
            }
        });
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        eventually("it is published", () -> closing.get() != null);
        closing.get().join();
        fixture.framework.close();

        assertThat(fixture.hasMarker("greeting.jar")).as("a marker").isFalse();
        fixture.newFramework();
        fixture.startRun();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }
}
