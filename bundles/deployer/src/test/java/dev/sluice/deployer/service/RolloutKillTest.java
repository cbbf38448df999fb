package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.DeploymentState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills between any two writes of a rollout, by cutting the ledger: the next start gives each version the share that the
 * last whole record says, and never all requests to one that hadn't had them.
 */
class RolloutKillTest {

    private static final String FIRST = "greeting:2.0.0=100,1.0.0=9900";
    private static final String BAKE = "greeting:2.0.0=10000,1.0.0=0";

    @TempDir
    Path home;

    private interface Ending {
        void of(Fixture fixture) throws Exception;
    }

    @Test
    void aRolloutThatIsPromoted() throws Exception {
        List<String> lines = played(fixture -> {
            order(fixture, true);
            order(fixture, true);
        });
        assertThat(lines).hasSize(6);
        Set<String> possible = Set.of("", FIRST, BAKE);
        for (Start start : starts(lines)) {
            assertThat(start.shares()).as(start.what()).isIn(possible);
            if (start.shares().isEmpty()) {
                // Before it, with the file as it is: it begins anew. After it: it is over.
                assertThat(start.serving()).as(start.what()).isEqualTo("greeting=2.0.0");
                assertThat(start.last()).as(start.what()).containsAnyOf("\"DONE\"", "is over", "rollout over");
            }
        }
    }

    @Test
    void aRolloutThatIsTakenBack() throws Exception {
        List<String> lines = played(fixture -> order(fixture, false));
        boolean wasTakenBack = false;
        for (Start start : starts(lines)) {
            wasTakenBack |= start.last().contains("\"TAKEN_BACK\"");
            assertThat(start.shares()).as(start.what()).isEqualTo(wasTakenBack ? "" : FIRST);
            assertThat(start.serving()).as(start.what()).isEqualTo(wasTakenBack ? "greeting=1.0.0" : "greeting=2.0.0");
            if (wasTakenBack) {
                // Not even for a moment, and for what reason the file doesn't tell what runs is said.
                assertThat(start.shared()).as(start.what()).allMatch(one -> one.isEmpty() || one.contains("2.0.0=0,"));
                assertThat(start.reason()).as(start.what()).contains("its rollout was taken back");
            } else {
                assertThat(start.shared()).as(start.what()).allMatch(one -> one.isEmpty() || one.equals(FIRST));
            }
        }
        assertThat(wasTakenBack).isTrue();
    }

    @Test
    void aRolloutThatIsSuperseded() throws Exception {
        List<String> lines = played(fixture -> {
            middleware("greeting", "3.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            fixture.settle();
        });
        for (Start start : starts(lines)) {
            assertThat(start.shares()).as(start.what()).isEqualTo("greeting:3.0.0=100,1.0.0=9900");
        }
    }

    private record Start(String what, String last, String shares, String serving, List<String> shared, String reason) {}

    private final List<byte[]> prefixes = new ArrayList<>();
    private Path first;
    private Path kept;

    /** {@return the lines of the ledger from when 1.0.0 was there} */
    private List<String> played(Ending ending) throws Exception {
        first = home.resolve("first");
        kept = Files.createDirectories(home.resolve("kept"));
        int from;
        try (Fixture fixture = Fixture.started(first)) {
            fixture.rollOutBy(Map.of("steps", "1,50,100", "bake", "30s"));
            middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            fixture.settle();
            keep(fixture);
            from = (int) Files.size(fixture.data("ledger"));
            middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            fixture.settle();
            keep(fixture);
            ending.of(fixture);
            keep(fixture);
        }
        byte[] ledger = Files.readAllBytes(first.resolve("data/ledger"));
        List<String> lines = new ArrayList<>();
        int start = from;
        prefixes.add(Arrays.copyOf(ledger, from));
        for (int at = from; at < ledger.length; at++) {
            if (ledger[at] == '\n') {
                String line = new String(ledger, start, at - start, StandardCharsets.UTF_8);
                start = at + 1;
                // What became of a bundle that went is written beside the rollout, sooner or later.
                if (!line.contains("\"type\":\"witnessed\"")) {
                    prefixes.add(Arrays.copyOf(ledger, at + 1));
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    private static void order(Fixture fixture, boolean promote) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            Operations operations = fixture.run.operations();
            assertThat((promote ? operations.promote("greeting.jar") : operations.abort("greeting.jar"))
                            .get()
                            .isDone())
                    .isTrue();
        }
    }

    private void keep(Fixture fixture) throws IOException {
        try (Stream<Path> copies = Files.list(fixture.data("store"))) {
            for (Path copy : copies.toList()) {
                Path target = kept.resolve(copy.getFileName());
                if (Files.notExists(target)) {
                    Files.copy(copy, target);
                }
            }
        }
    }

    private List<Start> starts(List<String> lines) throws Exception {
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < prefixes.size(); i++) {
            starts.add(start(i, i == 0 ? "" : lines.get(i - 1)));
        }
        return starts;
    }

    private Start start(int number, String last) throws Exception {
        Path again = home.resolve("again-" + number);
        Files.createDirectories(again.resolve("deploy"));
        Files.createDirectories(again.resolve("data/store"));
        Files.createDirectories(again.resolve("data/trials"));
        Files.write(again.resolve("data/ledger"), prefixes.get(number));
        Files.copy(first.resolve("data/deploy-id"), again.resolve("data/deploy-id"));
        for (String folder : List.of("deploy", "data/trials")) {
            boolean isYet = folder.equals("deploy")
                    || last.contains("\"TAKEN_BACK\"")
                    || number == prefixes.size() - 1
                    || last.contains("take greeting.jar back");
            if (isYet) {
                copyAll(first.resolve(folder), again.resolve(folder));
            }
        }
        copyAll(kept, again.resolve("data/store"));
        for (Path marker : list(again.resolve("deploy"))) {
            if (marker.toString().endsWith(".failed")) {
                Files.delete(marker);
            }
        }
        try (Fixture fixture = new Fixture(again)) {
            fixture.rollOutBy(Map.of("steps", "1,50,100", "bake", "30s"));
            fixture.start();
            fixture.settle();
            eventually(
                    "what it shares is shown",
                    () -> fixture.run.rollouts().isEmpty()
                            == fixture.chain.shares().isEmpty());
            return new Start(
                    "after record " + number + ": " + last,
                    last,
                    fixture.chain.shares(),
                    fixture.chain.serving(),
                    fixture.chain.shared(),
                    fixture.in("greeting.jar", DeploymentState.FAILED)
                            .flatMap(view -> view.reason())
                            .orElse(""));
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        for (Path file : list(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }
}
