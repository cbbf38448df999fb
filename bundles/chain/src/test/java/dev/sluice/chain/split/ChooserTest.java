package dev.sluice.chain.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Sticky;
import dev.sluice.chain.fixture.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChooserTest {

    private static final Sticky BY_USER = new Sticky.Header("X-User-Id");
    private static final Canary CANARY = new Canary("2.0.0", "X-Canary");
    private static final int USERS = 20_000;
    /** What a sum of squared deviations passes by chance once in a million times, by degrees of freedom from 1 on. */
    private static final double[] CHI_SQUARED = {23.93, 27.63, 30.66};

    private final Random random = new Random(20261122);

    /** As {@code 1.0.0=80}, the highest version first. */
    private static Choice choice(String group, Sticky sticky, String... weights) {
        return new Choice(group, options(weights), sticky, Optional.empty());
    }

    private static Chooser canary(Sticky sticky, String... weights) {
        return new Chooser(new Choice("greeting", options(weights), sticky, Optional.of(CANARY)));
    }

    private static List<Option> options(String... weights) {
        return Stream.of(weights)
                .map(text -> text.split("="))
                .map(parts -> new Option(parts[0], Integer.parseInt(parts[1])))
                .toList();
    }

    private String chosen(Choice choice, Exchange exchange) {
        return choice.options()
                .get(new Chooser(choice).choose(exchange.request, random.nextLong()))
                .identity();
    }

    private List<String> ofAllUsers(Choice choice) {
        Chooser chooser = new Chooser(choice);
        Exchange exchange = new Exchange("/");
        List<String> chosen = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            exchange.with("X-User-Id", "user-" + user);
            chosen.add(choice.options().get(chooser.choose(exchange.request, 0)).identity());
        }
        return chosen;
    }

    private static void assertShares(List<String> chosen, Choice choice) {
        long sum = choice.options().stream().mapToLong(Option::weight).sum();
        double deviation = 0;
        int kinds = 0;
        for (Option option : choice.options()) {
            long count = chosen.stream().filter(option.identity()::equals).count();
            double expected = (double) chosen.size() * option.weight() / sum;
            if (option.weight() == 0) {
                assertThat(count).as("of weight 0").isZero();
            } else {
                deviation += (count - expected) * (count - expected) / expected;
                kinds++;
            }
        }
        assertThat(deviation).as("%s", choice).isLessThan(CHI_SQUARED[kinds - 2]);
    }

    @Test
    void sharesHoldForKeysWithinSamplingError() {
        for (Choice choice : List.of(
                choice("greeting", BY_USER, "2.0.0=20", "1.0.0=80"),
                choice("greeting", BY_USER, "2.0.0=1", "1.0.0=99"),
                choice("other", BY_USER, "3.0.0=1", "2.0.0=1", "1.0.0=1"),
                choice("other", BY_USER, "4.0.0=0", "3.0.0=5", "2.0.0=15", "1.0.0=80"))) {
            assertShares(ofAllUsers(choice), choice);
        }
    }

    @Test
    void sharesHoldForRequestsWithoutAKey() {
        Choice choice = choice("greeting", BY_USER, "3.0.0=1", "2.0.0=19", "1.0.0=80");
        Chooser chooser = new Chooser(choice);
        Exchange exchange = new Exchange("/").with("X-User-Id", "");
        List<String> chosen = IntStream.range(0, USERS)
                .mapToObj(i -> choice.options()
                        .get(chooser.choose(exchange.request, random.nextLong()))
                        .identity())
                .toList();
        assertShares(chosen, choice);
    }

    /** Keys that differ in one character at their end, or at their beginning, and numbers: what real ones look like. */
    @Test
    void sharesHoldForKeysThatAreAlike() {
        Choice choice = choice("g", BY_USER, "2.0.0=50", "1.0.0=50");
        Chooser chooser = new Chooser(choice);
        for (String pattern : List.of("%d", "%08x0000-0000-0000", "session/%d/x", "10.0.0.%d")) {
            List<String> chosen = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                Exchange exchange = new Exchange("/").with("X-User-Id", String.format(pattern, i));
                chosen.add(choice.options()
                        .get(chooser.choose(exchange.request, 0))
                        .identity());
            }
            assertShares(chosen, choice);
        }
    }

    @Test
    void choicesOfDifferentGroupsHaveNothingToDoWithEachOther() {
        List<String> first = ofAllUsers(choice("a", BY_USER, "2.0.0=50", "1.0.0=50"));
        List<String> second = ofAllUsers(choice("b", BY_USER, "2.0.0=50", "1.0.0=50"));
        List<String> together = IntStream.range(0, USERS)
                .mapToObj(user -> first.get(user).equals(second.get(user)) ? "same" : "other")
                .toList();
        assertShares(together, choice("", BY_USER, "same=50", "other=50"));
    }

    @Test
    void raisingAShareOnlyMovesKeysToThatVersion() {
        List<String> before = ofAllUsers(choice("greeting", BY_USER, "3.0.0=10", "2.0.0=10", "1.0.0=80"));
        List<String> after = ofAllUsers(choice("greeting", BY_USER, "3.0.0=10", "2.0.0=30", "1.0.0=80"));
        int moved = 0;
        for (int user = 0; user < USERS; user++) {
            if (!before.get(user).equals(after.get(user))) {
                assertThat(after.get(user)).isEqualTo("2.0.0");
                moved++;
            }
        }
        // From 10 % to 25 %.
        assertThat(moved).isBetween(2_750, 3_250);
    }

    @Test
    void whenAVersionLeavesOnlyItsOwnKeysMove() {
        Choice remaining = choice("greeting", BY_USER, "2.0.0=15", "1.0.0=80");
        List<String> before = ofAllUsers(choice("greeting", BY_USER, "3.0.0=5", "2.0.0=15", "1.0.0=80"));
        List<String> after = ofAllUsers(remaining);
        List<String> heirs = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            if (before.get(user).equals("3.0.0")) {
                heirs.add(after.get(user));
            } else {
                assertThat(after.get(user)).isEqualTo(before.get(user));
            }
        }
        assertShares(heirs, remaining);
    }

    @Test
    void theOrderOfTheVersionsAndThoseWithoutAShareChangeNothing() {
        assertThat(ofAllUsers(choice("greeting", BY_USER, "9.0.0=0", "1.0.0=80", "2.0.0=20")))
                .isEqualTo(ofAllUsers(choice("greeting", BY_USER, "2.0.0=20", "1.0.0=80")));
    }

    /** Written down when it was built: on no machine, and in no later release, may a client get another version. */
    @Test
    void aKeyGetsTheSameVersionForEver() {
        Choice choice = choice("greeting", BY_USER, "3.0.0=10", "2.0.0=30", "1.0.0=60");
        TreeMap<String, String> chosen = new TreeMap<>();
        for (String user : List.of("alice", "bob", "carol", "dave", "Zoë", "日本", "0", "1", "2", "3", "4", "5")) {
            chosen.put(user, chosen(choice, new Exchange("/").with("X-User-Id", user)));
        }
        assertThat(chosen.toString())
                .isEqualTo("{0=1.0.0, 1=1.0.0, 2=1.0.0, 3=2.0.0, 4=1.0.0, 5=1.0.0, Zoë=1.0.0,"
                        + " alice=3.0.0, bob=3.0.0, carol=1.0.0, dave=1.0.0, 日本=3.0.0}");
        assertThat(StableHash.of("")).isEqualTo(-780787492076525413L);
        assertThat(StableHash.of("greeting")).isEqualTo(9015964134513527214L);
        assertThat(StableHash.of(1, 2)).isEqualTo(583880340377267059L);
    }

    @Test
    void aKeyIsTheHeadersTheCookiesOrTheAddress() {
        Exchange exchange = new Exchange("/").with("X-User-Id", "alice");
        exchange.cookies.put("other", "bob");
        exchange.cookies.put("session", "alice");
        assertThat(StickyKey.of(BY_USER, exchange.request)).isEqualTo("alice");
        assertThat(StickyKey.of(new Sticky.Cookie("session"), exchange.request)).isEqualTo("alice");
        assertThat(StickyKey.of(new Sticky.ClientIp(), exchange.request)).isEqualTo("192.0.2.7");
        assertThat(StickyKey.of(new Sticky.Cookie("none"), exchange.request)).isNull();
        assertThat(StickyKey.of(new Sticky.Header("none"), exchange.request)).isNull();
        assertThat(StickyKey.of(Sticky.NONE, exchange.request)).isNull();
    }

    @Test
    void aRequestThatCantBeReadHasNoKey() {
        Exchange exchange = new Exchange("/");
        exchange.cookies.put("no cookie's name", "x");
        assertThat(StickyKey.of(new Sticky.Cookie("session"), exchange.request)).isNull();
    }

    @Test
    void whoAsksForTheCanaryGetsItAndWhoRefusesItDoesNot() {
        Chooser chooser = canary(BY_USER, "3.0.0=0", "2.0.0=90", "1.0.0=10");
        for (int user = 0; user < 1000; user++) {
            Exchange exchange = new Exchange("/").with("X-User-Id", "user-" + user);
            assertThat(chooser.choose(exchange.with("X-Canary", "true").request, 0))
                    .isEqualTo(1);
            assertThat(chooser.choose(exchange.with("X-Canary", " TRUE ").request, 0))
                    .isEqualTo(1);
            assertThat(chooser.choose(exchange.with("X-Canary", "False").request, 0))
                    .as("by the weights of the others")
                    .isEqualTo(2);
        }
    }

    @Test
    void anotherWordDoesNotCount() {
        Choice plain = choice("greeting", BY_USER, "2.0.0=50", "1.0.0=50");
        Chooser chooser = canary(BY_USER, "2.0.0=50", "1.0.0=50");
        for (int user = 0; user < 1000; user++) {
            Exchange exchange = new Exchange("/").with("X-User-Id", "user-" + user);
            int expected = new Chooser(plain).choose(exchange.request, 0);
            assertThat(chooser.choose(exchange.with("X-Canary", "yes").request, 0))
                    .isEqualTo(expected);
        }
    }

    @Test
    void aCanaryWithoutAShareIsForThoseAloneWhoAsk() {
        Chooser chooser = canary(Sticky.NONE, "2.0.0=0", "1.0.0=100");
        for (int i = 0; i < 1000; i++) {
            Exchange exchange = new Exchange("/");
            assertThat(chooser.choose(exchange.request, random.nextLong())).isEqualTo(1);
            assertThat(chooser.choose(exchange.with("X-Canary", "true").request, random.nextLong()))
                    .isZero();
        }
    }

    @Test
    void whoRefusesTheOnlyVersionWithAShareGetsTheHighestOfTheOthers() {
        Exchange exchange = new Exchange("/").with("X-Canary", "false");
        assertThat(canary(Sticky.NONE, "2.0.0=100", "1.1.0=0", "1.0.0=0").choose(exchange.request, 7))
                .isEqualTo(1);
        assertThat(canary(Sticky.NONE, "3.0.0=0", "2.0.0=100", "1.0.0=0").choose(exchange.request, 7))
                .isZero();
    }

    @Test
    void aCanaryThatIsNotThereIsAskedForInVain() {
        Choice choice = new Choice("g", options("3.0.0=50", "1.0.0=50"), BY_USER, Optional.of(CANARY));
        Exchange exchange = new Exchange("/").with("X-User-Id", "alice");
        String ordinary = chosen(choice, exchange);
        assertThat(chosen(choice, exchange.with("X-Canary", "true"))).isEqualTo(ordinary);
        assertThat(chosen(choice, exchange.with("X-Canary", "false"))).isEqualTo(ordinary);
    }
}
