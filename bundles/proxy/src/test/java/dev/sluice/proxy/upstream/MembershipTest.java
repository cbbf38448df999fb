package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.Reading;
import dev.sluice.proxy.config.RouteReader;
import dev.sluice.proxy.config.RouteSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is checked, and for how long. */
class MembershipTest {

    /** Notes what is to be done, and does nothing. */
    private static final class NotedTimer extends ScheduledThreadPoolExecutor {

        private final List<Runnable> due = new ArrayList<>();

        NotedTimer() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            due.add(task);
            return null;
        }
    }

    private final NotedTimer timer = new NotedTimer();
    private final Pools pools = new Pools();
    private final Membership membership = new Membership(System::nanoTime, InstantSource.system(), bound -> 0, timer);

    @AfterEach
    void close() {
        pools.close();
    }

    private static RouteSettings route(String... more) {
        Map<String, String> texts =
                new HashMap<>(Map.of("paths", "/*", "upstreams", "http://127.0.0.1:9, http://127.0.0.2:9"));
        for (int i = 0; i < more.length; i += 2) {
            texts.put(more[i], more[i + 1]);
        }
        return ((Reading.Good) new RouteReader(Path.of(".")).read("api", texts)).settings();
    }

    private Members members(RouteSettings route) {
        return membership.of(route, pools.acquire(route.pool()));
    }

    @Test
    void each_upstream_is_checked_once_whatever_else_of_its_route_changes() {
        Members members = members(route("health.path", "/health"));
        assertThat(timer.due).hasSize(2);

        Members changed = members(route("health.path", "/health", "idle.timeout", "5s"));

        assertThat(changed.all()).isEqualTo(members.all());
        assertThat(timer.due).hasSize(2);
    }

    @Test
    void without_a_path_to_ask_for_nobody_is_checked() {
        members(route());

        assertThat(timer.due).isEmpty();
    }

    @Test
    void who_has_gone_is_checked_no_more() {
        RouteSettings route = route("health.path", "/health");
        Pool pool = pools.acquire(route.pool());
        membership.of(route, pool);

        membership.keep(List.of());
        List.copyOf(timer.due).forEach(Runnable::run);

        assertThat(pool.client().getDestinations()).isEmpty();
        assertThat(timer.due).hasSize(2);
    }
}
