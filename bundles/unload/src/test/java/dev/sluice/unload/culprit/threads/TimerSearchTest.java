package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit.Kind;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerSearchTest {

    private final Fixture bundle = new Fixture();
    private final TimerSearch search = new TimerSearch();

    @Test
    void aTaskInATimerOfTheBundlesIsNamedAndCancelledAndTheTimerEndsWithTheBundle() throws Exception {
        bundle.call("timer", null);

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(Kind.TIMER);
            assertThat(finding.culprit().what())
                    .isEqualTo("the task acme.Leaks$Tick in the Timer of thread \"acme-timer\"");
        });
        bundle.clean(search);
        bundle.clean(new ContextClassLoaderSearch());
        assertThat(bundle.found(search)).isEmpty();
        bundle.isCollected();
    }

    @Test
    void inATimerThatOthersShareTheBundlesTasksAloneAreCancelled() throws Exception {
        Timer shared = new Timer("shared", true);
        CountDownLatch ran = new CountDownLatch(3);
        for (int i = 0; i < 20; i++) {
            bundle.call("tick", shared);
        }
        shared.schedule(new Theirs(ran), 200, 20);

        assertThat(bundle.clean(search)).hasSize(20);
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(bundle.found(search)).isEmpty();
        bundle.isCollected();
        shared.cancel();
    }

    @Test
    void aTimerThatWasCancelledIsNoCulprit() throws Exception {
        bundle.call("timerCancelled", null);

        assertThat(bundle.found(search)).isEmpty();
        bundle.isCollected();
    }

    /** Refers to nothing of the test's, and so not to the bundle. */
    private static final class Theirs extends TimerTask {

        private final CountDownLatch ran;

        Theirs(CountDownLatch ran) {
            this.ran = ran;
        }

        @Override
        public void run() {
            ran.countDown();
        }
    }
}
