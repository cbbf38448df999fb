package dev.sluice.deployer;

import static dev.sluice.deployer.DeploymentState.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeploymentStateTest {

    @Test
    void aGoodArtifactGoesInAndOutAgain() {
        List<DeploymentState> way =
                List.of(SEEN, VERIFIED, INSTALLED, CLAIMED, STARTED, PROBED, PUBLISHED, RETIRED, DRAINED, RELEASED);
        for (int i = 1; i < way.size(); i++) {
            assertThat(way.get(i - 1).next()).contains(way.get(i));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SEEN", "VERIFIED", "INSTALLED", "CLAIMED", "STARTED", "PROBED"})
    void eachStepOfTheWayInCanFail(DeploymentState step) {
        assertThat(step.next()).contains(FAILED);
    }

    @ParameterizedTest
    @EnumSource(names = {"PUBLISHED", "STOPPED", "RETIRED", "DRAINED"})
    void whatWasPublishedNeverFailsAndNeverGoesWithoutADrain(DeploymentState state) {
        assertThat(state.next()).doesNotContain(FAILED, SEEN);
        if (state != DRAINED) {
            assertThat(state.next()).doesNotContain(RELEASED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachStateIsReachedAndLeadsToTheEnd(DeploymentState state) {
        assertThat(from(SEEN)).contains(state);
        assertThat(from(state)).contains(RELEASED);
        assertThat(state.next()).doesNotContain(state);
    }

    @Test
    void nothingFollowsARelease() {
        assertThat(RELEASED.next()).isEmpty();
    }

    private static Set<DeploymentState> from(DeploymentState start) {
        Set<DeploymentState> reached = EnumSet.of(start);
        Deque<DeploymentState> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            open.pop().next().stream().filter(reached::add).forEach(open::push);
        }
        return reached;
    }
}
