package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hundred swaps under load, in each way of the folder: nothing fails, nothing passes by, nothing is mixed. */
@Tag("process")
class SwapUnderLoadIT {

    private static final int SWAPS = 100;
    private static final int ROLLBACKS = 10;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private SluiceProcess sluice;
    private Home home;

    @BeforeEach
    void serveTheFirstVersion() {
        sluice = sluices.shared();
        home = sluice.home();
        home.copy(Answers.application(), "application.jar");
    }

    @Test
    void overwritingOnePathLosesBypassesAndMixesNothing() {
        home.copy(pair("1.0.0"), "pair.jar");
        Answers.awaitServing(sluice, "second", "1.0.0");

        try (Load load = Load.on(sluice.data("/"), Answers.sameVersion(200, "first", "second"))) {
            for (int swap = 1; swap <= SWAPS; swap++) {
                home.copy(pair("1.0." + swap), "pair.jar");
                Answers.awaitServing(sluice, "second", "1.0." + swap);
            }
            assertFlawless(load);
        }
    }

    @Test
    void addingBesideAndRollingBackLosesBypassesAndMixesNothing() {
        home.copy(pair("1.0.0"), "pair-0.jar");
        Answers.awaitServing(sluice, "second", "1.0.0");

        try (Load load = Load.on(sluice.data("/"), Answers.sameVersion(200, "first", "second"))) {
            for (int swap = 1; swap <= SWAPS; swap++) {
                home.copy(pair("1.0." + swap), "pair-" + swap + ".jar");
                Answers.awaitServing(sluice, "second", "1.0." + swap);
                if (swap > ROLLBACKS) {
                    home.remove("pair-" + (swap - ROLLBACKS - 1) + ".jar");
                }
            }
            for (int rollback = 0; rollback < ROLLBACKS; rollback++) {
                home.remove("pair-" + (SWAPS - rollback) + ".jar");
                Answers.awaitServing(sluice, "second", "1.0." + (SWAPS - rollback - 1));
            }
            assertFlawless(load);
        }
    }

    private static void assertFlawless(Load load) {
        load.stop();
        assertThat(load.complaints()).isEmpty();
        assertThat(load.failed()).isZero();
        assertThat(load.answered()).as("answers under load").isGreaterThan(SWAPS * Load.CLIENTS);
    }

    /** Two middleware in one bundle: a request that sees one of them new and the other old is a mixed one. */
    private static byte[] pair(String version) {
        return TestBundle.of("test.pair", version)
                .middleware("first", "/*", 100, "stamp")
                .middleware("second", "/*", 50, "stamp")
                .jar();
    }
}
