package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RemovalsTest {

    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final TestClock clock = new TestClock();
    private final Removals removals = new Removals(clock::nanos);

    @Test
    void hasNothingDueWhereNothingIsMissing() {
        assertThat(removals.isDue(WINDOW)).isFalse();
        assertThat(removals.due(WINDOW)).isEmpty();
        assertThat(removals.untilDue(WINDOW)).isEmpty();
    }

    @Test
    void waitsForTheWindowAndSaysHowLong() {
        removals.missed("a", true);
        pass(999);
        assertThat(removals.due(WINDOW)).isEmpty();
        assertThat(removals.untilDue(WINDOW)).isEqualTo(millis(1));

        pass(1);
        assertThat(removals.due(WINDOW)).containsExactly("a");
        assertThat(removals.untilDue(WINDOW)).isEqualTo(millis(0));
    }

    @Test
    void waitsAnewWheneverAnotherVanishes() {
        removals.missed("a", true);
        pass(900);
        removals.missed("b", false);
        pass(900);
        assertThat(removals.due(WINDOW)).isEmpty();
        assertThat(removals.untilDue(WINDOW)).isEqualTo(millis(100));

        pass(100);
        assertThat(removals.due(WINDOW)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void doesNotWaitAnewWhenAScanMissesTheSameFileAgain() {
        removals.missed("a", true);
        pass(900);
        removals.missed("a", false);
        pass(100);

        assertThat(removals.due(WINDOW)).containsExactly("a");
    }

    @Test
    void forgetsAFileThatIsBack() {
        removals.missed("a", true);
        removals.end("a");
        pass(1000);

        assertThat(removals.due(WINDOW)).isEmpty();
        assertThat(removals.isEmpty()).isTrue();
    }

    private void pass(long millis) {
        clock.pass(Duration.ofMillis(millis));
    }

    private static OptionalLong millis(long millis) {
        return OptionalLong.of(Duration.ofMillis(millis).toNanos());
    }
}
