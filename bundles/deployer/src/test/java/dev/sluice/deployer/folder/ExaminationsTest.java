package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationsTest {

    private static final Duration WINDOW = Duration.ofMillis(50);

    @TempDir
    Path home;

    private final TestClock clock = new TestClock();
    private final Examinations examinations = new Examinations(clock::nanos);
    private final CompletableFuture<Verdict> one = new CompletableFuture<>();
    private final CompletableFuture<Verdict> two = new CompletableFuture<>();

    @BeforeEach
    void begin() throws IOException {
        Store store = new Store(home.resolve("store"));
        Path file = Files.writeString(home.resolve("file"), "content");
        examinations.put("one", new Examination(FileStat.ABSENT, store.stage(file), one));
        examinations.put("two", new Examination(FileStat.ABSENT, store.stage(file), two));
    }

    @Test
    void oneThatIsDoneWaitsForAnotherButNotForOneThatHangs() {
        assertThat(examinations.due(WINDOW)).isEmpty();
        assertThat(examinations.untilDue(WINDOW)).isEmpty();
        one.complete(new Verdict.Incomplete("one", "any"));
        assertThat(examinations.due(WINDOW)).isEmpty();
        assertThat(examinations.untilDue(WINDOW)).hasValue(WINDOW.toNanos() * 10);

        clock.pass(WINDOW.multipliedBy(10));
        assertThat(examinations.due(WINDOW)).containsExactly("one");
    }

    @Test
    void thoseThatAreDoneGoTogether() {
        one.complete(new Verdict.Incomplete("one", "any"));
        assertThat(examinations.due(WINDOW)).isEmpty();
        two.complete(new Verdict.Incomplete("two", "any"));
        assertThat(examinations.due(WINDOW)).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void whatIsGivenUpLeavesNoCopyAndIsToldSo() {
        examinations.giveUpAll();
        assertThat(examinations.isEmpty()).isTrue();
        assertThat(one).isCancelled();
        assertThat(home.resolve("store")).isEmptyDirectory();
    }
}
