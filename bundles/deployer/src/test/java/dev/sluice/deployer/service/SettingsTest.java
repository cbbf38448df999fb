package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.deploy.Durations;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private final List<String> errors = new ArrayList<>();

    private Settings read(Map<String, String> written, Settings before) {
        DeployerConfiguration configuration = (DeployerConfiguration) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DeployerConfiguration.class},
                (proxy, method, arguments) -> written.getOrDefault(
                        method.getName().replace('_', '.'), String.valueOf(method.getDefaultValue())));
        assertThat(configuration).isInstanceOf(Annotation.class);
        return Settings.read(configuration, before, errors::add);
    }

    @Test
    void whatIsNotWrittenIsAsTheDesignSays() {
        assertThat(read(Map.of(), Fixture.settings(Duration.ofDays(1), Duration.ofDays(1))))
                .isEqualTo(Settings.DEFAULT);
        assertThat(errors).isEmpty();
    }

    @Test
    void whatIsWrittenCounts() {
        Settings settings = read(
                Map.of(
                        "start.timeout",
                        "2s",
                        "retire.timeout",
                        " 5m ",
                        "removal.settle",
                        "3s",
                        "start.on.failure",
                        "open"),
                Settings.DEFAULT);
        assertThat(settings.startTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.retireTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.watch().removalWindow()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.openOnFailure()).isTrue();
    }

    @Test
    void theUnitsOfADurationAreThoseThatAllOfTheContainerTakes() {
        List<String> written = List.of("1ms", "1s", "1m", "1h");
        assertThat(written).allSatisfy(text -> assertThat(
                        read(Map.of("start.timeout", text), Settings.DEFAULT).startTimeout())
                .isEqualTo(Durations.parse(text)));
        assertThat(errors).isEmpty();

        read(Map.of("retire.timeout", "1d"), Settings.DEFAULT);
        assertThat(errors).singleElement().asString().contains("retire.timeout=1d is not allowed");
    }

    @Test
    void aValueThatIsNotAllowedIsReportedAndTheLastGoodOneStays() {
        Settings before = read(Map.of("start.timeout", "2s"), Settings.DEFAULT);
        Settings after = read(
                Map.of(
                        "start.timeout", "soon",
                        "settle.window", "0s",
                        "start.on.failure", "maybe",
                        "verify.max.entries", "-1"),
                before);
        assertThat(after).isEqualTo(before);
        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "dev.sluice.deployer: start.timeout=soon is not allowed: a duration is a number and a unit: 500ms,"
                                + " 2s, 5m or 1h; 2s stays in force",
                        "dev.sluice.deployer: settle.window=0s is not allowed: it must be 1ms or more; 50ms stays in"
                                + " force",
                        "dev.sluice.deployer: start.on.failure=maybe is not allowed: it is open or closed; closed stays"
                                + " in force",
                        "dev.sluice.deployer: verify.max.entries=-1 is not allowed: it is a whole number from 1 to"
                                + " 2147483647; 50000 stays in force");
    }

    @Test
    void whatIsAskedOfFilesIsWrittenInWords() {
        IntegrityPolicy policy = read(
                        Map.of(
                                "deploy.sha256", "required",
                                "deploy.signature", "if-present",
                                "deploy.downgrade", "refuse",
                                "deploy.checks.required", "policy, audit ,",
                                "deploy.checks.providers", "com.acme.policy",
                                "deploy.check.timeout", "5s"),
                        Settings.DEFAULT)
                .integrity();
        assertThat(policy)
                .isEqualTo(new IntegrityPolicy(
                        Presence.REQUIRED,
                        Presence.IF_PRESENT,
                        true,
                        Set.of("policy", "audit"),
                        Set.of("com.acme.policy"),
                        Duration.ofSeconds(5)));
        assertThat(errors).isEmpty();
    }

    @Test
    void aRuleThatCannotBeReadNeverLoosensWhatWasAskedBefore() {
        Settings strict = read(
                Map.of("deploy.sha256", "required", "deploy.signature", "required", "deploy.downgrade", "refuse"),
                Settings.DEFAULT);
        Settings misspelt =
                read(Map.of("deploy.sha256", "off", "deploy.signature", "yes", "deploy.downgrade", "no"), strict);
        assertThat(misspelt.integrity()).isEqualTo(strict.integrity());
        assertThat(errors)
                .containsExactly(
                        "dev.sluice.deployer: deploy.sha256=off is not allowed: it is if-present or required; required stays"
                                + " in force",
                        "dev.sluice.deployer: deploy.signature=yes is not allowed: it is off or if-present or required;"
                                + " required stays in force",
                        "dev.sluice.deployer: deploy.downgrade=no is not allowed: it is allow or refuse; refuse stays in"
                                + " force");
    }
}
