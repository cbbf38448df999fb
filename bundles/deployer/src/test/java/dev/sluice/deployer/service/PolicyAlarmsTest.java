package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.rollout.policy.PolicyLine;
import dev.sluice.deployer.rollout.policy.Subject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PolicyAlarmsTest {

    private static final DeploymentView GREETING = new DeploymentView(
            "greeting.jar",
            Optional.of("ab12"),
            Optional.of("org.greeting"),
            Optional.of("1.0.0"),
            OptionalLong.of(40),
            DeploymentState.PUBLISHED,
            Optional.empty(),
            List.of("greeting"),
            Instant.EPOCH,
            Instant.EPOCH);

    private static List<String> alarms(boolean started, Subject subject) {
        Policies policies = new Policies() {
            @Override
            public Choice choose(String symbolicName, Collection<String> middleware) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<PolicyLine> lines() {
                return List.of(new PolicyLine("conf/a.cfg", Optional.of(subject), Optional.empty(), Optional.empty()));
            }
        };
        return PolicyAlarms.with(
                        new DeploymentsView(Path.of("deploy"), started, List.of(GREETING), List.of()), policies)
                .alarms();
    }

    @Test
    void aPolicyForWhatIsDeployedIsNoAlarm() {
        assertThat(alarms(true, new Subject(Subject.Kind.MIDDLEWARE, "greeting")))
                .isEmpty();
        assertThat(alarms(true, new Subject(Subject.Kind.BUNDLE, "org.greeting")))
                .isEmpty();
        assertThat(alarms(true, Subject.ALL)).isEmpty();
    }

    @Test
    void aMisspeltNameIsSaidWithTheOneThatIsMeant() {
        assertThat(alarms(true, new Subject(Subject.Kind.MIDDLEWARE, "greetng")))
                .singleElement()
                .asString()
                .contains("conf/a.cfg is for middleware=greetng", "is \"greeting\" meant?");
        // A middleware's name is no bundle's.
        assertThat(alarms(true, new Subject(Subject.Kind.BUNDLE, "greeting"))).hasSize(1);
    }

    @Test
    void beforeAllThatWasPublishedIsBackNobodyKnows() {
        assertThat(alarms(false, new Subject(Subject.Kind.MIDDLEWARE, "greetng")))
                .isEmpty();
    }
}
