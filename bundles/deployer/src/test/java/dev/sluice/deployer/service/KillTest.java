package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.testing.ReleaseZip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills between any two writes of a history of deployments, by cutting the ledger: the first generation that a restart
 * serves is one that there was, whole, and what had left before isn't back.
 */
class KillTest {

    @TempDir
    Path home;

    /** What the chain served when the ledger had come to a length. */
    private record Step(int length, String serving) {}

    private final List<Step> steps = new ArrayList<>();

    @Test
    void whateverRecordWasTheLastTheNextStartServesWhatItSays() throws Exception {
        Path kept = Files.createDirectories(home.resolve("kept"));
        Path first = home.resolve("first");
        try (Fixture fixture = Fixture.started(first)) {
            middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
            note(fixture, kept);
            middleware("auth", "2.0.0", "auth").writeTo(fixture.file("auth.jar"));
            note(fixture, kept);
            middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            note(fixture, kept);
            middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting-2.jar"));
            note(fixture, kept);
            fixture.delete("greeting-2.jar");
            note(fixture, kept);
            try (Operator.Mark mark = Operator.mark("admin")) {
                fixture.framework.bundle("auth", "2.0.0").uninstall();
            }
            note(fixture, kept);
            Files.move(fixture.file("auth.jar"), fixture.file("renamed.jar"));
            fixture.settle();
            note(fixture, kept);
            fixture.delete("greeting.jar");
            note(fixture, kept);
        }
        byte[] ledger = Files.readAllBytes(first.resolve("data/ledger"));
        assertThat(steps.get(steps.size() - 1).length()).isEqualTo(ledger.length);
        int start = 0;
        for (int at = 0; at < ledger.length; at++) {
            if (ledger[at] == '\n') {
                if (at > steps.get(0).length()) {
                    cutAt(ledger, (start + at) / 2, kept);
                }
                if (at + 1 >= steps.get(0).length()) {
                    cutAt(ledger, at + 1, kept);
                }
                start = at + 1;
            }
        }
    }

    /** All of a release or nothing of it: what comes and goes with it is one record. */
    @Test
    void ofAReleaseTheNextStartServesAllOrNothing() throws Exception {
        Path kept = Files.createDirectories(home.resolve("kept"));
        Path first = home.resolve("first");
        try (Fixture fixture = Fixture.started(first)) {
            shop("1.0.0").writeTo(fixture.file("shop.zip"));
            note(fixture, kept);
            shop("2.0.0").writeTo(fixture.file("shop.zip"));
            note(fixture, kept);
            shop("3.0.0").writeTo(fixture.file("shop-3.zip"));
            note(fixture, kept);
            fixture.delete("shop-3.zip");
            note(fixture, kept);
            try (Operator.Mark mark = Operator.mark("admin")) {
                fixture.run.operations().rollBack("shop.zip", "1.0.0").get(30, TimeUnit.SECONDS);
            }
            note(fixture, kept);
            fixture.delete("shop.zip");
            note(fixture, kept);
        }
        assertThat(steps)
                .extracting(Step::serving)
                .containsExactly(
                        "auth=1.0.0 greeting=1.0.0",
                        "auth=2.0.0 greeting=2.0.0",
                        "auth=3.0.0 greeting=3.0.0",
                        "auth=2.0.0 greeting=2.0.0",
                        "auth=1.0.0 greeting=1.0.0",
                        "");
        byte[] ledger = Files.readAllBytes(first.resolve("data/ledger"));
        int start = 0;
        for (int at = 0; at < ledger.length; at++) {
            if (ledger[at] == '\n') {
                if (start >= steps.get(0).length()) {
                    cutAt(ledger, (start + at) / 2, kept);
                    cutAt(ledger, at + 1, kept);
                }
                start = at + 1;
            }
        }
    }

    private static ReleaseZip shop(String version) {
        return ReleaseZip.of("shop", version)
                .bundle("auth.jar", middleware("auth", version, "auth"))
                .bundle("greeting.jar", middleware("greeting", version, "greeting"));
    }

    /** With the folder as it was left: what it has is not what was rolled back to. */
    @Test
    void aRollBackIsOneRecordAndWhatTheFolderHasIsDeployedBeforeItAndNotAfter() throws Exception {
        Path kept = Files.createDirectories(home.resolve("kept"));
        Path first = home.resolve("first");
        try (Fixture fixture = Fixture.started(first)) {
            middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            note(fixture, kept);
            middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            note(fixture, kept);
            rollBack(fixture, "1.0.0");
            note(fixture, kept);
            try (Operator.Mark mark = Operator.mark("admin")) {
                fixture.run.operations().rollForward("greeting.jar").get(30, TimeUnit.SECONDS);
            }
            note(fixture, kept);
            rollBack(fixture, "1.0.0");
            note(fixture, kept);
        }
        assertThat(steps).extracting(Step::serving).endsWith("greeting=1.0.0", "greeting=2.0.0", "greeting=1.0.0");
        byte[] ledger = Files.readAllBytes(first.resolve("data/ledger"));
        for (int at = steps.get(1).length(); at <= ledger.length; at++) {
            boolean isEnd = ledger[at - 1] == '\n';
            if (isEnd || (at > 40 && ledger[at - 40] == '\n')) {
                restart(first, Arrays.copyOf(ledger, at), kept);
            }
        }
    }

    private static void rollBack(Fixture fixture, String version) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            RollBack outcome =
                    fixture.run.operations().rollBack("greeting.jar", version).get(30, TimeUnit.SECONDS);
            assertThat(outcome.outcome()).isEqualTo(RollBack.Outcome.ROLLED_BACK);
        }
    }

    private void restart(Path first, byte[] ledger, Path kept) throws Exception {
        Path again = home.resolve("again-" + ledger.length);
        Files.createDirectories(again.resolve("data/store"));
        Files.createDirectories(again.resolve("deploy"));
        Files.write(again.resolve("data/ledger"), ledger);
        Files.copy(first.resolve("data/deploy-id"), again.resolve("data/deploy-id"));
        copyAll(first.resolve("deploy"), again.resolve("deploy"));
        copyAll(kept, again.resolve("data/store"));
        String text = new String(ledger, StandardCharsets.UTF_8);
        String whole = text.substring(0, text.lastIndexOf('\n'));
        // What became of a bundle that went is written beside what comes and goes.
        boolean isRolledBack = whole.lines()
                .filter(line -> !line.contains("\"type\":\"witnessed\""))
                .reduce((before, last) -> last)
                .orElseThrow()
                .contains("\"rolledBack\"");
        try (Fixture fixture = Fixture.started(again)) {
            fixture.settle();
            assertThat(fixture.chain.serving())
                    .as("the ledger cut at %s", ledger.length)
                    .isEqualTo(isRolledBack ? "greeting=1.0.0" : "greeting=2.0.0");
            assertThat(Files.exists(fixture.file("greeting.jar.rolledback"))).isEqualTo(isRolledBack);
            if (isRolledBack) {
                assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
            }
        }
    }

    private void note(Fixture fixture, Path kept) throws Exception {
        fixture.settle();
        fixture.settle();
        steps.add(new Step((int) Files.size(fixture.data("ledger")), fixture.chain.serving()));
        // What a prune deletes after a later record was there before that record.
        try (Stream<Path> copies = Files.list(fixture.data("store"))) {
            for (Path copy : copies.toList()) {
                Path target = kept.resolve(copy.getFileName());
                if (Files.notExists(target)) {
                    Files.copy(copy, target);
                }
            }
        }
    }

    /** With the folder away, so that what the start serves is all from ledger and store. */
    private void cutAt(byte[] ledger, int length, Path kept) throws Exception {
        Path second = home.resolve("cut-" + length);
        Files.createDirectories(second.resolve("data/store"));
        Files.write(second.resolve("data/ledger"), Arrays.copyOf(ledger, length));
        Files.writeString(second.resolve("data/deploy-id"), "another folder's");
        copyAll(kept, second.resolve("data/store"));
        try (Fixture fixture = Fixture.started(second)) {
            List<String> possible = new ArrayList<>();
            String before = "";
            for (Step step : steps) {
                if (step.length() <= length) {
                    before = step.serving();
                } else {
                    // Between the records of one step it is what was before it, or what comes after.
                    possible.add(step.serving());
                    break;
                }
            }
            possible.add(before);
            assertThat(fixture.chain.serving())
                    .as("the ledger cut at %s", length)
                    .isIn(possible);
            if (steps.stream().anyMatch(step -> step.length() == length)) {
                assertThat(fixture.chain.serving())
                        .as("the ledger cut at %s", length)
                        .isEqualTo(before);
            }
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
