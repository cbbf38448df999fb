package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.Figures;
import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.Trip;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.split.Canary;
import dev.sluice.chain.split.Option;
import dev.sluice.chain.split.Rule;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several versions of a middleware serve at the same time. */
@Timeout(30)
class SplitsTest {

    private static final FilterChain NOTHING = (request, response) -> {};
    private static final Sticky BY_USER = new Sticky.Header("X-User");

    private final FakeTime time = new FakeTime();
    private final Random random = new Random(5);
    private final Chain chain = new Chain(time::nanoTime, time, time, Arming.NONE, random::nextLong);
    private final WaitingRoom waitingRoom = Parts.waitingRoom();
    private final Entrance entrance = new Entrance(chain, waitingRoom, Parts.UNWATCHED);

    @BeforeEach
    void open() {
        chain.open();
    }

    @AfterEach
    void nobodyIsLeftInside() {
        assertThat(chain.leases()).isEmpty();
    }

    /** Says in a header which versions a request has run through, one after the other. */
    private record Stamp(String text) implements Middleware {
        @Override
        public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
                throws IOException, ServletException {
            Object before = request.getAttribute("way");
            request.setAttribute("way", before == null ? text : before + " " + text);
            next.proceed(request, response);
        }
    }

    private static Provider version(String name, int major, long bundleId, Spec spec) {
        return provider(name, major, bundleId, spec, new Stamp(name + major));
    }

    private static Provider version(String name, int major) {
        return version(name, major, major * 10L, spec(0));
    }

    private void join(Provider... providers) {
        chain.change(
                roster -> {
                    Roster changed = roster;
                    for (Provider provider : providers) {
                        changed = changed.join(provider);
                    }
                    return changed;
                },
                "join");
    }

    private static Rule rule(Rule.Subject subject, Sticky sticky, String canary, String... weights) {
        return new Rule(
                subject,
                Stream.of(weights)
                        .map(text -> text.split("="))
                        .map(parts -> new Option(parts[0] + ".0.0", Integer.parseInt(parts[1])))
                        .toList(),
                sticky,
                Optional.ofNullable(canary).map(version -> new Canary(version + ".0.0", "X-Canary")));
    }

    private static Rule rule(String name, String... weights) {
        return rule(new Rule.Subject(false, name), BY_USER, null, weights);
    }

    private void rules(Rule... rules) {
        chain.change(
                roster -> roster.rules(Stream.of(rules)
                        .map(rule -> new Ruling.Wanted(rule.subject().toString(), Optional.of(rule), Optional.empty()))
                        .toList()),
                "rules");
    }

    private static Share share(long bundleId, int weight) {
        return new Share(bundleId, "digest-" + bundleId, weight);
    }

    private void split(String group, Share... shares) {
        chain.change(roster -> roster.split(List.of(new Split(group, List.of(shares), BY_USER))), "split");
    }

    private String way(Exchange exchange) {
        try {
            entrance.serve(exchange.request, exchange.response, NOTHING);
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
        assertThat(exchange.status()).isEqualTo(200);
        return String.valueOf(exchange.attributes.get("way"));
    }

    private String way(String path, int user) {
        return way(new Exchange(path).with("X-User", "user-" + user));
    }

    /** How many of a thousand users go which way. */
    private Map<String, Integer> ways(String path) {
        Map<String, Integer> ways = new TreeMap<>();
        IntStream.range(0, 1000).forEach(user -> ways.merge(way(path, user), 1, Integer::sum));
        return ways;
    }

    private static Set<String> set(String... texts) {
        return new TreeSet<>(Set.of(texts));
    }

    @Test
    void eachRequestGetsOneVersionByTheWeights() {
        join(version("m", 1), version("m", 2), version("m", 3));
        rules(rule("m", "1=80", "2=20"));
        Map<String, Integer> ways = ways("/");
        assertThat(ways.keySet()).isEqualTo(set("m1", "m2"));
        // Within five standard deviations.
        assertThat(ways.get("m2")).isBetween(137, 263);
        Place place = chain.current().places().get(0);
        assertThat(place.units()).hasSize(2);
        assertThat(place.standbys()).extracting(unit -> unit.version().major()).containsExactly(3);
    }

    @Test
    void aUserKeepsTheVersionInEveryGeneration() {
        join(version("m", 1), version("m", 2));
        rules(rule("m", "1=50", "2=50"));
        List<String> before =
                IntStream.range(0, 200).mapToObj(user -> way("/", user)).toList();
        join(version("other", 1));
        assertThat(IntStream.range(0, 200).mapToObj(user -> way("/", user).replace(" other1", "")))
                .isEqualTo(before);
    }

    @Test
    void requestsWithoutAKeyAreSharedAtRandom() {
        join(version("m", 1), version("m", 2));
        rules(rule("m", "1=50", "2=50"));
        Set<String> ways = new TreeSet<>();
        IntStream.range(0, 100).forEach(i -> ways.add(way(new Exchange("/"))));
        assertThat(ways).isEqualTo(set("m1", "m2"));
    }

    @Test
    void aRuleForABundleChoosesOnceForAllThatItProvides() {
        Provider[] of = Stream.of(1, 2)
                .flatMap(major -> Stream.of("a", "b").map(name -> ofBundle(name, major)))
                .toArray(Provider[]::new);
        join(of);
        rules(rule(new Rule.Subject(true, "both"), Sticky.NONE, null, "1=50", "2=50"));
        Map<String, Integer> ways = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            ways.merge(way(new Exchange("/")), 1, Integer::sum);
        }
        assertThat(ways.keySet()).isEqualTo(set("a1 b1", "a2 b2"));
    }

    private static Provider ofBundle(String name, int major) {
        Provider provider = version(name, major);
        Unit unit = provider.unit();
        return new Provider(
                new Unit(name, unit.version(), "both", unit.bundleId(), unit.middleware(), unit.loader()),
                provider.spec());
    }

    @Test
    void whatOnlyOneVersionOfABundleProvidesServesAllRequests() {
        join(ofBundle("a", 1), ofBundle("a", 2), ofBundle("b", 2));
        rules(rule(new Rule.Subject(true, "both"), BY_USER, "2", "1=90", "2=10"));
        assertThat(ways("/").keySet()).isEqualTo(set("a1 b2", "a2 b2"));
        assertThat(way(new Exchange("/").with("X-Canary", "false"))).isEqualTo("a1 b2");
    }

    /** Who isn't there for one of them is replaced, and nobody else. */
    @Test
    void choicesOfOneBundleAgreeThoughNotAllVersionsAreThereForEach() {
        join(ofBundle("a", 1), ofBundle("a", 2), ofBundle("a", 3), ofBundle("b", 1), ofBundle("b", 2));
        rules(rule(new Rule.Subject(true, "both"), Sticky.NONE, null, "1=30", "2=30", "3=40"));
        Set<String> ways = new TreeSet<>();
        for (int i = 0; i < 500; i++) {
            ways.add(way(new Exchange("/")));
        }
        assertThat(ways).isEqualTo(set("a1 b1", "a2 b2", "a3 b1", "a3 b2"));
    }

    @Test
    void twoRulesChooseEachOnItsOwn() {
        join(version("a", 1), version("a", 2), version("b", 1), version("b", 2));
        rules(rule("a", "1=50", "2=50"), rule("b", "1=50", "2=50"));
        assertThat(ways("/").keySet()).isEqualTo(set("a1 b1", "a1 b2", "a2 b1", "a2 b2"));
    }

    @Test
    void eachVersionRunsOnItsOwnPathsAndAtItsOwnRanking() {
        join(
                version("m", 1, 10, spec(5, "/api/*", "/old/*")),
                version("m", 2, 20, spec(-5, "/api/*", "/new/*")),
                version("other", 1, 30, spec(0)));
        rules(rule("m", "1=50", "2=50"));
        assertThat(ways("/api/x").keySet()).isEqualTo(set("m1 other1", "other1 m2"));
        assertThat(ways("/old/x").keySet()).isEqualTo(set("m1 other1", "other1"));
        assertThat(ways("/new/x").keySet()).isEqualTo(set("other1 m2", "other1"));
        assertThat(ways("/x").keySet()).isEqualTo(set("other1"));
    }

    @Test
    void anOperatorsOverrideHoldsForAllVersions() {
        join(version("m", 1, 10, spec(5, "/old/*")), version("m", 2, 20, spec(-5, "/new/*")));
        rules(rule("m", "1=50", "2=50"));
        PlaceOverride override =
                new PlaceOverride(Optional.of(7), Optional.of(Parts.patterns("/both/*")), Optional.empty(), true);
        chain.change(roster -> roster.override(Map.of("m", override)), "override");
        assertThat(ways("/both/x").keySet()).isEqualTo(set("m1", "m2"));
        assertThat(ways("/old/x").keySet()).isEqualTo(set("null"));
    }

    @Test
    void theCanaryIsForWhoeverAsks() {
        join(version("m", 1), version("m", 2));
        rules(rule(new Rule.Subject(false, "m"), BY_USER, "2", "1=100", "2=0"));
        assertThat(ways("/").keySet()).isEqualTo(set("m1"));
        assertThat(way(new Exchange("/").with("X-Canary", "true"))).isEqualTo("m2");
        assertThat(way(new Exchange("/").with("X-Canary", "false"))).isEqualTo("m1");
    }

    @Test
    void whoRefusesTheCanaryGetsAnotherAsLongAsThereIsOne() {
        join(version("m", 1), version("m", 2));
        rules(rule(new Rule.Subject(false, "m"), BY_USER, "2", "2=100"));
        assertThat(ways("/").keySet()).isEqualTo(set("m2"));
        assertThat(way(new Exchange("/").with("X-Canary", "false"))).isEqualTo("m1");
        chain.change(roster -> roster.retire(Set.of(10L)), "1 leaves");
        assertThat(way(new Exchange("/").with("X-Canary", "false"))).isEqualTo("m2");
    }

    @Test
    void aVersionThatLeavesGivesItsShareToTheOthersAndNoResidueStays() {
        join(version("m", 1), version("m", 2), version("m", 3));
        rules(rule("m", "1=30", "2=30", "3=40"));
        Map<Integer, String> before = new TreeMap<>();
        IntStream.range(0, 1000).forEach(user -> before.put(user, way("/", user)));
        chain.change(roster -> roster.retire(Set.of(30L)), "3 leaves");
        before.forEach((user, way) -> {
            String now = way("/", user);
            assertThat(now).isIn("m1", "m2");
            if (!way.equals("m3")) {
                assertThat(now).isEqualTo(way);
            }
        });
        Sharing sharing = chain.current().places().get(0).sharing().orElseThrow();
        assertThat(sharing.share(sharing.versions().get(0).serving().orElseThrow()))
                .isEqualTo(0.5);
        chain.change(roster -> roster.retire(Set.of(20L)), "2 leaves");
        assertThat(ways("/").keySet()).isEqualTo(set("m1"));
        assertThat(chain.current().places().get(0).sharing()).isEmpty();
        assertThat(chain.drains().drain(30, Duration.ofHours(1))).isCompleted();
    }

    @Test
    void whenNobodyWithAShareIsLeftTheHighestServes() {
        join(version("m", 1), version("m", 2), version("m", 3));
        rules(rule("m", "1=30", "2=70"));
        chain.change(roster -> roster.retire(Set.of(10L, 20L)), "both leave");
        assertThat(ways("/").keySet()).isEqualTo(set("m3"));
    }

    @Test
    void aVersionThatTripsGivesItsShareToTheOthers() {
        Provider two = version("m", 2);
        join(version("m", 1), two, version("m", 3));
        rules(rule("m", "1=30", "2=70"));
        chain.change(
                roster -> roster.trip(two.unit(), new Trip(Instant.EPOCH, 20, 20, Duration.ofSeconds(10))), "trips");
        assertThat(ways("/").keySet()).isEqualTo(set("m1"));
        assertThat(chain.roster().serving("m").orElseThrow().version().major()).isEqualTo(1);
        chain.change(roster -> roster.reset("m", "2.0.0"), "reset");
        assertThat(ways("/").keySet()).isEqualTo(set("m1", "m2"));
    }

    @Test
    void aPlaceIsHeldAsAWholeWhileAVersionWithAShareIsAboutToComeBack() throws Exception {
        Provider two = version("m", 2, 20, spec(0, "/api/*"));
        join(version("m", 1, 10, spec(0, "/api/*", "/old/*")), two);
        rules(rule("m", "1=99", "2=1"));
        chain.change(roster -> roster.away(two.unit()), "2 is updated");
        List<CompletableFuture<String>> held = new ArrayList<>();
        for (String path : List.of("/api/x", "/old/x")) {
            held.add(CompletableFuture.supplyAsync(() -> way(path, 1), task -> new Thread(task).start()));
        }
        while (waitingRoom.waiting() < 2) {
            assertThat(Thread.interrupted()).as("the test's time is over").isFalse();
            Thread.onSpinWait();
        }
        assertThat(chain.current().places().get(0).held()).isTrue();
        assertThat(way("/elsewhere", 1)).isEqualTo("null");
        assertThat(held).noneMatch(CompletableFuture::isDone);
        join(version("m", 2, 20, spec(0, "/api/*")));
        assertThat(held.get(0).get()).isIn("m1", "m2");
        assertThat(held.get(1).get()).isIn("m1", "null");
    }

    @Test
    void whoeverHasAShareIsWaitedFor() {
        Provider one = version("m", 1);
        join(one, version("m", 2));
        rules(rule("m", "1=1", "2=99"));
        chain.change(roster -> roster.away(one.unit()), "1 is updated");
        assertThat(chain.current().places().get(0).held()).isTrue();
        join(version("m", 1));
        assertThat(chain.current().places().get(0).held()).isFalse();
    }

    @Test
    void aVersionThatDoesNotComeBackGivesItsShareToTheOthers() {
        Provider two = version("m", 2);
        join(version("m", 1), two);
        rules(rule("m", "1=50", "2=50"));
        chain.change(roster -> roster.away(two.unit()), "2 stops");
        chain.change(roster -> roster.endHolds(hold -> true), "and doesn't come back");
        assertThat(ways("/").keySet()).isEqualTo(set("m1"));
    }

    @Test
    void nobodyWaitsForAVersionWithoutAShare() {
        Provider three = version("m", 3);
        join(version("m", 1), version("m", 2), three);
        rules(rule("m", "1=50", "2=50"));
        chain.change(roster -> roster.away(three.unit()), "3 is updated");
        assertThat(ways("/").keySet()).isEqualTo(set("m1", "m2"));
    }

    @Test
    void aRequestHoldsTheVersionAloneThatItHasGot() {
        join(version("m", 1), version("m", 2));
        rules(rule("m", "1=50", "2=50"));
        int ofOne = IntStream.range(0, 100)
                .filter(user -> way("/", user).equals("m1"))
                .findFirst()
                .orElseThrow();
        Snapshot snapshot = chain.current();
        Exchange exchange = new Exchange("/").with("X-User", "user-" + ofOne);
        Lease lease = chain.lease(snapshot, snapshot.route("/", exchange.request), exchange.request, "/")
                .orElseThrow();
        rules(rule("m", "1=100"));
        assertThat(chain.drains().drain(20, Duration.ofHours(1)))
                .as("the version that has lost its share")
                .isCompleted();
        rules(rule("m", "2=100"));
        var drain = chain.drains().drain(10, Duration.ofHours(1));
        time.run();
        assertThat(drain).isNotDone();
        lease.close();
        time.run();
        assertThat(drain).isCompletedWithValueMatching(outcome -> outcome.drained());
    }

    @Test
    void aRuleWaitsForItsVersionsAndTakesEffectWithThem() {
        join(version("m", 1));
        rules(rule("m", "1=99", "2=1"));
        assertThat(chain.roster().traffic().rulings().get(0).inForce()).isEmpty();
        Rule waiting = chain.roster().traffic().rulings().get(0).waiting().orElseThrow();
        assertThat(chain.roster().missing(waiting)).containsExactly("2.0.0");
        long before = chain.current().generation();
        join(version("m", 2));
        assertThat(chain.current().generation()).isEqualTo(before + 1);
        assertThat(chain.current().places().get(0).sharing()).isPresent();
        assertThat(ways("/").get("m1")).isGreaterThan(950);
    }

    @Test
    void theRuleBeforeStaysWhileTheNewOneWaits() {
        join(version("m", 1), version("m", 2));
        rules(rule("m", "1=100"));
        rules(rule("m", "1=50", "3=50"));
        assertThat(ways("/").keySet()).isEqualTo(set("m1"));
        join(version("m", 3));
        assertThat(ways("/").keySet()).isEqualTo(set("m1", "m3"));
    }

    @Test
    void aRolloutsSplitHoldsUntilTheNextAndGivesWayToAnOperatorsRule() {
        join(version("m", 1), version("m", 2));
        split("by.m", share(10, 75), share(20, 25));
        assertThat(ways("/").get("m2")).isBetween(180, 320);
        rules(rule("m", "1=100"));
        assertThat(ways("/").keySet()).isEqualTo(set("m1"));
        rules();
        split("by.m", share(10, 0), share(20, 100));
        assertThat(ways("/").keySet()).isEqualTo(set("m2"));
    }

    @Test
    void aSplitEndsWithTheBundleThatLeaves() {
        join(version("m", 1), version("m", 2));
        split("by.m", share(10, 100), share(20, 0));
        assertThat(ways("/").keySet()).isEqualTo(set("m1"));
        chain.change(roster -> roster.retire(Set.of(10L)), "1 leaves");
        assertThat(chain.roster().traffic().splits()).isEmpty();
        assertThat(ways("/").keySet()).isEqualTo(set("m2"));
    }

    @Test
    void refusesSplitsThatCannotBeMeant() {
        assertThatIllegalArgumentException().isThrownBy(() -> split("m", share(10, 0), share(20, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> split("m", share(10, 1), share(10, 1)));
        assertThatIllegalArgumentException().isThrownBy(() -> share(10, -1));
        Split split = new Split("m", List.of(share(10, 1)), Sticky.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chain.change(roster -> roster.split(List.of(split, split)), "twice"));
    }

    @Test
    void moreCombinationsThanAnArrayHoldsAreNoFailure() {
        int many = 70;
        Rule[] rules = new Rule[many];
        for (int i = 0; i < many; i++) {
            String name = String.format("m%02d", i);
            join(version(name, 1), version(name, 2));
            rules[i] = rule(name, "1=50", "2=50");
        }
        rules(rules);
        Set<String> ways = new TreeSet<>();
        for (int user = 0; user < 50; user++) {
            String way = way("/", user);
            assertThat(way.split(" ")).hasSize(many);
            assertThat(way("/", user)).isEqualTo(way);
            ways.add(way);
        }
        assertThat(ways).hasSize(50);
        assertThat(chain.current().routes()).hasSize(50);
    }

    @Test
    void countsWhatTheVersionsOfARolloutDo() {
        Provider failing = provider("m", 2, 20, spec(0), (request, response, next) -> {
            throw new IllegalStateException("of its own");
        });
        Provider open = provider("open", 1, 30, spec(5, FailureMode.OPEN), (request, response, next) -> {
            time.advance(Duration.ofMillis(3));
            next.proceed(request, response);
        });
        join(version("m", 1), failing, open);
        split("by.m", share(10, 50), share(20, 50));
        assertThat(chain.figures(30)).as("in no split").isEmpty();
        int failed = 0;
        for (int user = 0; user < 100; user++) {
            Exchange exchange = new Exchange("/").with("X-User", "user-" + user);
            serve(exchange);
            failed += exchange.status() == 500 ? 1 : 0;
        }
        assertThat(failed).isBetween(20, 80);
        Figures one = only(10);
        Figures two = only(20);
        assertThat(one.requests()).isEqualTo(100 - failed);
        assertThat(one.failures()).isZero();
        assertThat(one.serverErrors()).isZero();
        assertThat(two.requests()).isEqualTo(failed);
        assertThat(two.failures()).isEqualTo(failed);
        assertThat(two.serverErrors()).isEqualTo(failed);
        long[] bounds = one.latency().bounds();
        long[] counts = one.latency().counts();
        int bucket = IntStream.range(0, counts.length)
                .filter(i -> counts[i] > 0)
                .findFirst()
                .orElseThrow();
        assertThat(counts[bucket]).isEqualTo(100 - failed);
        assertThat(bounds[bucket]).isBetween(3_000_000L, 3_000_000L * 9 / 8);
        assertThat(bounds[bucket - 1]).isLessThan(3_000_000L);

        split("by.m", share(10, 99), share(20, 1));
        assertThat(only(20).requests()).as("goes on").isEqualTo(failed);
        chain.change(roster -> roster.split(List.of()), "the rollout ends");
        assertThat(chain.figures(20)).isEmpty();
        split("by.m", share(10, 99), share(20, 1));
        assertThat(only(20).requests()).as("begins anew").isZero();
    }

    private void serve(Exchange exchange) {
        try {
            entrance.serve(exchange.request, exchange.response, NOTHING);
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
    }

    private Figures only(long bundleId) {
        assertThat(chain.figures(bundleId)).hasSize(1);
        return chain.figures(bundleId).get(0);
    }

    @Test
    void aStatusOf500ByWhomeverIsAServerError() throws Exception {
        join(version("m", 1), version("m", 2));
        split("by.m", share(10, 100), share(20, 0));
        Exchange exchange = new Exchange("/");
        entrance.serve(exchange.request, exchange.response, (request, response) -> ((HttpServletResponse) response)
                .setStatus(503));
        assertThat(only(10).serverErrors()).isEqualTo(1);
        assertThat(only(10).failures()).isZero();
    }

    @Test
    void aLatencyIsCountedInTheRangeThatItLiesIn() {
        Tally tally = new Tally();
        Unit unit = version("m", 1).unit();
        long[] bounds = tally.figures(unit).latency().bounds();
        assertThat(bounds).isSorted();
        for (int i = 0; i < bounds.length; i++) {
            assertThat(Tally.bucket(bounds[i])).isEqualTo(i);
            assertThat(Tally.bucket(bounds[i] + 1)).isEqualTo(i + 1);
        }
        assertThat(Tally.bucket(0)).isZero();
        assertThat(Tally.bucket(-1)).isZero();
        assertThat(Tally.bucket(Long.MAX_VALUE)).isEqualTo(bounds.length);
    }
}
