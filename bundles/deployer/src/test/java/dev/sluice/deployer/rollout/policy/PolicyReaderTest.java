package dev.sluice.deployer.rollout.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.rollout.judge.SlowTolerance;
import dev.sluice.deployer.rollout.judge.Tolerance;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {

    private static RolloutPolicy good(String... entries) {
        PolicyReading reading = read(entries);
        assertThat(reading).isInstanceOf(PolicyReading.Good.class);
        return ((PolicyReading.Good) reading).policy();
    }

    private static List<String> faults(String... entries) {
        PolicyReading reading = read(entries);
        assertThat(reading).isInstanceOf(PolicyReading.Bad.class);
        return ((PolicyReading.Bad) reading).faults();
    }

    private static PolicyReading read(String... entries) {
        Map<String, Object> properties = new HashMap<>(Map.of("service.pid", "x", "felix.fileinstall.filename", "y"));
        for (String entry : entries) {
            properties.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
        }
        return PolicyReader.read(properties);
    }

    @Test
    void serverErrorsInTheBakeArentLookedAtIfThatIsOff() {
        assertThat(good("middleware=auth").tolerances().outrightErrors()).contains(0.5);
        assertThat(good("middleware=auth", "bake.errors=20 %").tolerances().outrightErrors())
                .contains(0.2);
        assertThat(good("middleware=auth", "bake.errors=off").tolerances().outrightErrors())
                .isEmpty();
    }

    @Test
    void hasADefaultForAllButItsSubject() {
        RolloutPolicy policy = good("middleware=*");

        assertThat(policy).isEqualTo(RolloutPolicy.standard());
        assertThat(policy.subject()).isEqualTo(Subject.ALL);
        assertThat(policy.steps()).containsExactly(10_000);
        assertThat(policy.stepTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.stepRequests()).isEqualTo(500);
        assertThat(policy.tolerances().failures()).contains(new Tolerance(1.5, 0.005));
        assertThat(policy.tolerances().errors()).contains(new Tolerance(1.5, 0.01));
        assertThat(policy.tolerances().slow()).contains(new SlowTolerance(0.95, 1.25, Duration.ofMillis(5)));
        assertThat(policy.tolerances().outright()).isEqualTo(0.05);
        assertThat(policy.tolerances().cluster()).isEqualTo(1);
        assertThat(policy.confidence()).isEqualTo(0.999);
        assertThat(policy.bake()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.sticky()).isEqualTo("none");
    }

    @Test
    void readsAllThatCanBeWritten() {
        RolloutPolicy policy = good(
                "bundle=com.example.auth",
                "steps=0.25, 1 %,10,50, 100",
                "step.time=90s",
                "step.requests=2000",
                "gate.failures=off",
                "gate.errors.margin=2",
                "gate.errors.floor=0.1",
                "gate.latency=p99",
                "gate.latency.margin=1.5",
                "gate.latency.floor=20ms",
                "confidence=99",
                "bake=1h",
                "bake.failures=20",
                "sticky=header:X-User-Id");

        assertThat(policy.subject()).isEqualTo(new Subject(Subject.Kind.BUNDLE, "com.example.auth"));
        assertThat(policy.steps()).containsExactly(25, 100, 1000, 5000, 10_000);
        assertThat(policy.stepTime()).isEqualTo(Duration.ofSeconds(90));
        assertThat(policy.stepRequests()).isEqualTo(2000);
        assertThat(policy.tolerances().failures()).isEmpty();
        assertThat(policy.tolerances().errors()).contains(new Tolerance(2, 0.001));
        assertThat(policy.tolerances().slow()).contains(new SlowTolerance(0.99, 1.5, Duration.ofMillis(20)));
        assertThat(policy.tolerances().outright()).isEqualTo(0.2);
        assertThat(policy.confidence()).isEqualTo(0.99);
        assertThat(policy.bake()).isEqualTo(Duration.ofHours(1));
        assertThat(policy.sticky()).isEqualTo("header:X-User-Id");
    }

    @Test
    void canBeReadAgainFromWhatItKeeps() {
        RolloutPolicy policy = good("middleware=auth", "steps=1,100", "bake=2m", "gate.latency=off");

        assertThat(RolloutPolicy.of(policy.texts())).isEqualTo(policy);
    }

    @Test
    void countsSeveralRequestsAsOneWhereClientsStayWithAVersion() {
        assertThat(good("middleware=*", "sticky=client-ip").tolerances().cluster())
                .isEqualTo(10);
        assertThat(good("middleware=*", "sticky=client-ip", "step.cluster=3")
                        .tolerances()
                        .cluster())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps=1,10,50 | the last step is 100: is \"1,10,50,100\" meant?",
                "steps=10,1,100 | each step is more than the one before it, and 1 isn't",
                "steps=0,100 | from 0.01 to 100 percent",
                "steps=1,101 | from 0.01 to 100 percent",
                "steps=0.001,100 | with two decimals at the most",
                "steps=1;100 | no percentage; steps are written as in 1,10,50,100",
                "steps=1,,100 | no percentage",
                "steps=-1,100 | no percentage",
                "step.time=1 minute | \"1 minute\" is no duration",
                "step.requests=0 | a whole number from 1",
                "step.requests=1.5 | a whole number from 1",
                "gate.failures=yes | it is off or on",
                "gate.latency=p96 | \"p95\" is probably meant",
                "gate.latency=95 | \"p95\" is probably meant",
                "gate.errors.margin=0.5 | a number from 1 to 1000",
                "gate.errors.floor=NaN | a number from 0 to 99",
                "confidence=0.999 | a number from 90 to 99.999999",
                "confidence=100 | a number from 90 to 99.999999",
                "bake.failures=100 | a number from 0.01 to 99",
                "bake.errors=0     | a number from 0.01 to 99, or off",
                "bake.errors=never | or off",
                "sticky=heder:X-User | \"header\" is probably meant",
                "sticky=header: | it is header:<name>",
                "sticky=cookie:a b | it is header:<name>, cookie:<name>",
                "step.reqests=5 | \"step.requests\" is probably meant",
                "stepTime=5s | \"step.time\" is probably meant",
                "gate.error=on | \"gate.errors\" is probably meant",
                "unheardof=1 | is no key of a rollout: there are bake",
                "bundle=b | it has both middleware and bundle",
            })
    void saysWhatIsWrongAndWhatIsProbablyMeant(String entry, String said) {
        assertThat(faults("middleware=auth", entry)).singleElement().asString().contains(said);
    }

    @Test
    void namesAllThatIsWrongAtOnce() {
        assertThat(faults("steps=5", "bake=soon", "gate.latency=fast", "what=1"))
                .hasSize(5);
    }

    @Test
    void tellsWhatABadOneIsFor() {
        PolicyReading reading = read("middleware=auth", "steps=5");

        assertThat(((PolicyReading.Bad) reading).subject()).contains(new Subject(Subject.Kind.MIDDLEWARE, "auth"));
    }

    @Test
    void readsWhatAConsoleMakesOfIt() {
        PolicyReading reading = PolicyReader.read(
                Map.of("middleware", "auth", "steps", new String[] {"1", "100"}, "step.requests", 700, "sticky", ""));

        assertThat(((PolicyReading.Good) reading).policy().steps()).containsExactly(100, 10_000);
    }
}
