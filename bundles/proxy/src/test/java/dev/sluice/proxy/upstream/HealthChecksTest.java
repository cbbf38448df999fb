package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.UpstreamState;
import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.Ejection;
import dev.sluice.proxy.config.HealthCheck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HealthChecksTest {

    private record Due(Runnable task, long millis) {}

    /** Notes what is to be done when, and does nothing. */
    private static final class NotedTimer extends ScheduledThreadPoolExecutor {

        private final List<Due> due = new ArrayList<>();

        NotedTimer() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            due.add(new Due(task, unit.toMillis(delay)));
            return null;
        }
    }

    private final NotedTimer timer = new NotedTimer();
    private final List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();
    private final Member member = new Member(
            "api",
            new Address("http", "a", 80, ""),
            new Ejection(5, Duration.ofSeconds(10)),
            System::nanoTime,
            InstantSource.system());
    private final HealthChecks checks = new HealthChecks(
            member,
            new HealthCheck("/health", Duration.ofSeconds(5), Duration.ofSeconds(2)),
            () -> {
                asked.add(new CompletableFuture<>());
                return asked.get(asked.size() - 1);
            },
            timer);

    @Test
    void the_first_check_is_made_at_once_and_the_next_an_interval_after_the_last_has_ended() {
        assertThat(timer.due).extracting(Due::millis).containsExactly(0L);
        next();
        assertThat(timer.due).isEmpty();

        answer(Optional.empty());

        assertThat(timer.due).extracting(Due::millis).containsExactly(5000L);
    }

    @Test
    void two_failures_in_a_row_make_it_unhealthy_and_one_success_healthy() {
        check(Optional.of("GET /health answers 500"));
        assertThat(member.state()).isEqualTo(UpstreamState.IN_USE);
        check(Optional.of("GET /health answers 500"));
        assertThat(member.state()).isEqualTo(UpstreamState.UNHEALTHY);
        assertThat(member.view(1).lastFailure()).contains("GET /health answers 500");
        check(Optional.of("GET /health answers 500"));
        assertThat(member.state()).isEqualTo(UpstreamState.UNHEALTHY);

        check(Optional.empty());
        assertThat(member.state()).isEqualTo(UpstreamState.IN_USE);

        check(Optional.of("one by chance"));
        check(Optional.empty());
        check(Optional.of("one by chance"));
        assertThat(member.state()).isEqualTo(UpstreamState.IN_USE);
    }

    @Test
    void a_check_that_says_nothing_changes_nothing_and_is_followed_by_the_next() {
        check(Optional.of("down"));
        next();
        asked.get(1).completeExceptionally(new IllegalStateException("no connection left"));
        assertThat(member.state()).isEqualTo(UpstreamState.IN_USE);
        check(Optional.of("down"));

        assertThat(member.state()).isEqualTo(UpstreamState.UNHEALTHY);
        assertThat(timer.due).hasSize(1);
    }

    @Test
    void once_closed_it_asks_no_more_and_hears_no_more() {
        check(Optional.of("down"));
        next();
        checks.close();
        answer(Optional.of("down"));

        assertThat(member.state()).isEqualTo(UpstreamState.IN_USE);
        next();
        assertThat(asked).hasSize(2);
        assertThat(timer.due).isEmpty();
    }

    private void check(Optional<String> wrong) {
        next();
        answer(wrong);
    }

    private void next() {
        timer.due.remove(0).task().run();
    }

    private void answer(Optional<String> wrong) {
        asked.get(asked.size() - 1).complete(wrong);
    }
}
