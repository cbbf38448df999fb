package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator decides over HTTP how a rollout goes on, and back; and each request is served as was answered. */
@Tag("process")
@Tag("one-java")
class RolloutOrdersIT {

    private static final int SOME = 40;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    private SluiceProcess sluice;

    /** By hand alone: of itself nothing goes on. */
    private void startWithTwoVersions() {
        home.configure(
                "dev.sluice.rollout-greeting",
                "middleware=greeting",
                "steps=50,100",
                "step.time=1h",
                "step.requests=1000000",
                "bake=1h");
        sluice = sluices.start(SluiceProcess.on(home));
        Greetings.deployApplication(home);
        Greetings.deploy(home, "1.0.0", "stamp");
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains("1.0.0"));
        rollOut("2.0.0");
    }

    private void rollOut(String version) {
        Greetings.deploy(home, version, "stamp");
        Await.until(() -> assertThat(rollouts()).containsExactly("1.0.0 > " + version + " STEP 50.0"));
    }

    private List<String> rollouts() {
        return sluice.status().rollouts().stream()
                .map(one -> one.from() + " > " + one.to() + " " + one.phase() + " " + one.share())
                .toList();
    }

    private HttpResponse<String> post(String what, String form) {
        return sluice.operator().postForm(sluice.admin("/api/v1/" + what), form);
    }

    private void isDone(String what, String words) {
        HttpResponse<String> answer = post(what, "file=" + Greetings.FILE);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).get("outcome").getAsString()).isEqualTo("DONE");
        assertThat(json(answer).get("message").getAsString()).contains(words);
    }

    private void isRefused(String what, int status, String words) {
        HttpResponse<String> answer = post(what, "file=" + Greetings.FILE);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(json(answer).get("detail").getAsString()).contains(words);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    /** {@return which versions answer, of so many requests that with two halves each is among them but for bad luck of 1e-12} */
    private Set<String> served() {
        List<String> served = new ArrayList<>();
        for (int request = 0; request < SOME; request++) {
            HttpResponse<String> answer = Client.anonymous().get(sluice.data("/"));
            assertThat(answer.statusCode()).isEqualTo(200);
            served.add(answer.headers().firstValue(Greetings.STAMP).orElse("none"));
        }
        return new TreeSet<>(served);
    }

    @Test
    void isPausedResumedPromotedToItsEndAndRolledBack() {
        startWithTwoVersions();
        assertThat(served()).containsExactly("1.0.0", "2.0.0");
        isRefused("rollout/resume", 409, "it isn't paused");

        isDone("rollout/pause", "was paused by operator admin");
        assertThat(rollouts()).containsExactly("1.0.0 > 2.0.0 STEP_PAUSED 50.0");
        assertThat(sluice.status().alarms()).anyMatch(alarm -> alarm.contains("greeting.jar is paused at 50 %"));
        assertThat(served()).containsExactly("1.0.0", "2.0.0");
        isRefused("rollout/pause", 409, "it is paused already");

        isDone("rollout/resume", "goes on, by operator admin");
        assertThat(rollouts()).containsExactly("1.0.0 > 2.0.0 STEP 50.0");
        assertThat(sluice.status().alarms()).noneMatch(alarm -> alarm.contains("is paused"));

        isDone("rollout/promote", "all requests go to what is rolled out");
        assertThat(rollouts()).containsExactly("1.0.0 > 2.0.0 BAKE 100.0");
        assertThat(served()).containsExactly("2.0.0");

        isDone("rollout/promote", "is over: it stays");
        assertThat(rollouts()).isEmpty();
        assertThat(served()).containsExactly("2.0.0");
        isRefused("rollout/promote", 404, "nothing is being rolled out from a file 'greeting.jar'");

        HttpResponse<String> back = post("rollback", "file=" + Greetings.FILE + "&to=1.0.0");
        assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
        assertThat(served()).as("whole, and at once").containsExactly("1.0.0");
        assertThat(rollouts()).isEmpty();
        assertThat(history(0)).isEqualTo("OPERATOR roll greeting.jar back to test.greeting 1.0.0");
        assertThat(history(1)).isEqualTo("OPERATOR the rollout of test.greeting 2.0.0 (greeting.jar) is over");
    }

    @Test
    void isTakenBackAndStaysSoUntilAskedForAgain() {
        startWithTwoVersions();

        isDone("rollout/abort", "the rollout of greeting.jar was taken back");

        assertThat(rollouts()).isEmpty();
        assertThat(served()).containsExactly("1.0.0");
        assertThat(home.markerText(Greetings.FILE))
                .contains("its rollout was taken back: operator admin has ended it", "copy the file again");
        assertThat(history(0))
                .isEqualTo("OPERATOR take greeting.jar back to test.greeting 1.0.0: operator admin has ended it");
        isRefused("rollout/abort", 404, "nothing is being rolled out");

        HttpResponse<String> back = post("rollback", "file=" + Greetings.FILE + "&to=2.0.0");
        assertThat(back.statusCode()).as(back.body()).isEqualTo(409);
        assertThat(json(back).get("detail").getAsString())
                .contains("its rollout was taken back: operator admin has ended it", "POST /api/v1/rollforward");
        assertThat(served()).containsExactly("1.0.0");

        HttpResponse<String> forward = post("rollforward", "file=" + Greetings.FILE);
        assertThat(forward.statusCode()).as(forward.body()).isEqualTo(200);
        Await.until(() -> assertThat(rollouts()).containsExactly("1.0.0 > 2.0.0 STEP 50.0"));
        assertThat(served()).containsExactly("1.0.0", "2.0.0");
        assertThat(home.marker(Greetings.FILE)).doesNotExist();
    }

    @Test
    void isOverWithTheOnePublishByWhichItsFileIsRolledBackToWhatWasBefore() {
        startWithTwoVersions();
        isDone("rollout/promote", "");
        isDone("rollout/promote", "");
        Greetings.deploy(home, "3.0.0", "stamp");
        Await.until(() -> assertThat(rollouts()).containsExactly("2.0.0 > 3.0.0 STEP 50.0"));

        HttpResponse<String> back = post("rollback", "file=" + Greetings.FILE + "&to=1.0.0");

        assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
        assertThat(served()).containsExactly("1.0.0");
        assertThat(rollouts()).isEmpty();
        assertThat(history(0)).isEqualTo("OPERATOR roll greeting.jar back to test.greeting 1.0.0");
        assertThat(history(1)).startsWith("FILE deploy greeting.jar; roll greeting.jar out beside test.greeting 2.0.0");
    }

    @Test
    void secondFilesOfItsVersionsDisturbNothingAndAreToldWhatTheyWaitFor() {
        startWithSecondFiles();
        home.copy(Greetings.jar("1.0.0", "slow-1"), "other-old.jar");
        awaitSaid(
                "other-old.jar",
                "FAILED",
                "2.0.0 is being rolled out from greeting.jar beside 1.0.0: this is tried again");
        assertThat(rollouts()).containsExactly("1.0.0 > 2.0.0 STEP 50.0");
        assertThat(served()).containsExactly("1.0.0", "2.0.0");
        home.remove("other-old.jar");
        home.remove("other-new.jar");
        Await.until(() -> assertThat(sluice.status().alarms()).isEmpty());

        isDone("rollout/promote", "");
        isDone("rollout/promote", "");

        Await.until(() -> assertThat(sluice.status().stateOf("old.jar")).isEqualTo("PUBLISHED"));
        assertThat(sluice.status().standbys()).singleElement().satisfies(standby -> assertThat(standby.version())
                .contains("1.0.0"));
        assertThat(served()).containsExactly("2.0.0");
        awaitSaid("new.jar", "DUPLICATE", "same content as greeting.jar");
        assertThat(sluice.status().alarms()).isEmpty();
    }

    @Test
    void aSecondFileOfWhatIsTakenBackDoesNotBringItIn() {
        startWithSecondFiles();
        home.remove("other-new.jar");
        Await.until(() -> assertThat(sluice.status().stateOf("other-new.jar")).isEmpty());

        isDone("rollout/abort", "the rollout of greeting.jar was taken back");

        // Nobody need be told in an alarm of what an operator has ended.
        Await.until(
                () -> assertThat(home.markerText("new.jar")).contains("its rollout was taken back: operator admin"));
        assertThat(sluice.status().stateOf("new.jar")).isEqualTo("FAILED");
        awaitSaid("old.jar", "DUPLICATE", "same content as greeting.jar");
        assertThat(rollouts()).isEmpty();
        assertThat(served()).containsExactly("1.0.0");
    }

    /** The bytes of each of the two once more, and other bytes of the new version. */
    private void startWithSecondFiles() {
        startWithTwoVersions();
        home.copy(Greetings.jar("2.0.0", "stamp"), "new.jar");
        home.copy(Greetings.jar("1.0.0", "stamp"), "old.jar");
        home.copy(Greetings.jar("2.0.0", "slow-1"), "other-new.jar");
        awaitSaid("new.jar", "DUPLICATE", "same content as greeting.jar");
        awaitSaid(
                "old.jar",
                "DUPLICATE",
                "same content as greeting.jar had before, which stays beside until the rollout is over");
        awaitSaid(
                "other-new.jar",
                "FAILED",
                "greeting.jar is test.greeting 2.0.0 too, with other content: overwrite greeting.jar, remove it, or give"
                        + " this one another version");
    }

    /** What failed is an alarm and has a marker, which say the same. */
    private void awaitSaid(String file, String state, String words) {
        Await.until(() -> {
            Status status = sluice.status();
            assertThat(status.stateOf(file)).isEqualTo(state);
            assertThat(status.deployment(file).orElseThrow().reason()).contains(words);
            boolean hasFailed = state.equals("FAILED");
            assertThat(status.alarms().stream().anyMatch(alarm -> alarm.startsWith(file) && alarm.contains(words)))
                    .as("%s", status.alarms())
                    .isEqualTo(hasFailed);
            assertThat(Files.exists(home.marker(file)) && home.markerText(file).contains(words))
                    .isEqualTo(hasFailed);
        });
    }

    private String history(int ago) {
        Status status = sluice.status();
        JsonObject one = status.json().getAsJsonArray("history").get(ago).getAsJsonObject();
        return one.get("cause").getAsString() + " " + one.get("summary").getAsString();
    }
}
