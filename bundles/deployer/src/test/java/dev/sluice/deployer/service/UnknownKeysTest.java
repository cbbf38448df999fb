package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UnknownKeysTest {

    private static final String KNOWN =
            "the keys are history.max, history.size, history.versions, removal.settle, retire.timeout, scan.interval, settle.window,"
                    + " start.on.failure, start.timeout, verify.max.entries, verify.max.ratio, verify.max.size";

    @Test
    void aMisspeltKeyIsNamedWithItsFileAndTheKeysThatThereAre() {
        assertThat(UnknownKeys.warning(Map.of(
                        "scan.intervall",
                        "1s",
                        "start.timeout",
                        "2s",
                        "felix.fileinstall.filename",
                        "file:/srv/home/conf/dev.sluice.deployer.config")))
                .contains("conf/dev.sluice.deployer.config: scan.intervall is not a key, and has no effect; " + KNOWN);
        assertThat(UnknownKeys.warning(Map.of("b", "1", "a", "2")))
                .contains("conf/dev.sluice.deployer.cfg: a, b are not keys, and have no effect; " + KNOWN);
    }

    @Test
    void whatIsKnownAndWhatOthersAddIsNoReasonToWarn() {
        assertThat(UnknownKeys.warning(Map.of())).isEmpty();
        assertThat(UnknownKeys.warning(Map.of(
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
                        "x")))
                .isEmpty();
    }
}
