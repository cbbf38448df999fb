package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UnknownKeysTest {

    @Test
    void aMisspeltKeyIsNamedWithWhatIsMeantAndTheKeysThatThereAre() {
        UnknownKeys one = UnknownKeys.of(Map.of("scan.intervall", "1s", "start.timeout", "2s"));
        assertThat(one.sentence())
                .isEqualTo("scan.intervall (is scan.interval meant?) is not a key, and has no effect.");
        assertThat(one.remedy())
                .isEqualTo("Mend it, or take it out. The keys are deploy.check.timeout, deploy.checks.providers,"
                        + " deploy.checks.required, deploy.downgrade, deploy.sha256, deploy.signature, history.max,"
                        + " history.size, history.versions, removal.settle, retire.timeout, scan.interval, settle.window,"
                        + " start.on.failure, start.timeout, verify.max.entries, verify.max.ratio,"
                        + " verify.max.release.size, verify.max.size.");
        assertThat(UnknownKeys.of(Map.of("b", "1", "a", "2")).sentence())
                .isEqualTo("a, b are not keys, and have no effect.");
    }

    @Test
    void itMayMeanARuleUnlessAnotherKeyIsNear() {
        UnknownKeys other = UnknownKeys.of(Map.of("scan.intervall", "1s"));
        assertThat(other.mayMean("scan.interval")).isTrue();
        assertThat(other.mayMean("start.timeout")).isFalse();
        assertThat(other.mayMean("deploy.signature")).isFalse();

        UnknownKeys both = UnknownKeys.of(Map.of("scan.intervall", "1s", "DEPLOY_signed", "required"));
        assertThat(both.mayMean("scan.interval")).isTrue();
        assertThat(both.mayMean("deploy.signature")).isTrue();
        assertThat(both.mayMean("deploy.sha256")).isTrue();
        assertThat(both.mayMean("start.timeout")).isFalse();
    }

    @Test
    void whatIsKnownAndWhatOthersAddIsNoReasonToWarn() {
        assertThat(UnknownKeys.of(Map.of()).isEmpty()).isTrue();
        UnknownKeys none = UnknownKeys.of(Map.of(
                "settle.window",
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
