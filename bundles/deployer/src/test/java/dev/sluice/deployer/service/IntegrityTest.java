package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.testing.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests, signatures and versions decide what is deployed, and touch nothing that runs. */
class IntegrityTest {

    @TempDir
    Path home;

    private Fixture fixture;
    private OpenSsl openssl;

    @BeforeEach
    void start() throws Exception {
        openssl = new OpenSsl(Files.createDirectories(home.resolve("keys")));
        fixture = Fixture.started(home);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private void rules(Presence sha256, Presence signature, boolean refuseDowngrade) throws Exception {
        fixture.verifyBy(
                new IntegrityPolicy(sha256, signature, refuseDowngrade, Set.of(), Set.of(), Duration.ofSeconds(20)));
        fixture.run.standardsMayHaveChanged();
        fixture.settle();
    }

    /** The same bytes each time. */
    private Path built(String version) {
        Path built = home.resolve("built-" + version + ".jar");
        return Files.exists(built)
                ? built
                : middleware("greeting", version, "greeting").writeTo(built);
    }

    private void awaitNothingButPublished() {
        eventually("nothing else is left", () -> fixture.states().equals("greeting.jar:PUBLISHED"));
    }

    private void copy(Path built) throws Exception {
        Path part = fixture.file(".greeting.part");
        Files.copy(built, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, fixture.file("greeting.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void sidecar(String suffix, String text) throws IOException {
        Files.writeString(fixture.file("greeting.jar" + suffix), text);
    }

    private void digest(Path of) throws IOException {
        sidecar(".sha256", Sha256.of(of) + "  greeting.jar\n");
    }

    private Path key(String name) throws IOException {
        OpenSsl.assumed();
        Path trust = Files.createDirectories(home.resolve("conf/trust"));
        openssl.key(name, OpenSsl.P256, trust.resolve(name + ".pem"));
        return trust.resolve(name + ".pem");
    }

    private DeploymentView only(DeploymentState state) {
        return fixture.in("greeting.jar", state)
                .orElseThrow(() -> new AssertionError("not " + state + ": " + fixture.run.view()));
    }

    @Test
    void aWrongDigestIsRefusedAndTheRightOnePutThereLetsItInAtOnce() throws Exception {
        Path one = built("1.0.0");
        digest(built("2.0.0"));
        copy(one);
        fixture.settle();
        assertThat(fixture.reason("greeting.jar"))
                .startsWith("Its SHA-256 is " + Sha256.of(one) + ", and greeting.jar.sha256 says ");
        assertThat(fixture.hasMarker("greeting.jar")).isTrue();
        assertThat(fixture.chain.serving()).isEmpty();

        digest(one);
        eventually("it is deployed", () -> fixture.chain.serving().equals("greeting=1.0.0"));
        fixture.settle();
        assertThat(only(DeploymentState.PUBLISHED).verified()).containsExactly("sha256");
        awaitNothingButPublished();
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
    }

    @Test
    void theNextDigestPutThereBeforeItsFileConcernsNobodyUntilThen() throws Exception {
        digest(built("1.0.0"));
        copy(built("1.0.0"));
        fixture.settle();
        digest(built("2.0.0"));
        fixture.settle();
        awaitNothingButPublished();
        assertThat(fixture.run.view().alarms()).isEmpty();

        copy(built("2.0.0"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        Files.delete(fixture.file("greeting.jar.sha256"));
        Files.writeString(fixture.file("orphan.jar.sha256"), "anything");
        fixture.settle();
        awaitNothingButPublished();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void aFileWaitsForItsRequiredDigestAndSaysSoWhileTheOldOneServes() throws Exception {
        copy(built("1.0.0"));
        fixture.settle();
        rules(Presence.REQUIRED, Presence.OFF, false);
        copy(built("2.0.0"));
        fixture.settle();
        assertThat(only(DeploymentState.INCOMPLETE).reason().orElseThrow())
                .startsWith(
                        "waiting: its digest greeting.jar.sha256 isn't there, and deploy.sha256=required demands it");
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");

        digest(built("2.0.0"));
        eventually("it is deployed", () -> fixture.chain.serving().equals("greeting=2.0.0"));
        fixture.settle();
        awaitNothingButPublished();
    }

    @Test
    void onlyWhatATrustedKeyHasSignedIsDeployedAndTheBytesVerifiedAreThoseInstalled() throws Exception {
        key("release");
        rules(Presence.IF_PRESENT, Presence.REQUIRED, false);
        Path one = built("1.0.0");
        copy(one);
        fixture.settle();
        assertThat(only(DeploymentState.INCOMPLETE).reason().orElseThrow()).contains("its signature greeting.jar.sig");

        sidecar(".sig", openssl.ecdsa("release", built("2.0.0")));
        eventually("it is refused", () -> fixture.hasMarker("greeting.jar"));
        assertThat(fixture.reason("greeting.jar"))
                .contains("isn't one of these bytes by a trusted key (release.pem in ");

        sidecar(".sig", openssl.ecdsa("release", one));
        eventually("it is deployed", () -> fixture.chain.serving().equals("greeting=1.0.0"));
        fixture.settle();
        DeploymentView view = only(DeploymentState.PUBLISHED);
        assertThat(view.verified()).containsExactly("signature by release.pem");
        assertThat(Sha256.of(fixture.data("store/" + view.sha256().orElseThrow() + ".jar")))
                .isEqualTo(Sha256.of(one));
    }

    @Test
    void whatIsNotEvenAZipIsJudgedByItsSignatureFirst() throws Exception {
        key("release");
        rules(Presence.IF_PRESENT, Presence.REQUIRED, false);
        sidecar(".sig", openssl.ecdsa("release", built("1.0.0")));
        Files.writeString(fixture.file("greeting.jar"), "no zip");
        fixture.settle();
        assertThat(fixture.reason("greeting.jar")).contains("isn't one of these bytes by a trusted key");
    }

    @Test
    void withoutAnyKeyAllWaitsAndAnAlarmSaysSoUntilOneComes() throws Exception {
        OpenSsl.assumed();
        rules(Presence.IF_PRESENT, Presence.REQUIRED, false);
        assertThat(fixture.run.view().alarms())
                .singleElement()
                .asString()
                .startsWith("Nothing can be deployed: deploy.signature=required asks for signatures, and ");
        Path pem = key("release");
        Path parked = Files.move(pem, home.resolve("parked.pem"));
        sidecar(".sig", openssl.ecdsa("release", built("1.0.0")));
        copy(built("1.0.0"));
        fixture.settle();
        assertThat(only(DeploymentState.INCOMPLETE).reason().orElseThrow())
                .contains("there is no key that can be used");

        Files.writeString(pem.resolveSibling("bad.pem"), "nonsense");
        Files.move(parked, pem);
        // As the slow scan does it, and without waiting for that.
        fixture.run.standardsMayHaveChanged();
        eventually("it is deployed", () -> fixture.chain.serving().equals("greeting=1.0.0"));
        assertThat(fixture.run.view().alarms())
                .singleElement()
                .asString()
                .contains("bad.pem isn't used: it has no public key");
        Files.delete(pem.resolveSibling("bad.pem"));
        fixture.run.standardsMayHaveChanged();
        fixture.settle();
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void whatServesWhenARuleBecomesStricterServesOnAlsoAfterARestartAndAnAlarmNamesIt() throws Exception {
        key("release");
        copy(built("1.0.0"));
        fixture.settle();
        rules(Presence.IF_PRESENT, Presence.REQUIRED, false);
        awaitNothingButPublished();
        assertAlarm();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        awaitNothingButPublished();
        assertAlarm();

        sidecar(".sig", openssl.ecdsa("release", built("1.0.0")));
        eventually("the alarm goes", () -> fixture.run.view().alarms().isEmpty());
        assertThat(only(DeploymentState.PUBLISHED).verified()).containsExactly("signature by release.pem");
        fixture.crashAndStart();
        assertThat(only(DeploymentState.PUBLISHED).verified()).containsExactly("signature by release.pem");
    }

    private void assertAlarm() {
        assertThat(fixture.run.view().alarms())
                .singleElement()
                .asString()
                .startsWith("greeting.jar was let in earlier and stays deployed, but would not be let in today.")
                .contains("its signature greeting.jar.sig isn't there");
    }

    @Test
    void aRevokedKeyStopsWhatWaitsForABundleAndNotWhatRuns() throws Exception {
        Path pem = key("release");
        rules(Presence.IF_PRESENT, Presence.REQUIRED, false);
        Path needy =
                middleware("greeting", "1.0.0", "greeting").imports("a.library").writeTo(home.resolve("needy.jar"));
        sidecar(".sig", openssl.ecdsa("release", needy));
        copy(needy);
        fixture.settle();
        assertThat(fixture.reason("greeting.jar")).contains("a.library");

        Path library = new dev.sluice.deployer.testing.BundleJar("library", "1.0.0")
                .header("Export-Package", "a.library")
                .source("a.library.Some", "package a.library; public class Some {}")
                .writeTo(home.resolve("library.jar"));
        key("second");
        Files.writeString(fixture.file("library.jar.sig"), openssl.ecdsa("second", library));
        Files.delete(pem);
        fixture.run.standardsMayHaveChanged();
        eventually(
                "it is looked at again", () -> fixture.reasonOf("greeting.jar").contains("isn't one of these bytes"));
        Files.copy(library, fixture.file("library.jar"));
        eventually("the library is there", () -> fixture.in("library.jar", DeploymentState.PUBLISHED)
                .isPresent());
        fixture.settle();
        assertThat(fixture.chain.serving()).isEmpty();
        assertThat(fixture.reason("greeting.jar")).contains("isn't one of these bytes by a trusted key (second.pem");
    }

    @Test
    void aLowerVersionIsRefusedAlsoAfterARestartAndAfterTheHigherOneHasGone() throws Exception {
        rules(Presence.IF_PRESENT, Presence.OFF, true);
        copy(built("2.0.0"));
        fixture.settle();
        copy(built("1.9.0"));
        fixture.settle();
        assertThat(fixture.reason("greeting.jar"))
                .startsWith("It is greeting 1.9.0, and 2.0.0 was published before; deploy.downgrade=refuse");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");

        // The same version with other content isn't lower, and that is what counts.
        middleware("greeting", "2.0.0", "greeting").resource("more.txt", "more").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        awaitNothingButPublished();

        fixture.delete("greeting.jar");
        eventually("it is gone", () -> fixture.states().isEmpty());
        fixture.crashAndStart();
        copy(built("1.9.0"));
        fixture.settle();
        assertThat(fixture.reason("greeting.jar")).contains("2.0.0 was published before");
        rules(Presence.IF_PRESENT, Presence.OFF, false);
        eventually("it is allowed", () -> fixture.chain.serving().equals("greeting=1.9.0"));
    }

    @Test
    void whatIsPublishedIsNoDowngradeThoughItIsALowerVersionAndMoves() throws Exception {
        Path one = built("1.0.0");
        copy(one);
        middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("higher.jar"));
        fixture.settle();
        rules(Presence.IF_PRESENT, Presence.OFF, true);
        Files.move(fixture.file("greeting.jar"), fixture.file("moved.jar"));
        eventually("it has moved", () -> fixture.in("moved.jar", DeploymentState.PUBLISHED)
                .isPresent());
        fixture.settle();
        assertThat(fixture.run.view().deployments())
                .extracting(DeploymentView::state)
                .isEqualTo(List.of(DeploymentState.PUBLISHED, DeploymentState.PUBLISHED));
    }

    @Test
    void aFileThatIsRenamedWithoutItsSidecarIsNotTakenOut() throws Exception {
        copy(built("1.0.0"));
        fixture.settle();
        rules(Presence.REQUIRED, Presence.OFF, false);
        Files.move(fixture.file("greeting.jar"), fixture.file("moved.jar"));
        eventually("it has moved", () -> fixture.states().equals("moved.jar:PUBLISHED"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.chain.causes()).containsExactly("deploy greeting.jar");
    }

    @Test
    void atAFirstStartAnUnverifiedFileKeepsRequestsOut() throws Exception {
        fixture.crash();
        Path second = home.resolve("second");
        Files.createDirectories(second.resolve("deploy"));
        middleware("greeting", "1.0.0", "greeting").declares("greeting").writeTo(second.resolve("deploy/greeting.jar"));
        fixture = new Fixture(second);
        fixture.verifyBy(new IntegrityPolicy(
                Presence.REQUIRED, Presence.OFF, false, Set.of(), Set.of(), Duration.ofSeconds(20)));
        fixture.start();
        assertThat(fixture.chain.view().open()).isFalse();
        assertThat(fixture.states()).isEqualTo("greeting.jar:INCOMPLETE");
        Files.writeString(
                fixture.file("greeting.jar.sha256"), Sha256.of(fixture.file("greeting.jar")) + " *greeting.jar\r\n");
        eventually("requests are admitted", () -> fixture.chain.view().open());
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void whereBothSidecarsAreMissingBothAreNamed() throws Exception {
        key("release");
        rules(Presence.REQUIRED, Presence.REQUIRED, false);
        Path one = built("1.0.0");
        copy(one);
        fixture.settle();
        assertThat(only(DeploymentState.INCOMPLETE).reason().orElseThrow())
                .contains("its digest greeting.jar.sha256 isn't there", "its signature greeting.jar.sig isn't there");

        digest(one);
        eventually("only the signature is missing", () -> only(DeploymentState.INCOMPLETE)
                .reason()
                .filter(reason -> !reason.contains("greeting.jar.sha256") && reason.contains("greeting.jar.sig"))
                .isPresent());
    }
}
