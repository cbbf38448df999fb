package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.proxy.UpstreamState;
import dev.sluice.proxy.UpstreamView;
import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.Ejection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MembersTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final int CHOICES = 100_000;

    private long now;
    private final Random random = new Random(4711);
    private final Member a = member("a");
    private final Member b = member("b");
    private final Member c = member("c");
    private final Members members = new Members(List.of(a, b, c), List.of(1, 3, 6), random::nextInt);

    private Member member(String host) {
        return new Member(
                "api",
                new Address("http", host, 80, ""),
                new Ejection(2, Duration.ofSeconds(10)),
                () -> now,
                InstantSource.fixed(TIME));
    }

    @Test
    void each_gets_its_share_by_weight() {
        assertShares(Map.of(a, 0.1, b, 0.3, c, 0.6));
    }

    @Test
    void the_share_of_one_that_is_ejected_goes_to_the_others_by_weight() {
        eject(b);

        assertShares(Map.of(a, 1 / 7.0, c, 6 / 7.0));
    }

    @Test
    void one_that_is_unhealthy_gets_nothing_until_it_is_healthy() {
        c.healthy(false, "GET /health answers 500");
        assertShares(Map.of(a, 0.25, b, 0.75));

        c.healthy(true, "");
        assertShares(Map.of(a, 0.1, b, 0.3, c, 0.6));
    }

    @Test
    void where_all_are_out_all_are_used_all_the_same() {
        eject(a);
        eject(b);
        c.healthy(false, "no");

        assertShares(Map.of(a, 0.1, b, 0.3, c, 0.6));
    }

    @Test
    void one_that_has_been_tried_is_not_chosen_again() {
        assertThat(members.choose(List.of(b, c))).contains(a);
        assertThat(members.choose(List.of(a, b, c))).isEmpty();
    }

    @Test
    void before_there_is_nothing_left_to_try_one_that_is_out_is_tried() {
        eject(a);

        assertThat(members.choose(List.of(b))).contains(c);
        assertThat(members.choose(List.of(b, c))).contains(a);
    }

    @Test
    void a_probe_is_chosen_once_its_time_is_up_and_not_twice() {
        eject(a);
        eject(b);
        eject(c);
        now += Duration.ofSeconds(10).toNanos();
        Upstream.Call probe = a.begin();
        b.begin();

        assertThat(members.choose(List.of())).contains(c);

        probe.succeeded();
        assertThat(members.choose(List.of(c))).contains(a);
    }

    @Test
    void what_goes_on_can_be_seen() {
        Upstream.Call call = a.begin();
        a.begin().failed("reset");
        assertThat(members.views().get(0))
                .isEqualTo(new UpstreamView(
                        "http://a", 1, UpstreamState.IN_USE, 1, 1, Optional.of("reset"), Optional.of(TIME)));

        call.failed("refused");
        assertThat(members.views().get(0).state()).isEqualTo(UpstreamState.EJECTED);
        assertThat(members.views().get(0).inFlight()).isZero();
        assertThat(members.views().get(1).lastFailure()).isEmpty();

        a.begin().abandoned();
        assertThat(members.views().get(0).inFlight()).isZero();
    }

    @Test
    void the_order_is_that_of_the_configuration() {
        assertThat(members.all()).containsExactly(a, b, c);
    }

    private void eject(Member member) {
        List<Upstream.Call> calls = List.of(member.begin(), member.begin());
        calls.forEach(call -> call.failed("refused"));
        assertThat(member.state()).isEqualTo(UpstreamState.EJECTED);
    }

    /** The seed makes it come out the same each time; the bound is five standard deviations all the same. */
    private void assertShares(Map<Member, Double> expected) {
        Map<Upstream, Integer> chosen = new HashMap<>();
        for (int i = 0; i < CHOICES; i++) {
            chosen.merge(members.choose(new ArrayList<>()).orElseThrow(), 1, Integer::sum);
        }
        assertThat(chosen).containsOnlyKeys(expected.keySet().toArray(Upstream[]::new));
        expected.forEach((member, share) -> assertThat((double) chosen.get(member) / CHOICES)
                .isCloseTo(share, within(5 * Math.sqrt(share * (1 - share) / CHOICES))));
    }
}
