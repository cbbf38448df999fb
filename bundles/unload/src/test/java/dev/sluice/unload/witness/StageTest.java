package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Verdict;
import dev.sluice.unload.witness.Stage.Facts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StageTest {

    private static final boolean[] BOTH = {false, true};

    @ParameterizedTest
    @EnumSource(Stage.class)
    void whateverIsKnownOnlyLegalEdgesAreTaken(Stage stage) {
        for (boolean gone : BOTH) {
            for (boolean used : BOTH) {
                for (boolean rested : BOTH) {
                    for (boolean canaryGone : BOTH) {
                        Facts facts = new Facts(gone, used, rested, canaryGone);
                        Stage next = stage.next(facts);
                        assertThat(next == stage || stage.mayBecome(next))
                                .as("%s to %s by %s", stage, next, facts)
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void collectedIsFinal() {
        for (Stage next : Stage.values()) {
            assertThat(Stage.COLLECTED.mayBecome(next)).isFalse();
        }
    }

    @Test
    void fourCanariesHaveToGoBeforeAnybodyIsAccusedOfWhatNoSearchCanName() {
        Facts proven = new Facts(false, false, true, true);
        Stage stage = Stage.LEFT;
        for (int step = 0; step < 4; step++) {
            stage = stage.next(proven);
            assertThat(stage.verdict()).isEqualTo(Verdict.PENDING);
        }
        assertThat(stage.next(proven)).isEqualTo(Stage.LEAKED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"FIRST_CANARY", "SECOND_CANARY", "THIRD_CANARY", "UNEXPLAINED"})
    void aCanaryThatHasNotGoneProvesNothingHoweverLongItTakes(Stage stage) {
        assertThat(stage.next(new Facts(false, false, true, false))).isEqualTo(stage);
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"FIRST_CANARY", "SECOND_CANARY", "THIRD_CANARY", "UNEXPLAINED"})
    void aCanaryThatGoesAtOnceLeavesTimeForThreadsToEnd(Stage stage) {
        assertThat(stage.next(new Facts(false, false, false, true))).isEqualTo(stage);
    }

    @Test
    void whatIsUsedIsNeitherAccusedNorForgotten() {
        Facts used = new Facts(false, true, true, true);
        assertThat(Stage.THIRD_CANARY.next(used)).isEqualTo(Stage.USED);
        assertThat(Stage.USED.next(used)).isEqualTo(Stage.USED);
        assertThat(Stage.USED.next(new Facts(false, false, true, true))).isEqualTo(Stage.LEFT);
    }

    @Test
    void whatHasLeakedMayBeCollectedYet() {
        assertThat(Stage.LEAKED.next(new Facts(true, false, true, true))).isEqualTo(Stage.COLLECTED);
    }
}
