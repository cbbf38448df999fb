package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.TestJar;
import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.integrity.Inspection;
import dev.sluice.deployer.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is compared turn by turn, at times that the test sets. */
abstract class ReconciliationSetup {

    static final Duration WINDOW = WatchSettings.DEFAULT.settleWindow();
    static final Duration REMOVAL = WatchSettings.DEFAULT.removalWindow();
    static final Duration SCAN = WatchSettings.DEFAULT.scanInterval();
    static final byte[] ONE = TestJar.bundle("com.acme.a", "1").bytes();
    static final byte[] TWO =
            TestJar.bundle("com.acme.a", "2").entry("more.txt", "more").bytes();

    @TempDir
    Path home;

    Path dir;
    Path stored;
    DeployFolder folder;
    /** Its files can be looked at one by one, as when a share of the network is slow or breaks in between. */
    boolean cannotBeListed;

    VerificationLimits limits = VerificationLimits.DEFAULT;
    Reconciliation reconciliation;
    final TestClock clock = new TestClock();
    final Heard heard = new Heard();

    @BeforeEach
    void begin() throws IOException {
        dir = home.resolve("deploy");
        stored = home.resolve("data/store");
        folder = new DeployFolder(dir, home.resolve("data/deploy-id")) {
            @Override
            public List<Path> artifacts() throws IOException {
                if (cannotBeListed) {
                    throw new IOException("Input/output error");
                }
                return super.artifacts();
            }
        };
        folder.initialise();
        begin(Map.of());
        turn(Changes.NONE);
        assertThat(heard.drain()).containsExactly("Mounted");
    }

    final void begin(Map<String, String> known) throws IOException {
        reconciliation = new Reconciliation(
                folder,
                new Intake(new Store(stored), inspection(), () -> {}),
                () -> WatchSettings.DEFAULT,
                known,
                heard,
                clock::nanos,
                clock::now);
    }

    /** {@return what decides about files: no more than what every bundle needs} */
    Inspection inspection() {
        return Inspection.of(new Verification(() -> limits));
    }

    final void deployed(String file, byte[] content) throws IOException {
        write(file, content);
        settle(touched(file));
        assertThat(heard.drain()).containsExactly("seen " + file, "batch +" + file);
    }

    /** A file that was deployed is deleted, and that is known. */
    final void vanished(String file, byte[] content) throws IOException {
        deployed(file, content);
        Files.delete(dir.resolve(file));
        turn(touched(file));
    }

    final void settle(Changes changes) {
        turn(changes);
        settleOnly();
    }

    final void settleOnly() {
        turn(Changes.NONE);
        if (!reconciliation.hasHandedOver(SCAN) || reconciliation.isMissing()) {
            pass(WINDOW);
            turn(Changes.NONE);
        }
    }

    /** As long as it takes until what is missing is gone. */
    final void settleRemovals() {
        turn(Changes.NONE);
        pass(REMOVAL);
        turn(Changes.NONE);
    }

    final long turn(Changes changes) {
        return reconciliation.turn(changes);
    }

    final void pass(Duration duration) {
        clock.pass(duration);
    }

    static Changes touched(String... files) {
        return new Changes(false, Set.of(files), Set.of(), List.of(), List.of());
    }

    final void write(String file, byte[] content) throws IOException {
        Files.write(dir.resolve(file), content);
    }
}
