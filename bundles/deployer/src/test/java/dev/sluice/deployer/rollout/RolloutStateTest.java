package dev.sluice.deployer.rollout;

import static dev.sluice.deployer.rollout.RolloutState.BAKE;
import static dev.sluice.deployer.rollout.RolloutState.BAKE_PAUSED;
import static dev.sluice.deployer.rollout.RolloutState.DONE;
import static dev.sluice.deployer.rollout.RolloutState.STEP;
import static dev.sluice.deployer.rollout.RolloutState.STEP_PAUSED;
import static dev.sluice.deployer.rollout.RolloutState.TAKEN_BACK;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutStateTest {

    @Test
    void hasTheseEdgesAndNoOthers() {
        assertThat(STEP.next()).containsExactlyInAnyOrder(STEP, STEP_PAUSED, BAKE, TAKEN_BACK);
        assertThat(STEP_PAUSED.next()).containsExactlyInAnyOrder(STEP, BAKE, TAKEN_BACK);
        assertThat(BAKE.next()).containsExactlyInAnyOrder(BAKE_PAUSED, DONE, TAKEN_BACK);
        assertThat(BAKE_PAUSED.next()).containsExactlyInAnyOrder(BAKE, DONE, TAKEN_BACK);
        assertThat(DONE.next()).isEmpty();
        assertThat(TAKEN_BACK.next()).isEmpty();
    }

    @Test
    void isOverOnlyWhereNothingFollows() {
        Set<RolloutState> over = EnumSet.noneOf(RolloutState.class);
        EnumSet.allOf(RolloutState.class).stream().filter(RolloutState::isOver).forEach(over::add);

        assertThat(over).containsExactlyInAnyOrder(DONE, TAKEN_BACK);
    }

    @Test
    void pausesAndResumesWhereItIs() {
        assertThat(STEP.paused().resumed()).isEqualTo(STEP);
        assertThat(BAKE.paused().resumed()).isEqualTo(BAKE);
        assertThat(STEP.next()).contains(STEP.paused());
        assertThat(BAKE.next()).contains(BAKE.paused());
    }
}
