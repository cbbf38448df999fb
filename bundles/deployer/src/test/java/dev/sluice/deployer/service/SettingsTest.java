package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.conf.Durations;
import dev.sluice.conf.SettingsReader;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final String FILE = "In conf/dev.sluice.deployer.cfg ";
    private static final Map<String, String> NOTHING_KNOWN = Map.of();

    private Set<String> alarms;
    private Map<String, String> inForce;

    private Settings read(Map<String, String> written, Map<String, String> before) {
        Map<String, String> configuration = new HashMap<>(written);
        configuration.put("service.pid", Settings.PID);
        configuration.put("felix.fileinstall.filename", "file:/home/conf/dev.sluice.deployer.cfg");
        return readAll(configuration, before);
    }

    /** As Declarative Services hands it over where there is no configuration. */
    private Settings readNothing(Map<String, String> before) {
        return readAll(Map.of("component.name", "deployer"), before);
    }

    private Settings readAll(Map<String, String> written, Map<String, String> before) {
        SettingsReader reader = new SettingsReader(Settings.KEYS, written, before);
        Settings settings = Settings.read(Written.of(written), reader);
        alarms = reader.alarms();
        inForce = reader.inForce();
        return settings;
    }

    @Test
    void whatIsNotWrittenIsAsTheDesignSays() {
        read(Map.of("start.timeout", "5m", "deploy.signature", "required"), NOTHING_KNOWN);
        assertThat(read(Map.of(), inForce)).isEqualTo(Settings.DEFAULT);
        assertThat(alarms).isEmpty();
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
                NOTHING_KNOWN);
        assertThat(settings.startTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.retireTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.watch().removalWindow()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.openOnFailure()).isTrue();
    }

    @Test
    void theUnitsOfADurationAreThoseThatAllOfTheContainerTakes() {
        List<String> written = List.of("1ms", "1s", "1m", "1h");
        assertThat(written).allSatisfy(text -> assertThat(
                        read(Map.of("start.timeout", text), NOTHING_KNOWN).startTimeout())
                .isEqualTo(Durations.parse(text)));
        assertThat(alarms).isEmpty();

        read(Map.of("retire.timeout", "1d"), NOTHING_KNOWN);
        assertThat(alarms).singleElement().asString().contains("retire.timeout=1d is not allowed");
    }

    @Test
    void aValueThatIsNotAllowedIsReportedAndTheLastGoodOneStays() {
        Settings before = read(Map.of("start.timeout", "2s", "retire.timeout", "90m"), NOTHING_KNOWN);
        Settings after = read(
                Map.of(
                        "start.timeout", "soon",
                        "settle.window", "0s",
                        "retire.timeout", "late",
                        "start.on.failure", "close",
                        "verify.max.entries", "-1"),
                inForce);
        assertThat(after).isEqualTo(before);
        assertThat(alarms)
                .containsExactlyInAnyOrder(
                        FILE
                                + "start.timeout=soon is not allowed: \"soon\" is no duration: write a number and ms, s, m or h,"
                                + " as in 500ms or 2s; 2s stays in force. Mend it.",
                        FILE + "settle.window=0s is not allowed: it must be 1ms or more; 50ms stays in force. Mend it.",
                        FILE
                                + "retire.timeout=late is not allowed: \"late\" is no duration: write a number and ms, s, m or"
                                + " h, as in 500ms or 2s; 90m stays in force. Mend it.",
                        FILE
                                + "start.on.failure=close is not allowed: it is open or closed; closed stays in force. Write"
                                + " start.on.failure=closed, if that is meant.",
                        FILE + "verify.max.entries=-1 is not allowed: it is a whole number from 1 to 2147483647; 50000"
                                + " stays in force. Mend it.");
    }

    @Test
    void whereNothingIsKnownTheDefaultIsInForceOfWhatIsNoRule() {
        Settings read = read(Map.of("start.timeout", "soon"), NOTHING_KNOWN);
        assertThat(read).isEqualTo(Settings.DEFAULT);
        assertThat(alarms).singleElement().asString().contains("; the default 30s is in force. Mend it.");
        assertThat(inForce).doesNotContainKey("start.timeout").containsEntry("retire.timeout", "1h");
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
                        NOTHING_KNOWN)
                .integrity();
        assertThat(policy)
                .isEqualTo(new IntegrityPolicy(
                        Presence.REQUIRED,
                        Presence.IF_PRESENT,
                        true,
                        Set.of("policy", "audit"),
                        Set.of("com.acme.policy"),
                        Duration.ofSeconds(5)));
        assertThat(alarms).isEmpty();
    }

    @Test
    void aRuleThatCannotBeReadNeverLoosensWhatWasAskedBefore() {
        Settings strict = read(
                Map.of("deploy.sha256", "required", "deploy.signature", "required", "deploy.downgrade", "refuse"),
                NOTHING_KNOWN);
        Settings misspelt =
                read(Map.of("deploy.sha256", "off", "deploy.signature", "requierd", "deploy.downgrade", "no"), inForce);
        assertThat(misspelt.integrity()).isEqualTo(strict.integrity());
        assertThat(alarms)
                .containsExactlyInAnyOrder(
                        FILE
                                + "deploy.sha256=off is not allowed: it is if-present or required; required stays in force."
                                + " Mend it.",
                        FILE + "deploy.signature=requierd is not allowed: it is off or if-present or required; required"
                                + " stays in force. Write deploy.signature=required, if that is meant.",
                        FILE + "deploy.downgrade=no is not allowed: it is allow or refuse; refuse stays in force. Mend"
                                + " it.");
    }

    @Test
    void aRuleThatCannotBeReadLetsNothingNewInWhereItIsNotKnownWhatWasAskedBefore() {
        Settings read = read(Map.of("deploy.signature", "requierd", "deploy.sha256", "required"), NOTHING_KNOWN);
        assertThat(read.integrity().unread())
                .contains("nothing new is let in, as it isn't known by which rules: " + FILE
                        + "deploy.signature=requierd is not allowed: it is off or if-present or required. Write"
                        + " deploy.signature=required, if that is meant");
        assertThat(alarms)
                .containsExactly(FILE
                        + "deploy.signature=requierd is not allowed: it is off or if-present or required; what was in"
                        + " force before isn't known, so nothing new is let in. Write deploy.signature=required, if"
                        + " that is meant.");
        // And it isn't known at the next start.
        assertThat(inForce).containsEntry("deploy.sha256", "required").doesNotContainKey("deploy.signature");
        assertThat(read(Map.of("deploy.signature", "requierd"), inForce)
                        .integrity()
                        .unread())
                .isPresent();

        assertThat(read(Map.of("deploy.signature", "required"), inForce)
                        .integrity()
                        .unread())
                .isEmpty();
        assertThat(alarms).isEmpty();
    }

    @Test
    void whatIsKeptOfAnotherReleaseAndCannotBeReadIsNotKnown() {
        assertThat(read(Map.of("deploy.signature", "requierd"), Map.of("deploy.signature", "by-two"))
                        .integrity()
                        .unread())
                .isPresent();
    }

    @Test
    void whileARuleIsMisspeltWhatItAskedBeforeStaysInForce() {
        read(Map.of("deploy.sha256", "required", "deploy.signature", "if-present"), NOTHING_KNOWN);
        Map<String, String> misspelt = Map.of("deploy.sha265", "required", "deploy.signature", "required");
        IntegrityPolicy policy = read(misspelt, inForce).integrity();
        assertThat(policy.sha256()).isEqualTo(Presence.REQUIRED);
        assertThat(policy.signature()).isEqualTo(Presence.REQUIRED);
        assertThat(policy.unread()).isEmpty();
        assertThat(alarms)
                .singleElement()
                .asString()
                .startsWith(
                        FILE + "deploy.sha265 (is deploy.sha256 meant?) is not a key, and has no effect. As they may be"
                                + " meant, these stay in force as before: deploy.sha256=required. Mend it, or take it out. The keys"
                                + " are deploy.check.timeout, ");

        // The next start, and the next.
        read(misspelt, inForce);
        assertThat(read(misspelt, inForce).integrity()).isEqualTo(policy);

        assertThat(read(Map.of(), inForce).integrity()).isEqualTo(IntegrityPolicy.DEFAULT);
        assertThat(alarms).isEmpty();
    }

    @Test
    void aKeyThatMeansNothingLoosensNoRuleWhateverElseIsWritten() {
        read(
                Map.of(
                        "deploy.downgrade", "refuse",
                        "deploy.checks.required", "audit",
                        "deploy.checks.providers", "com.acme.audit",
                        "deploy.check.timeout", "5s"),
                NOTHING_KNOWN);
        IntegrityPolicy policy = read(
                        Map.of(
                                "signed", "required",
                                "deploy.downgrade", "allow",
                                "deploy.checks.required", "licences",
                                "deploy.checks.providers", "com.acme.audit,com.acme.other"),
                        inForce)
                .integrity();
        assertThat(policy)
                .isEqualTo(new IntegrityPolicy(
                        Presence.IF_PRESENT,
                        Presence.OFF,
                        true,
                        Set.of("audit", "licences"),
                        Set.of("com.acme.audit"),
                        Duration.ofSeconds(5)));
        assertThat(inForce)
                .containsEntry("deploy.checks.required", "audit,licences")
                .containsEntry("deploy.checks.providers", "com.acme.audit")
                .containsEntry("deploy.downgrade", "refuse");
    }

    @Test
    void aMisspeltRuleLetsNothingNewInWhereItIsNotKnownWhatWasAskedBefore() {
        Set.of("deploy.sha265", "Deploy.Signature", "deploy.checks", "signature", "what")
                .forEach(key -> {
                    IntegrityPolicy policy =
                            read(Map.of(key, "required"), NOTHING_KNOWN).integrity();
                    assertThat(policy.unread()).get().asString().contains(FILE + key, "is not a key");
                    assertThat(alarms)
                            .singleElement()
                            .asString()
                            .contains("As a rule may be meant, and what was in force before isn't known, nothing new is"
                                    + " let in. Mend it, or take it out. The keys are ");
                    assertThat(read(Map.of(key, "required"), inForce)
                                    .integrity()
                                    .unread())
                            .as("at the next start")
                            .isPresent();
                    assertThat(read(Map.of(), inForce).integrity().unread()).isEmpty();
                });
    }

    @Test
    void aMisspeltKeyThatIsNoRuleKeepsWhatItWasAndLocksNothing() {
        assertThat(read(Map.of("scan.intervall", "1s"), NOTHING_KNOWN)).isEqualTo(Settings.DEFAULT);
        assertThat(alarms).singleElement().asString().contains("scan.intervall (is scan.interval meant?) is not a key");

        read(Map.of("scan.interval", "1s"), NOTHING_KNOWN);
        assertThat(read(Map.of("scan.intervall", "2s"), inForce).watch().scanInterval())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatAFileSaidThatIsGoneStaysInForceUntilThereIsAnother() {
        Settings strict = read(
                Map.of("deploy.signature", "required", "deploy.checks.required", "audit", "history.max", "500"),
                NOTHING_KNOWN);
        assertThat(readNothing(inForce)).isEqualTo(strict);
        assertThat(alarms)
                .containsExactly(
                        "There is no conf/dev.sluice.deployer.cfg any more that can be read. What it said stays"
                                + " in force: history.max=500, deploy.signature=required, deploy.checks.required=audit. Put it"
                                + " back; or put an empty file there, to have the defaults.");

        // The next start, and the next.
        readNothing(inForce);
        assertThat(readNothing(inForce)).isEqualTo(strict);
        assertThat(alarms).hasSize(1);

        assertThat(read(Map.of(), inForce)).isEqualTo(Settings.DEFAULT);
        assertThat(alarms).isEmpty();
        assertThat(readNothing(inForce)).isEqualTo(Settings.DEFAULT);
        assertThat(alarms).isEmpty();
    }

    @Test
    void whereThereNeverWasAFileTheDefaultsAreInForceThoughAnEarlierReleaseHadOthers() {
        readNothing(NOTHING_KNOWN);
        Map<String, String> earlier = new HashMap<>(inForce);
        earlier.put("settle.window", "75ms");
        assertThat(readNothing(earlier)).isEqualTo(Settings.DEFAULT);
        assertThat(alarms).isEmpty();
    }
}
