package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What was taken back isn't tried again by itself because a file is called otherwise, or is there twice. */
class RenamedAfterTakingBackTest extends WithReleases {

    private static final String WHY =
            "\"greeting\": 30 % of 400 requests failed by its own fault; up to 5 % is tolerated";

    private byte[] takeBackRelease() throws Exception {
        put("1.0.0");
        put("2.0.0");
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing(OLD);
        return Files.readAllBytes(fixture.file("shop.zip"));
    }

    private void putJar(String file, String version) throws Exception {
        middleware("greeting", version, "greeting").writeTo(fixture.file(file));
        fixture.settle();
    }

    /** Of one file, or of two. */
    private void takeBackJar(String first, String second) throws Exception {
        putJar(first, "1.0.0");
        putJar(second, "2.0.0");
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing("greeting=1.0.0");
    }

    private void move(String file, String to) throws Exception {
        Files.move(fixture.file(file), fixture.file(to), StandardCopyOption.REPLACE_EXISTING);
        fixture.settle();
        eventually(file + " has gone", () -> fixture.deployments(file).isEmpty());
        fixture.settle();
    }

    private void moveWhileDown(String file, String to) throws Exception {
        fixture.crash();
        Files.move(fixture.file(file), fixture.file(to));
        fixture.start();
        eventually(file + " has gone", () -> fixture.deployments(file).isEmpty());
        fixture.settle();
    }

    private void copy(byte[] bytes, String file) throws Exception {
        Files.write(fixture.file(file), bytes);
        fixture.settle();
    }

    private void isMallsRelease() {
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
        assertThat(fixture.file("mall.zip.rolledback")).exists();
        List<String> alarms = fixture.run.view().alarms();
        assertThat(alarms)
                .singleElement()
                .asString()
                .startsWith("mall.zip: its release was taken back: " + WHY)
                .contains("with file=mall.zip")
                .doesNotContain("shop.zip");
    }

    private void isKnownToBeBad(byte[] bytes) throws Exception {
        copy(bytes, "second.zip");
        assertThat(fixture.reason("second.zip")).startsWith("its release was taken back: " + WHY);
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    @Test
    void aReleaseIsKnownUnderItsNewNameWithItsFigures() throws Exception {
        byte[] bytes = takeBackRelease();
        move("shop.zip", "mall.zip");
        isMallsRelease();
        fixture.crashAndStart();
        isMallsRelease();
        isKnownToBeBad(bytes);
    }

    @Test
    void soItIsWhenTheContainerIsDown() throws Exception {
        byte[] bytes = takeBackRelease();
        moveWhileDown("shop.zip", "mall.zip");
        isMallsRelease();
        isKnownToBeBad(bytes);
    }

    @Test
    void aSecondFileThatGoesTakesNothingWithIt() throws Exception {
        byte[] bytes = takeBackRelease();
        copy(bytes, "copy.zip");
        fixture.delete("copy.zip");
        fixture.settle();
        eventually("it has gone", () -> fixture.deployments("copy.zip").isEmpty());
        isKnownToBeBad(bytes);
    }

    @Test
    void aSecondFileIsNotTriedWhenTheFirstHasGone() throws Exception {
        byte[] bytes = takeBackRelease();
        copy(bytes, "copy.zip");
        fixture.delete("shop.zip");
        fixture.settle();
        eventually("it has gone", () -> fixture.chain.serving().isEmpty());
        fixture.crashAndStart();
        fixture.settle();
        assertThat(fixture.reason("copy.zip")).startsWith("its release was taken back: " + WHY);
        assertThat(fixture.chain.serving()).isEmpty();
    }

    @Test
    void whatNoFileHasAnyMoreIsTriedOnceMore() throws Exception {
        byte[] bytes = takeBackRelease();
        fixture.delete("shop.zip");
        fixture.settle();
        eventually("it has gone", () -> fixture.chain.serving().isEmpty());
        copy(bytes, "shop.zip");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
    }

    private void isMallsBundle() throws Exception {
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.in("mall.jar", DeploymentState.PUBLISHED)).isPresent();
        assertThat(fixture.reason("mall.jar")).startsWith("its rollout was taken back: " + WHY);
        assertThat(fixture.marker("mall.jar")).contains("the content before serves on", WHY);
        assertThat(fixture.run.view().alarms())
                .singleElement()
                .asString()
                .startsWith("mall.jar: its rollout was taken back: " + WHY);
    }

    @Test
    void aBundleTakesAlongWhatServesInItsPlace() throws Exception {
        takeBackJar("greeting.jar", "greeting.jar");
        int changes = fixture.chain.history().size();
        move("greeting.jar", "mall.jar");
        eventually("it is said of it", () -> !fixture.reasonOf("mall.jar").isEmpty());
        isMallsBundle();
        assertThat(fixture.chain
                        .history()
                        .subList(changes, fixture.chain.history().size()))
                .allMatch("greeting=1.0.0"::equals);
        fixture.crashAndStart();
        isMallsBundle();
    }

    @Test
    void soItDoesWhenTheContainerIsDown() throws Exception {
        takeBackJar("greeting.jar", "greeting.jar");
        moveWhileDown("greeting.jar", "mall.jar");
        eventually("it is said of it", () -> !fixture.reasonOf("mall.jar").isEmpty());
        isMallsBundle();
    }

    @Test
    void aBundleBesideAnotherIsKnownUnderItsNewName() throws Exception {
        takeBackJar("greeting-1.jar", "greeting-2.jar");
        move("greeting-2.jar", "greeting-b.jar");
        assertThat(fixture.reason("greeting-b.jar")).startsWith("its rollout was taken back: " + WHY);
        moveWhileDown("greeting-b.jar", "greeting-c.jar");
        assertThat(fixture.reason("greeting-c.jar")).startsWith("its rollout was taken back: " + WHY);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void aFileWhoseContentFailsTakesAlongWhatServesInItsPlace() throws Exception {
        putJar("greeting.jar", "1.0.0");
        new BundleJar("greeting", "2.0.0")
                .activator("throw new Exception(\"no\");", "")
                .writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        assertThat(fixture.reason("greeting.jar")).contains("no");
        move("greeting.jar", "mall.jar");
        eventually("it is tried", () -> fixture.reasonOf("mall.jar").contains("no"));
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.in("mall.jar", DeploymentState.PUBLISHED)).isPresent();
    }

    @Test
    void aBundleMovedOverItsCopyIsNotTriedOnceMore() throws Exception {
        fixture.missFor(Duration.ofSeconds(2));
        takeBackJar("greeting.jar", "greeting.jar");
        copy(Files.readAllBytes(fixture.file("greeting.jar")), "mall.jar");
        assertThat(fixture.reason("mall.jar")).startsWith("its rollout was taken back: " + WHY);
        int changes = fixture.chain.history().size();
        move("greeting.jar", "mall.jar");
        eventually(
                "it is said of it",
                () -> fixture.in("mall.jar", DeploymentState.PUBLISHED).isPresent()
                        && !fixture.reasonOf("mall.jar").isEmpty());
        isMallsBundle();
        assertThat(fixture.chain
                        .history()
                        .subList(changes, fixture.chain.history().size()))
                .allMatch("greeting=1.0.0"::equals);
    }

    @Test
    void aReleaseMovedOverItsCopyKeepsItsFigures() throws Exception {
        fixture.missFor(Duration.ofSeconds(2));
        byte[] bytes = takeBackRelease();
        copy(bytes, "mall.zip");
        assertThat(fixture.reason("mall.zip")).contains("same content as shop.zip: copy that again");
        move("shop.zip", "mall.zip");
        isMallsRelease();
        isKnownToBeBad(bytes);
    }

    @Test
    void aCopyOfWhatIsDeployedAfterAllIsItsDuplicate() throws Exception {
        byte[] bytes = takeBackRelease();
        copy(bytes, "a-copy.zip");
        assertThat(fixture.reason("a-copy.zip")).startsWith("its release was taken back: " + WHY);
        order(false);
        awaitServing(NEW);
        eventually("it is a duplicate", () -> fixture.in("a-copy.zip", DeploymentState.DUPLICATE)
                .isPresent());
        assertThat(fixture.run.view().alarms()).isEmpty();
        assertThat(fixture.hasMarker("a-copy.zip")).isFalse();
        fixture.delete("shop.zip");
        fixture.settle();
        eventually("it takes over", () -> fixture.in("a-copy.zip", DeploymentState.PUBLISHED)
                .isPresent());
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
    }

    @Test
    void aTwinThatTakesOverWhatServesSaysNothingOfTheFileThatIsBad() throws Exception {
        putJar("greeting.jar", "1.0.0");
        byte[] good = Files.readAllBytes(fixture.file("greeting.jar"));
        putJar("greeting.jar", "2.0.0");
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing("greeting=1.0.0");
        copy(good, "e.jar");
        assertThat(fixture.in("e.jar", DeploymentState.DUPLICATE)).isPresent();
        move("greeting.jar", "mall.jar");
        eventually("it is said of it", () -> !fixture.reasonOf("mall.jar").isEmpty());
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.reason("mall.jar")).startsWith("its rollout was taken back: " + WHY);
        assertThat(fixture.in("mall.jar", DeploymentState.DUPLICATE)).isEmpty();
        assertThat(fixture.in("e.jar", DeploymentState.PUBLISHED)).isPresent();
        assertThat(fixture.run.view().alarms())
                .singleElement()
                .asString()
                .startsWith("mall.jar: its rollout was taken back: " + WHY);
    }

    private void digest(String file) throws Exception {
        Files.writeString(fixture.file(file + ".sha256"), Sha256.of(fixture.file(file)) + "  " + file + "\n");
    }

    private void requireDigests() throws Exception {
        fixture.verifyBy(new IntegrityPolicy(
                Presence.REQUIRED, Presence.OFF, false, Set.of(), Set.of(), Duration.ofSeconds(20)));
        fixture.settle();
    }

    private void takenBackItWaitsForItsDigestAsMall() throws Exception {
        takeBackJar("greeting.jar", "greeting.jar");
        requireDigests();
        Files.move(fixture.file("greeting.jar"), fixture.file("mall.jar"));
        eventually("it waits", () -> fixture.in("mall.jar", DeploymentState.INCOMPLETE)
                .isPresent());
    }

    @Test
    void aBundleThatWaitsForItsDigestTakesAlongWhatServesInItsPlace() throws Exception {
        takenBackItWaitsForItsDigestAsMall();
        // Longer than its removal takes to be believed.
        fixture.settle();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        digest("mall.jar");
        eventually("it is said of it", () -> !fixture.reasonOf("mall.jar").isEmpty());
        fixture.settle();
        isMallsBundle();
    }

    @Test
    void nothingIsHeldAgainstAFileThatIsBackMeanwhile() throws Exception {
        takenBackItWaitsForItsDigestAsMall();
        fixture.settle();
        fixture.settle();
        Files.move(fixture.file("mall.jar"), fixture.file("greeting.jar"));
        fixture.settle();
        middleware("other", "1.0.0", "other").writeTo(fixture.file("other.jar"));
        digest("other.jar");
        eventually("another comes", () -> fixture.chain.serving().contains("other=1.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0 other=1.0.0");
    }

    @Test
    void whatServesLeavesWithAFileThatWaitsForItsDigest() throws Exception {
        takenBackItWaitsForItsDigestAsMall();
        fixture.settle();
        fixture.delete("mall.jar");
        eventually("it has gone", () -> fixture.chain.serving().isEmpty());
        eventually("nothing is said of it", () -> fixture.states().isEmpty());
    }

    @Test
    void aBundleBesideAnotherThatWaitsForItsDigestIsStillKnown() throws Exception {
        takeBackJar("greeting-1.jar", "greeting-2.jar");
        requireDigests();
        Files.move(fixture.file("greeting-2.jar"), fixture.file("mall.jar"));
        eventually("it has gone", () -> fixture.deployments("greeting-2.jar").isEmpty());
        fixture.settle();
        digest("mall.jar");
        eventually("it is judged", () -> !fixture.reasonOf("mall.jar").isEmpty());
        assertThat(fixture.reason("mall.jar")).startsWith("its rollout was taken back: " + WHY);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }
}
