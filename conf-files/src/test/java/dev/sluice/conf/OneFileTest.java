package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneFileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.sluice.chain-x.cfg",
                "dev.sluice.chain-.cfg",
                "dev.sluice.deployer~old.cfg",
                "dev.sluice.admin-a-b.cfg",
                "dev.sluice.chain|dev.sluice.chain.cfg",
                "dev.sluice.deployer|dev.sluice.deployer-x.cfg"
            })
    void aFileThatFileInstallOrConfigAdminWouldTakeForAnInstanceOrForOneBundleIsASecondOne(String name) {
        assertThat(OneFile.isStray(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.sluice.chain.cfg",
                "dev.sluice.chains-x.cfg",
                "dev-sluice.chain-x.cfg",
                "dev.sluice.middleware-auth.cfg",
                "dev.sluice.middleware-dev.sluice.chain-x.cfg",
                "com.example.dev.sluice.chain-x.cfg",
                "devXsluice.chain-x.cfg"
            })
    void othersAreNot(String name) {
        assertThat(OneFile.isStray(name)).isFalse();
    }

    @Test
    void whatIsWrittenOfAnInstanceIsNotWrittenOfTheConfiguration() {
        assertThat(SettingsReader.isWritten(Map.of("service.pid", "dev.sluice.chain")))
                .isTrue();
        assertThat(SettingsReader.isWritten(
                        Map.of("service.pid", "dev.sluice.chain~x", "service.factoryPid", "dev.sluice.chain")))
                .isFalse();
        assertThat(SettingsReader.isWritten(Map.of())).isFalse();
    }
}
