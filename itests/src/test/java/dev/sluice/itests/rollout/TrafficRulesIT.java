package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.RawHttp;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator's traffic rule, from its file to the requests. */
@Tag("process")
@Tag("one-java")
class TrafficRulesIT {

    private static final String RULE = "dev.sluice.traffic-greeting";
    private static final Pattern STAMP = Pattern.compile("X-greeting: (\\S+)");
    private static final int REQUESTS = 1000;
    private static final int PIPELINED = 100;
    private static final int USERS = 60;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private static String version(SluiceProcess sluice, String... headers) {
        return versions(sluice, List.of(String.join("\r\n", headers))).get(0);
    }

    /** Sends requests with these headers one behind the other on one connection, and tells which version each got. */
    private static List<String> versions(SluiceProcess sluice, List<String> headers) {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            requests.append("GET / HTTP/1.1\r\nHost: x\r\n");
            requests.append(headers.get(i)).append(headers.get(i).isEmpty() ? "" : "\r\n");
            requests.append(i < headers.size() - 1 ? "\r\n" : "Connection: close\r\n\r\n");
        }
        String answers = RawHttp.exchange(sluice.data(), requests.toString());
        List<String> versions =
                STAMP.matcher(answers).results().map(stamp -> stamp.group(1)).toList();
        assertThat(versions).as("one version for each request: %s", answers).hasSameSizeAs(headers);
        return versions;
    }

    private static List<String> ofUsers(SluiceProcess sluice) {
        return ofUsers(
                sluice,
                IntStream.range(0, USERS).mapToObj(user -> "user-" + user).toList());
    }

    private static List<String> ofUsers(SluiceProcess sluice, List<String> users) {
        List<String> versions = new ArrayList<>();
        for (int from = 0; from < users.size(); from += PIPELINED) {
            List<String> some = users.subList(from, Math.min(from + PIPELINED, users.size()));
            versions.addAll(versions(
                    sluice, some.stream().map(user -> "X-User-Id: " + user).toList()));
        }
        return versions;
    }

    private static void share(Home home, int old, int fresh) {
        home.configure(
                RULE, "middleware=greeting", "weights=1.0.0=" + old + ", 2.0.0=" + fresh, "sticky=header:X-User-Id");
    }

    /** Waits until a version has that share. */
    private static void awaitShare(SluiceProcess sluice, double fresh) {
        Await.until(() -> assertThat(sharing(sluice.status()))
                .extracting(unit -> unit.get("share").getAsDouble())
                .containsExactly(fresh, 1 - fresh));
    }

    /** That so many of them get the version is what chance does to a share, but for once in a million draws. */
    private static void assertShare(List<String> versions, double fresh) {
        double deviation = Math.sqrt(versions.size() * fresh * (1 - fresh));
        assertThat((double) Collections.frequency(versions, "2.0.0"))
                .as("of %s at %s", versions.size(), fresh)
                .isBetween(versions.size() * fresh - 5 * deviation, versions.size() * fresh + 5 * deviation);
    }

    /** Keys that a seed decides, and no randomness besides: whoever has the seed gets the same versions. */
    @Test
    void usersGetTheSameVersionOnAnotherMachineAndOnlyMoveTowardsTheRaisedOne() {
        Random random = new Random(80_20);
        List<String> users = Stream.generate(() -> Long.toString(random.nextLong(), 36))
                .limit(REQUESTS)
                .toList();
        SluiceProcess here = sluices.start();
        SluiceProcess there = sluices.start();
        for (SluiceProcess sluice : List.of(here, there)) {
            share(sluice.home(), 80, 20);
        }
        here.home().copy(TestBundle.stamping("greeting", "1.0.0").jar(), "greeting-1.jar");
        here.home().copy(TestBundle.stamping("greeting", "2.0.0").jar(), "greeting-2.jar");
        awaitShare(here, 0.2);
        // In the other order, and so with other numbers of bundles; under other names.
        there.home().copy(TestBundle.stamping("greeting", "2.0.0").jar(), "a.jar");
        Await.until(() -> assertThat(there.status().serving("greeting")).contains("2.0.0"));
        there.home().copy(TestBundle.stamping("greeting", "1.0.0").jar(), "b.jar");
        awaitShare(there, 0.2);

        List<String> before = ofUsers(here, users);
        assertShare(before, 0.2);
        List<String> elsewhere = ofUsers(there, users);
        assertThat(numbers(user -> !elsewhere.get(user).equals(before.get(user))))
                .as("users with another version on another machine")
                .isEmpty();

        share(here.home(), 50, 50);
        awaitShare(here, 0.5);
        List<String> after = ofUsers(here, users);
        assertShare(after, 0.5);
        assertThat(numbers(user ->
                        before.get(user).equals("2.0.0") && !after.get(user).equals("2.0.0")))
                .as("users that the raised version has lost")
                .isEmpty();
    }

    private static List<JsonObject> objects(Status status, String name) {
        return StreamSupport.stream(status.json().getAsJsonArray(name).spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static List<JsonObject> sharing(Status status) {
        return StreamSupport.stream(
                        status.place("greeting")
                                .orElseThrow()
                                .json()
                                .getAsJsonArray("sharing")
                                .spliterator(),
                        false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static List<Integer> numbers(IntPredicate which) {
        return IntStream.range(0, REQUESTS).filter(which).boxed().toList();
    }

    @Test
    void requestsAreSharedAsTheRuleSaysAndUsersKeepTheirVersion() {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        home.configure(
                RULE,
                "middleware=greeting",
                "weights=1.0.0=80, 2.0.0=20",
                "sticky=header:X-User-Id",
                "canary=2.0.0",
                "canary.header=X-Canary");
        home.copy(TestBundle.stamping("greeting", "1.0.0").jar(), "greeting-1.jar");
        // It is refused for the time being, as a version isn't there.
        Await.until(() -> {
            assertThat(objects(sluice.status(), "refusedTraffic"))
                    .singleElement()
                    .satisfies(refused -> assertThat(refused.get("reason").getAsString())
                            .contains("there is no version 2.0.0 of middleware greeting"));
            assertThat(version(sluice)).isEqualTo("1.0.0");
        });
        home.copy(TestBundle.stamping("greeting", "2.0.0").jar(), "greeting-2.jar");
        Await.until(() -> assertThat(sharing(sluice.status())).hasSize(2));
        assertThat(sharing(sluice.status()))
                .extracting(unit -> unit.get("share").getAsDouble())
                .containsExactly(0.2, 0.8);
        assertThat(objects(sluice.status(), "refusedTraffic")).isEmpty();
        assertThat(sluice.status().alarms()).isEmpty();

        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < REQUESTS / PIPELINED; i++) {
            versions(sluice, Collections.nCopies(PIPELINED, ""))
                    .forEach(version -> counts.merge(version, 1, Integer::sum));
        }
        assertThat(counts).containsOnlyKeys("1.0.0", "2.0.0");
        // Five standard deviations (of 12.6) around 200: by chance it is outside of that once in a million runs.
        assertThat(counts.get("2.0.0")).isBetween(137, 263);

        List<String> before = ofUsers(sluice);
        assertThat(before).contains("1.0.0", "2.0.0");
        assertThat(ofUsers(sluice)).isEqualTo(before);
        for (int user = 0; user < 10; user++) {
            assertThat(version(sluice, "X-User-Id: user-" + user, "X-Canary: true"))
                    .isEqualTo("2.0.0");
            assertThat(version(sluice, "X-User-Id: user-" + user, "X-Canary: false"))
                    .isEqualTo("1.0.0");
        }

        home.configure(RULE, "middleware=greeting", "weights=1.0.0=0, 2.0.0=-1", "stiky=none");
        Await.until(() -> assertThat(sluice.status().alarms()).singleElement().satisfies(alarm -> assertThat(alarm)
                .contains(RULE + ".cfg is not taken", "stays in force", "\"-1\"", "is \"sticky\" meant?")));
        assertThat(sluice.log()).containsPattern("ERROR.*" + RULE + "\\.cfg is not taken");
        assertThat(objects(sluice.status(), "traffic")).hasSize(1);
        assertThat(ofUsers(sluice)).isEqualTo(before);

        assertThat(sluice.terminate()).isZero();
        SluiceProcess again = sluices.start(home);
        assertThat(ofUsers(again)).as("after a restart with the bad file").isEqualTo(before);
        assertThat(again.status().alarms()).hasSize(1);
        home.configure(RULE, "middleware=greeting", "weights=1.0.0=0, 2.0.0=1");
        Await.until(() -> assertThat(ofUsers(again)).containsOnly("2.0.0"));
    }
}
