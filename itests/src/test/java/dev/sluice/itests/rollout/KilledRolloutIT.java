package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Digests;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.KeepAlive;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.Ports;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Soak;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * kill -9 at random moments of rollouts (P7). What the next start serves is what was last published, or the edge after it: a
 * rollout doesn't go back by a kill, nothing that was taken back returns, and the place is never empty.
 */
@Tag("process")
@Tag("one-java")
class KilledRolloutIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** About what a rollout takes from the copy to its end, on a busy machine. */
    private static final int MOMENTS_MILLIS = 4_000;

    private static final int CONNECTIONS = 4;
    private static final double FIRST_SHARE = 30;

    /** Fewer than the step wants of the new version, at its share. */
    private static final int PROBES = 60;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    /** How far the rollout of a version was seen to be; none is left for one before it. */
    private enum Stage {
        NOT_BEGUN,
        STEP,
        BAKE,
        WHOLE,
        TAKEN_BACK
    }

    private final Home home = sluices.home();
    private final int port = Ports.free();
    private final long seed = Long.getLong("sluice.crash.seed", System.nanoTime() % 1_000_000);
    private final Random random = new Random(seed);
    private final Map<Stage, Integer> stages = new TreeMap<>();

    /** What serves when no rollout is under way, and what is rolled out. */
    private int old = 1;

    private int fresh = 1;
    private boolean isBad;
    private String sha256 = "";

    @Test
    void killedAtRandomMomentsARolloutGoesOnWhereItWasOrIsOver() {
        System.out.println("kills of rollouts, again with -Dsluice.crash.seed=" + seed);
        // Three of ten may by chance be half of the first twenty, and then the switch is quicker than the judge.
        home.configure("dev.sluice.chain", "trip=off");
        home.configure(
                "dev.sluice.rollout-greeting",
                "middleware=greeting",
                "steps=30,100",
                "step.time=500ms",
                "step.requests=40",
                "bake=500ms");
        SluiceProcess now = launch().awaitReady();
        Greetings.deployApplication(home);
        Greetings.deploy(home, "1.0.0", "stamp");
        SluiceProcess first = now;
        Await.until(() -> assertThat(first.status().serving("greeting")).contains("1.0.0"));

        int rounds = Soak.asked().isPresent() ? 200 : 10;
        for (int round = 1; round <= rounds; round++) {
            fresh = round + 1;
            isBad = random.nextInt(3) == 0;
            int moment = random.nextInt(MOMENTS_MILLIS);
            String what = "round " + round + ", seed " + seed + ", " + (isBad ? "bad" : "good") + ", killed after "
                    + moment + " ms";
            Stage before = killIn(now, moment);
            stages.merge(before, 1, Integer::sum);
            now = startUnderEyes(what, before);
            goesOnWhereItWas(what, before, now);
            comesToItsEnd(what, now);
        }
        System.out.println("kills of rollouts came at " + stages);
        assertThat(now.terminate()).isZero();
    }

    /** Copies the next version, under load, and kills the container at the moment. */
    private Stage killIn(SluiceProcess sluice, int moment) {
        try (Audience audience = audience(sluice)) {
            byte[] jar = Greetings.jar(fresh + ".0.0", isBad ? "often" : "stamp");
            sha256 = Digests.sha256(jar);
            home.copy(jar, Greetings.FILE);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(moment);
            Stage seen = Stage.NOT_BEGUN;
            while (System.nanoTime() - end < 0) {
                Stage now = stage(sluice.status());
                assertThat(now).as("seen before").isGreaterThanOrEqualTo(seen);
                seen = now;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            List<String> complaints = audience.complaints();
            sluice.kill9();
            assertThat(complaints).isEmpty();
            return seen;
        }
    }

    private Audience audience(SluiceProcess sluice) {
        String version = fresh + ".0.0";
        return new Audience(
                sluice,
                Greetings.STAMP,
                CONNECTIONS,
                fresh,
                (target, answer) ->
                        complaint(answer, version).filter(any -> !isBad || !Greetings.isOf(version, answer)),
                "/");
    }

    /** {@return what is wrong with an answer that is to be the old version's or the new one's} */
    private Optional<String> complaint(Answer answer, String version) {
        Optional<String> wrong = Greetings.complaint(answer);
        boolean isKnown = answer.header(Greetings.STAMP)
                .filter(stamp -> stamp.equals(version) || stamp.equals(old + ".0.0"))
                .isPresent();
        return wrong.isEmpty() && !isKnown ? Optional.of("another version: " + answer) : wrong;
    }

    private Stage stage(Status status) {
        boolean isTakenBack = status.deployments().stream()
                .filter(deployment -> deployment.sha256().equals(Optional.of(sha256)))
                .anyMatch(deployment -> deployment.reason().contains("its rollout was taken back"));
        Optional<Status.Rollout> rollout = status.rollouts().stream()
                .filter(one -> one.to().equals(fresh + ".0.0"))
                .findFirst();
        if (rollout.isPresent()) {
            return rollout.get().phase().equals("STEP") ? Stage.STEP : Stage.BAKE;
        }
        if (isTakenBack) {
            return Stage.TAKEN_BACK;
        }
        if (!status.serving("greeting").equals(Optional.of(fresh + ".0.0"))) {
            return Stage.NOT_BEGUN;
        }
        // The chain shows a share a moment before the rollout is shown that gives it.
        return status.place("greeting")
                        .orElseThrow()
                        .json()
                        .getAsJsonArray("sharing")
                        .isEmpty()
                ? Stage.WHOLE
                : Stage.STEP;
    }

    /** Starts it, and asks from the first moment on; until the port is open there is no answer. */
    private SluiceProcess startUnderEyes(String what, Stage before) {
        SluiceProcess starting = launch();
        Set<String> allowed = allowed(before);
        try (KeepAlive client = new KeepAlive(URI.create("http://127.0.0.1:" + port + "/"))) {
            while (!starting.isReady() && starting.isAlive()) {
                try {
                    assertAllowed(what + ", " + before + ", at the start", allowed, client.get("/"));
                } catch (IOException notYet) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
        }
        return starting.awaitReady();
    }

    private Set<String> allowed(Stage before) {
        Set<String> allowed = new HashSet<>();
        if (before != Stage.WHOLE) {
            allowed.add(old + ".0.0");
        }
        if (before != Stage.TAKEN_BACK) {
            allowed.add(fresh + ".0.0");
        }
        return allowed;
    }

    private void assertAllowed(String what, Set<String> allowed, Answer answer) {
        boolean hasThrown = isBad && answer.status() == 500 && allowed.contains(fresh + ".0.0");
        if (!hasThrown) {
            assertThat(answer.header(Greetings.STAMP))
                    .as("%s: %s", what, answer)
                    .isPresent();
            assertThat(answer.header(Greetings.STAMP).get()).as(what).isIn(allowed);
            assertThat(answer.status()).as("%s: %s", what, answer).isEqualTo(200);
        }
    }

    private void goesOnWhereItWas(String what, Stage before, SluiceProcess sluice) {
        // What was taken back is said again when the folder was looked through.
        Await.until(() -> assertThat(stage(sluice.status())).as(what).isGreaterThanOrEqualTo(before));
        Stage after = stage(sluice.status());
        if (before == Stage.WHOLE || before == Stage.TAKEN_BACK) {
            assertThat(after).as(what).isEqualTo(before);
        }
        if (isBad) {
            assertThat(after).as(what).isNotIn(Stage.BAKE, Stage.WHOLE);
        }
        Map<String, Integer> counts = new TreeMap<>();
        try (KeepAlive client = new KeepAlive(sluice.data())) {
            for (int i = 0; i < PROBES; i++) {
                Answer answer = client.get("/");
                assertAllowed(what + ", " + before, allowed(before), answer);
                counts.merge(answer.header(Greetings.STAMP).orElse("none"), 1, Integer::sum);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(what, e);
        }
        Status then = sluice.status();
        if (after == Stage.STEP && stage(then) == Stage.STEP) {
            assertThat(then.rollouts()).as(what).singleElement().satisfies(rollout -> assertThat(rollout.share())
                    .isEqualTo(FIRST_SHARE));
            assertThat(counts)
                    .as(what + ": both have their share")
                    .containsKeys(old + ".0.0")
                    .hasSizeGreaterThan(1);
        }
        assertThat(sluice.log()).as(what).doesNotContain("is damaged", "can't be taken up again");
        assertThat(then.alarms()).as(what).allMatch(alarm -> alarm.contains("its rollout was taken back"));
    }

    private void comesToItsEnd(String what, SluiceProcess sluice) {
        try (Audience audience = audience(sluice)) {
            Await.until(PATIENCE, () -> {
                Status status = sluice.status();
                assertThat(stage(status)).as("%s: %s", what, status.json()).isIn(Stage.TAKEN_BACK, Stage.WHOLE);
            });
            assertThat(stage(sluice.status())).as(what).isEqualTo(isBad ? Stage.TAKEN_BACK : Stage.WHOLE);
            assertThat(audience.end()).as(what).isEmpty();
        }
        old = isBad ? old : fresh;
        Await.until(() -> {
            Status status = sluice.status();
            assertThat(status.standbys()).as(what).isEmpty();
            assertThat(status.serving("greeting")).as(what).contains(old + ".0.0");
            assertThat(status.alarms().isEmpty())
                    .as("%s: %s", what, status.alarms())
                    .isEqualTo(!isBad);
        });
    }

    private SluiceProcess launch() {
        return sluices.launch(
                SluiceProcess.on(home).ownPorts().args("--port", Integer.toString(port), "--admin-port", "0"));
    }
}
