package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

class RestoreTest extends WithFixture {

    @Test
    void whatWasPublishedIsBackInOneGenerationBeforeRequestsAreAdmitted() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        fixture.crashAndStart();

        assertThat(fixture.chain.causes()).containsExactly("restore what was last published");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain.view().open()).isTrue();
        assertThat(fixture.run.view().started()).isTrue();
    }

    @Test
    void theOldComesBackWhenThePathWasOverwrittenBadlyAndTheProcessKilled() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        Files.writeString(fixture.file("greeting.jar"), "no zip at all");
        fixture.settle();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.hasMarker("greeting.jar")).isTrue();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void aFileThatWentWhileTheContainerWasDownIsARemovalAndOneThatChangedADeployment() throws Exception {
        middleware("gone", "1.0.0", "gone").writeTo(fixture.file("gone.jar"));
        middleware("changed", "1.0.0", "changed").writeTo(fixture.file("changed.jar"));
        fixture.settle();
        fixture.crash();
        fixture.delete("gone.jar");
        middleware("changed", "2.0.0", "changed").writeTo(fixture.file("changed.jar"));
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("changed=2.0.0");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("changed=2.0.0");
    }

    @Test
    void anUnavailableFolderRemovesNothingAndIsAnAlarm() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        fixture.crash();
        Path away = Files.move(fixture.deploy(), home.resolve("away"));
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(fixture.run.view().alarms()).hasSize(1);

        fixture.crash();
        Files.createDirectories(fixture.deploy());
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(fixture.run.view().alarms()).hasSize(1);

        Files.delete(fixture.deploy());
        Files.move(away, fixture.deploy());
        fixture.settle();
        assertThat(fixture.run.view().alarms()).isEmpty();
        assertThat(fixture.states()).isEqualTo("auth.jar:PUBLISHED");
    }

    @Test
    void aDamagedCopyIsTakenFromTheFolderAndOneThatIsLostKeepsItsPlaceClosed() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        fixture.crash();
        damageTheStore();
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        fixture.crash();
        damageTheStore();
        Path file = Files.move(fixture.file("auth.jar"), home.resolve("auth.jar"));
        Files.writeString(fixture.file("auth.jar"), "garbage");
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed");
        assertThat(fixture.chain.view().open()).isTrue();
        assertThat(fixture.run.view().alarms()).singleElement().asString().contains("auth.jar can't be brought back");

        Files.delete(fixture.file("auth.jar"));
        Files.move(file, fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(fixture.run.view().alarms()).isEmpty();
        assertThat(fixture.states()).isEqualTo("auth.jar:PUBLISHED");
        assertThat(fixture.run.operations().history(10))
                .as("it was there before, and has come anew")
                .hasSizeGreaterThan(1);
    }

    private void damageTheStore() throws Exception {
        try (Stream<Path> copies = Files.list(fixture.data("store"))) {
            for (Path copy : copies.toList()) {
                Files.delete(copy);
                Files.writeString(copy, "damaged");
            }
        }
    }

    @Test
    void whatDoesNotStartAgainKeepsItsPlaceClosedUntilItsFileGoes() throws Exception {
        new BundleJar("auth", "1.0.0")
                .activator(
                        "if (Boolean.getBoolean(\"auth.broken\")) throw new Error(\"broken\"); register(\"auth\");", "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settle();
        System.setProperty("auth.broken", "true");
        try {
            fixture.crashAndStart();
        } finally {
            System.clearProperty("auth.broken");
        }
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed");
        assertThat(fixture.chain.view().open()).isTrue();
        assertThat(fixture.marker("auth.jar")).contains("broken");

        fixture.delete("auth.jar");
        fixture.settle();
        assertThat(fixture.chain.serving()).isEmpty();
        assertThat(fixture.run.view().alarms()).isEmpty();
        assertThat(fixture.states()).isEmpty();
    }

    @Test
    void atAFirstStartWhatFailsAndDeclaresItsMiddlewareKeepsItsPlaceClosedAndRequestsAreAdmitted() throws Exception {
        fixture.crash();
        new BundleJar("auth", "1.0.0")
                .declares("auth")
                .activator("throw new Error(\"broken\");", "")
                .writeTo(fixture.file("auth.jar"));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.start();
        assertThat(fixture.chain.view().open()).isTrue();
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed greeting=1.0.0");

        middleware("auth", "1.0.1", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.1 greeting=1.0.0");
    }

    @Test
    void atAFirstStartWhatFailsAndDeclaresNothingKeepsTheChainClosedUntilItIsFixed() throws Exception {
        fixture.crash();
        new BundleJar("auth", "1.0.0").activator("throw new Error(\"x\");", "").writeTo(fixture.file("auth.jar"));
        fixture.start();
        assertThat(fixture.chain.view().open()).isFalse();
        assertThat(fixture.run.view().alarms()).singleElement().asString().contains("auth.jar");

        middleware("auth", "1.0.1", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.view().open()).isTrue();
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    private static BundleJar broken(String name) {
        return new BundleJar(name, "1.0.0").activator("throw new Error(\"broken\");", "");
    }

    @Test
    void aFirstStartThatIsNotCompleteIsAFirstStartAgainAfterARestart() throws Exception {
        fixture.crash();
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        broken("auth").writeTo(fixture.file("auth.jar"));
        fixture.start();
        assertThat(fixture.chain.view().open()).isFalse();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.chain.view().open()).isFalse();
        assertThat(fixture.run.view().alarms()).singleElement().asString().contains("auth.jar");

        fixture.delete("auth.jar");
        fixture.settle();
        assertThat(fixture.chain.view().open()).isTrue();
        broken("auth").writeTo(fixture.file("auth.jar"));
        fixture.crashAndStart();
        assertThat(fixture.chain.view().open()).isTrue();
    }

    @Test
    void aPlaceThatTheFirstStartKeptClosedIsClosedAfterARestartBeforeRequestsAreAdmitted() throws Exception {
        fixture.crash();
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        broken("auth").declares("auth").writeTo(fixture.file("auth.jar"));
        fixture.start();
        fixture.crashAndStart();
        assertThat(fixture.chain.history()).contains("open auth=closed greeting=1.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed greeting=1.0.0");

        broken("auth").declares("login").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0 login=closed");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0 login=closed");

        fixture.crash();
        fixture.delete("auth.jar");
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        fixture.crashAndStart();
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("login"));
    }

    @Test
    void aKeptPlaceIsFilledByAGoodFileAndNotKeptAnyMore() throws Exception {
        fixture.crash();
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        broken("auth").declares("auth").writeTo(fixture.file("auth.jar"));
        fixture.start();
        middleware("auth", "1.0.1", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        fixture.delete("auth.jar");
        fixture.settle();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("auth"));
    }

    @Test
    void aPlaceWhoseBundleSomebodyStoppedStaysClosedWhileTheDeployerRestarts() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        Bundle stopped = fixture.framework.bundle("auth", "1.0.0");
        stopped.stop();
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed greeting=1.0.0");
        fixture.run.close();
        int before = fixture.chain.history().size();
        fixture.startRun();
        assertThat(fixture.chain
                        .history()
                        .subList(before, fixture.chain.history().size()))
                .allMatch(served -> served.contains("auth="));
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.states()).contains("auth.jar:PUBLISHED");
        eventually("the stopped one is released", () -> stopped.getState() == Bundle.UNINSTALLED);
    }

    @Test
    void aPlaceWhoseBundleSomebodyStoppedStaysClosedThoughItCannotComeBackUntilItsFileGoes() throws Exception {
        new BundleJar("auth", "1.0.0")
                .activator(
                        "if (Boolean.getBoolean(\"auth.broken\")) throw new Error(\"broken\"); register(\"auth\");", "")
                .writeTo(fixture.file("auth.jar"));
        fixture.settle();
        fixture.framework.bundle("auth", "1.0.0").stop();
        fixture.run.close();
        int before = fixture.chain.history().size();
        System.setProperty("auth.broken", "true");
        try {
            fixture.startRun();
        } finally {
            System.clearProperty("auth.broken");
        }
        assertThat(fixture.chain
                        .history()
                        .subList(before, fixture.chain.history().size()))
                .isNotEmpty()
                .allMatch(served -> served.contains("auth="));
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed");

        fixture.delete("auth.jar");
        fixture.settle();
        assertThat(fixture.chain.serving()).isEmpty();
        fixture.awaitBundles(0);
    }

    @Test
    void aDamagedLedgerAdmitsRequestsOnlyWhenTheFolderWasDealtWith() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        fixture.crash();
        Path ledger = fixture.data("ledger");
        Files.writeString(ledger, Files.readString(ledger).replace("\"auth.jar\"", "\"auth.jax\""));
        fixture.start();
        assertThat(fixture.chain.history()).contains("open auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain.history().stream().filter(served -> served.startsWith("open")))
                .hasSize(1);
        assertThat(fixture.run.view().alarms())
                .singleElement()
                .asString()
                .contains("damaged")
                .doesNotContain("Requests are admitted");

        broken("other").writeTo(fixture.file("other.jar"));
        fixture.crashAndStart();
        assertThat(fixture.chain.view().open()).isTrue();
    }

    @Test
    void aContainerThatStopsDuringTheStartBlamesNoFile() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        fixture.run.close();
        middleware("new", "1.0.0", "new").writeTo(fixture.file("new.jar"));
        fixture.framework.bundle("greeting", "1.0.0").stop();
        List<String> alarms = new ArrayList<>(List.of("not started"));
        fixture.framework.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
                try {
                    fixture.startRun();
                    alarms.clear();
                    alarms.addAll(fixture.run.view().alarms());
                    fixture.run.close();
                } catch (Exception e) {
                    alarms.add(e.toString());
                }
            }
        });
        fixture.framework.close();
        assertThat(alarms).isEmpty();
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
        assertThat(fixture.hasMarker("new.jar")).isFalse();
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0 new=1.0.0");
    }

    @Test
    void aStopByAnOperatorHoldsUntilItIsReversedAndOneByAnybodyElseIsNoDecision() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        fixture.framework.bundle("auth", "1.0.0").stop();
        assertThat(fixture.states()).isEqualTo("auth.jar:PUBLISHED");
        fixture.framework.bundle("auth", "1.0.0").start();

        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("auth", "1.0.0").stop();
        }
        assertThat(fixture.states()).isEqualTo("auth.jar:STOPPED");
        assertThat(fixture.deployments("auth.jar").get(0).reason().orElseThrow())
                .startsWith("stopped by operator admin at ")
                .endsWith("; start it in the console, or replace the file");
        assertThat(fixture.file("auth.jar.stopped"))
                .content()
                .contains(
                        "auth.jar is stopped by an operator.",
                        "stopped by operator admin",
                        "This note goes by itself when it is started, or the file is replaced or removed.");

        fixture.crashAndStart();
        assertThat(fixture.states()).isEqualTo("auth.jar:STOPPED");
        assertThat(fixture.chain.serving()).isEmpty();
        fixture.run.close();
        fixture.startRun();
        assertThat(fixture.states()).isEqualTo("auth.jar:STOPPED");

        Files.move(fixture.file("auth.jar"), fixture.file("renamed.jar"));
        fixture.settle();
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("renamed.jar:STOPPED");
        fixture.crashAndStart();
        assertThat(fixture.states()).isEqualTo("renamed.jar:STOPPED");

        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("auth", "1.0.0").start();
        }
        assertThat(fixture.states()).isEqualTo("renamed.jar:PUBLISHED");
        assertThat(fixture.file("renamed.jar.stopped")).doesNotExist();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    @Test
    void whatAnOperatorUninstalledStaysAwayUntilTheFileIsPutThereAgain() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("auth", "1.0.0").uninstall();
        }
        assertThat(fixture.states()).isEqualTo("auth.jar:REMOVED");
        assertThat(fixture.file("auth.jar.removed"))
                .content()
                .contains(
                        "auth.jar is uninstalled by an operator.",
                        "uninstalled by operator admin",
                        "This note goes by itself when the file is replaced or removed.");
        fixture.crashAndStart();
        assertThat(fixture.states()).isEqualTo("auth.jar:REMOVED");
        fixture.awaitBundles(0);

        Path kept = Files.move(fixture.file("auth.jar"), home.resolve("auth.jar"));
        fixture.settle();
        assertThat(fixture.states()).isEmpty();
        Files.move(kept, fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(fixture.file("auth.jar.removed")).doesNotExist();
    }

    @Test
    void otherContentReversesAStop() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("auth", "1.0.0").stop();
        }
        middleware("auth", "1.0.1", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.1");
        fixture.awaitBundles(1);
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.1");
    }

    @Test
    void theDeployerCanGoAndComeBackWhileItsBundlesServe() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        Bundle auth = fixture.framework.bundle("auth", "1.0.0");
        Bundle old = fixture.framework.bundle("greeting", "1.0.0");
        fixture.chain.enter(old.getBundleId());
        middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();

        fixture.run.close();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=2.0.0");
        fixture.startRun();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=2.0.0");
        assertThat(fixture.framework.bundle("auth", "1.0.0")).isSameAs(auth);
        assertThat(fixture.states()).contains("auth.jar:PUBLISHED").contains("greeting.jar:PUBLISHED");
        assertThat(old.getState()).isEqualTo(Bundle.ACTIVE);
        fixture.chain.leave(old.getBundleId());
        eventually("the old is released", () -> old.getState() == Bundle.UNINSTALLED);
    }

    @Test
    void aDeployerThatGoesDuringADeploymentDoesNotWaitForItAndTheNextOneTriesAgain() throws Exception {
        System.setProperty("auth.wait", "true");
        Thread closing;
        try {
            new BundleJar("auth", "1.0.0")
                    .activator("while (Boolean.getBoolean(\"auth.wait\")) Thread.sleep(5); register(\"auth\");", "")
                    .writeTo(fixture.file("auth.jar"));
            eventually("it starts", () -> fixture.in("auth.jar", DeploymentState.CLAIMED)
                    .isPresent());
            closing = new Thread(fixture.run::close);
            closing.start();
            closing.join(Duration.ofSeconds(10).toMillis());
            assertThat(closing.isAlive()).isFalse();
            assertThat(fixture.hasMarker("auth.jar")).isFalse();
        } finally {
            System.clearProperty("auth.wait");
        }
        fixture.startRun();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        fixture.awaitBundles(1);
    }
}
