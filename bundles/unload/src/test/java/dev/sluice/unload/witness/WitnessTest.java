package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WitnessTest {

    @Test
    @Timeout(60)
    void aSearchThatHangsIsAlarmedUntilItEnds() throws Exception {
        AtomicLong nanos = new AtomicLong();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Search hanging = new Search() {
            @Override
            public String name() {
                return "hanging";
            }

            @Override
            public List<Finding> search(Suspect suspect) {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return List.of();
            }
        };
        Inbox inbox = new Inbox(() -> Instant.EPOCH, nanos::get);
        Rules rules = new Rules(false, Duration.ofSeconds(10), Duration.ZERO, Set.of());
        Witness witness = new Witness(inbox, () -> rules, nanos::get, List.of(hanging));
        ClassLoader left = new Canary();
        inbox.left(
                left,
                new Users(new WeakReference<>(null), Requests.NONE),
                new Canary(),
                7,
                "acme.shop",
                "1.2.0",
                Optional.empty());
        witness.start();
        begun.await();

        assertThat(witness.alarm()).isEmpty();
        nanos.addAndGet(Duration.ofMinutes(3).toNanos());
        assertThat(witness.alarm()).get().asString().contains("no verdict on what has left for 180 s");

        end.countDown();
        witness.close();
        assertThat(witness.alarm()).isEmpty();
        assertThat(left).isNotNull();
    }
}
