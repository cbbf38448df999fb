package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SettlingTest {

    private static final Duration WINDOW = Duration.ofMillis(50);

    private final TestClock clock = new TestClock();
    private final Settling settling = new Settling(clock::nanos);

    @Test
    void hasNothingDueWhereNothingMoves() {
        assertThat(settling.due(WINDOW)).isEmpty();
        assertThat(settling.untilDue(WINDOW)).isEmpty();
        assertThat(settling.isEmptyBut(WINDOW)).isTrue();
    }

    @Test
    void letsAFileRestForTheWindow() {
        settling.observe("a", size(1));
        pass(49);
        assertThat(settling.due(WINDOW)).isEmpty();
        assertThat(settling.untilDue(WINDOW)).isEqualTo(millis(1));

        pass(1);
        assertThat(settling.due(WINDOW)).containsExactly("a");
        assertThat(settling.untilDue(WINDOW)).isEqualTo(millis(0));
    }

    @Test
    void beginsAnewWhenTheFileLooksDifferentAndOnlyThen() {
        settling.observe("a", size(1));
        pass(40);
        settling.observe("a", size(1));
        pass(10);
        assertThat(settling.due(WINDOW)).containsExactly("a");

        settling.observe("a", size(2));
        assertThat(settling.due(WINDOW)).isEmpty();
        assertThat(settling.untilDue(WINDOW)).isEqualTo(millis(50));
    }

    @Test
    void beginsAnewWhenTheFileWasTouchedThoughItLooksTheSame() {
        settling.observe("a", size(1));
        pass(40);
        settling.touch("a", size(1));
        pass(40);

        assertThat(settling.due(WINDOW)).isEmpty();
    }

    @Test
    void takesFilesThatSettleTogetherTogether() {
        settling.observe("a", size(1));
        pass(40);
        settling.observe("b", size(1));
        pass(10);
        assertThat(settling.due(WINDOW)).isEmpty();
        assertThat(settling.untilDue(WINDOW)).isEqualTo(millis(40));

        pass(40);
        assertThat(settling.due(WINDOW)).containsExactly("a", "b");
    }

    @Test
    void doesNotLetAFileThatGrowsHoldUpTheOthersForLong() {
        settling.observe("done", size(1));
        int waited = 0;
        while (settling.due(WINDOW).isEmpty()) {
            settling.observe("growing", size(waited));
            pass(10);
            waited += 10;
        }

        assertThat(settling.due(WINDOW)).containsExactly("done");
        assertThat(waited).isEqualTo(50 + 500);
    }

    @Test
    void forgetsWhatWasTaken() {
        settling.observe("a", size(1));

        assertThat(settling.take("a")).isEqualTo(size(1));
        assertThat(settling.isEmptyBut(WINDOW)).isTrue();
    }

    @Test
    void isNotWorthWaitingForWhatHasGoneOnChangingHoweverLongSomebodyHasWaited() {
        settling.observe("done", size(1));
        pass(10_000);
        settling.observe("growing", size(1));
        assertThat(settling.isEmptyBut(WINDOW)).isFalse();

        settling.take("done");
        pass(50);
        settling.touch("growing", size(1));
        assertThat(settling.isEmptyBut(WINDOW)).isFalse();
        pass(1);
        settling.observe("growing", size(2));
        assertThat(settling.isEmptyBut(WINDOW)).isTrue();

        settling.take("growing");
        settling.observe("growing", size(3));
        assertThat(settling.isEmptyBut(WINDOW)).isFalse();
    }

    private void pass(long millis) {
        clock.pass(Duration.ofMillis(millis));
    }

    private static OptionalLong millis(long millis) {
        return OptionalLong.of(Duration.ofMillis(millis).toNanos());
    }

    private static FileStat size(long size) {
        return new FileStat(FileStat.Kind.FILE, size, FileTime.fromMillis(0), Optional.empty());
    }
}
