package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Verdict;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class WitnessTest {

    private static final Rules RULES = new Rules(false, Duration.ofSeconds(10), Duration.ofSeconds(2), Set.of());

    private final Inbox inbox = new Inbox(() -> Instant.EPOCH, System::nanoTime);

    @Test
    void anErrorDoesNotEndTheVerdicts() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Supplier<Rules> rules = () -> {
            if (asked.incrementAndGet() == 1) {
                throw new StackOverflowError("once");
            }
            return RULES;
        };
        CountDownLatch told = new CountDownLatch(1);
        try (Witness witness = new Witness(inbox, rules, System::nanoTime, List.of())) {
            witness.listen(view -> {
                told.countDown();
                throw new NoClassDefFoundError("listener");
            });
            witness.start();
            inbox.wake();
            while (asked.get() == 0) {
                Thread.onSpinWait();
            }
            leaves();
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(witness.alarms()).isEmpty();
            assertThat(witness.view()).singleElement().matches(view -> view.verdict() == Verdict.PENDING);
        }
    }

    @Test
    void aThreadThatIsNotThereIsAnAlarmUntilTheEnd() {
        Witness witness = new Witness(inbox, () -> RULES, System::nanoTime, List.of());
        assertThat(witness.alarms()).singleElement().asString().contains("sluice-unload", "restart");
        witness.start();
        assertThat(witness.alarms()).isEmpty();
        witness.close();
        assertThat(witness.alarms()).as("it was asked to end").isEmpty();
    }

    private void leaves() {
        inbox.left(
                new Canary(),
                new Users(new WeakReference<>(null), Requests.NONE),
                new Canary(),
                7,
                "acme.shop",
                "1.2.0",
                Optional.empty());
    }
}
