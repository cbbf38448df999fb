package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnknownKeysTest {

    private static final List<String> NAMES =
            List.of("start.timeout", "scan.interval", "verify.max.ratio", "deploy.signature", "deploy.sha256");

    private static final SettingsKeys KEYS = new SettingsKeys(
            "dev.sluice.deployer", NAMES, "deploy", Optional.empty(), Set.of(), false, "nothing new is let in");

    private static UnknownKeys of(Map<String, ?> properties) {
        return UnknownKeys.of(KEYS, properties);
    }

    @Test
    void aMisspeltKeyIsNamedWithWhatIsMeantAndTheKeysThatThereAre() {
        UnknownKeys one = of(Map.of("scan.intervall", "1s", "start.timeout", "2s"));
        assertThat(one.sentence())
                .isEqualTo("scan.intervall (is scan.interval meant?) is not a key, and has no effect.");
        assertThat(one.remedy())
                .isEqualTo("Mend it, or take it out. The keys are deploy.sha256, deploy.signature, scan.interval,"
                        + " start.timeout, verify.max.ratio.");
        assertThat(of(Map.of("b", "1", "a", "2")).sentence()).isEqualTo("a, b are not keys, and have no effect.");
    }

    @Test
    void itMayMeanARuleUnlessAnotherKeyIsNear() {
        UnknownKeys other = of(Map.of("scan.intervall", "1s"));
        assertThat(other.mayMean("scan.interval")).isTrue();
        assertThat(other.mayMean("start.timeout")).isFalse();
        assertThat(other.mayMean("deploy.signature")).isFalse();

        UnknownKeys both = of(Map.of("scan.intervall", "1s", "DEPLOY_signed", "required"));
        assertThat(both.mayMean("scan.interval")).isTrue();
        assertThat(both.mayMean("deploy.signature")).isTrue();
        assertThat(both.mayMean("deploy.sha256")).isTrue();
        assertThat(both.mayMean("start.timeout")).isFalse();
    }

    @Test
    void itMayMeanARuleWhateverIsNearWhereKeepingThemCostsNothing() {
        SettingsKeys keys = new SettingsKeys(
                "dev.sluice.chain",
                List.of("hold.limit", "hold.timeout", "chain.required"),
                "chain",
                Optional.of("chain.owner.<middleware>"),
                Set.of("watch.target"),
                true,
                "nothing new is let in");
        UnknownKeys unknown =
                UnknownKeys.of(keys, Map.of("hold.limt", "1", "chain.owner.auth", "a", "watch.target", "(x=1)"));
        assertThat(unknown.mayMean("chain.required")).isTrue();
        assertThat(unknown.mayMean("chain.owner.limits")).isTrue();
        assertThat(unknown.mayMean("hold.limit")).isTrue();
        assertThat(unknown.mayMean("hold.timeout")).isFalse();
        assertThat(unknown.mayMeanRule()).as("enough to lock anything").isFalse();
        assertThat(unknown.sentence()).startsWith("hold.limt (is hold.limit meant?)");
        assertThat(unknown.remedy())
                .endsWith("The keys are chain.owner.<middleware>, chain.required, hold.limit, hold.timeout.");
        assertThat(UnknownKeys.of(keys, Map.of("chain.owner.", "a")).isEmpty()).isFalse();
    }

    @Test
    void whatIsKnownAndWhatOthersAddIsNoReasonToWarn() {
        assertThat(of(Map.of()).isEmpty()).isTrue();
        UnknownKeys none = of(Map.of(
                "scan.interval",
                "1s",
                "verify.max.ratio",
                "3",
                "service.pid",
                "dev.sluice.deployer",
                "component.id",
                7L,
                "felix.fileinstall.filename",
                "file:/conf/dev.sluice.deployer.cfg",
                ".private",
                "x"));
        assertThat(none.isEmpty()).isTrue();
        assertThat(none.mayMean("deploy.signature")).isFalse();
    }
}
