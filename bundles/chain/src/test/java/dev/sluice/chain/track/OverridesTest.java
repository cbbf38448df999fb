package dev.sluice.chain.track;

import static dev.sluice.chain.track.ChainInFramework.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.PlaceView;
import dev.sluice.chain.fixture.OverrideFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

/** When overrides take effect. */
class OverridesTest {

    @TempDir
    Path storage;

    private ChainInFramework chain;
    private OverrideFixture files;

    @BeforeEach
    void start() throws Exception {
        chain = new ChainInFramework(storage, "1m");
        files = chain.overrides;
    }

    @AfterEach
    void stop() throws Exception {
        chain.close();
    }

    /** The chain's bundle is restarted: its overrides are there already, and nobody tells of them again. */
    @Test
    void whatIsThereWhenTheChainStartsIsInForceBeforeTheFirstRequest() throws Exception {
        files.keep("a", "name", "m", "paths", "/api/*", "ranking", "9");
        files.keep("b", "name", "n", "enabled", "false");
        ChainComponent restarted = restarted();
        restarted.bindConfigurations(files.admin);
        restarted.open();
        BundleContext context = chain.framework.start("a", "1.0.0").getBundleContext();
        register(context, "m");
        register(context, "n");
        assertThat(restarted.view().places()).extracting(PlaceView::name).containsExactly("m");
        assertThat(restarted.view().places().get(0).ranking()).isEqualTo(9);
        assertThat(restarted.view().places().get(0).paths()).containsExactly("/api/*");
    }

    /** On a new machine, say: nothing is known of what was in force before. */
    @Test
    void aMistakeFromTheStartClosesThePlaceUntilItIsMended() throws Exception {
        register(chain.framework.start("a", "1.0.0").getBundleContext(), "m", "middleware.paths", "/adm/*");
        files.keep("a", "name", "m", "paths", "/*", "ranking", "5O");
        ChainComponent restarted = restarted();
        restarted.bindConfigurations(files.admin);
        restarted.open();
        assertThat(chain.request("/foo").status()).isEqualTo(503);
        assertThat(restarted.view().places()).singleElement().satisfies(place -> {
            assertThat(place.blocks()).isTrue();
            assertThat(place.standbys()).hasSize(1);
        });
        assertThat(restarted.view().alarms()).singleElement().asString().contains("\"m\"", "5O");
        files.write("a", "name", "m", "paths", "/*", "ranking", "50");
        assertThat(chain.request("/foo").headers).containsEntry("m", "1.0.0");
        assertThat(restarted.view().alarms()).isEmpty();
    }

    @Test
    void theOpeningWaitsUntilTheyCanBeRead() throws Exception {
        files.keep("a", "name", "m", "ranking", "9");
        ChainComponent restarted = restarted();
        restarted.open();
        assertThat(restarted.view().open()).as("without ConfigurationAdmin").isFalse();
        files.fails = true;
        restarted.bindConfigurations(files.admin);
        assertThat(restarted.view().open()).as("with one that can't read").isFalse();
        files.fails = false;
        files.write("b", "name", "other");
        assertThat(restarted.view().open()).isTrue();
        register(chain.framework.start("a", "1.0.0").getBundleContext(), "m");
        assertThat(restarted.view().places().get(0).ranking()).isEqualTo(9);
    }

    @Test
    void whatIsInForceStaysWhileTheyCantBeRead() throws Exception {
        register(chain.framework.start("a", "1.0.0").getBundleContext(), "m");
        files.write("a", "name", "m", "ranking", "9");
        files.fails = true;
        files.write("a", "name", "m", "ranking", "7");
        assertThat(ranking()).isEqualTo(9);
        chain.chain.unbindConfigurations(files.admin);
        files.fails = false;
        files.write("a", "name", "m", "ranking", "6");
        assertThat(ranking()).as("without ConfigurationAdmin").isEqualTo(9);
        files.keep("a", "name", "m", "ranking", "5");
        chain.chain.bindConfigurations(files.admin);
        assertThat(ranking()).as("it is back").isEqualTo(5);
        chain.chain.unbindConfigurations(files.admin);
        files.delete("a");
        chain.chain.bindConfigurations(files.admin);
        assertThat(ranking()).as("a file went meanwhile").isZero();
    }

    @Test
    void ofTwoForOneMiddlewareTheOneWithTheFirstNameCounts() throws Exception {
        register(chain.framework.start("a", "1.0.0").getBundleContext(), "m");
        files.write("b", "name", "m", "ranking", "2");
        files.write("a", "name", "m", "ranking", "1");
        assertThat(ranking()).isEqualTo(1);
        files.delete("a");
        assertThat(ranking()).isEqualTo(2);
    }

    @Test
    void aKeyThatThereIsntIsAMistake() throws Exception {
        register(chain.framework.start("a", "1.0.0").getBundleContext(), "m");
        files.write("a", "name", "m", "rankin", "2", "ranking", "3");
        assertThat(ranking()).isZero();
    }

    private ChainComponent restarted() throws Exception {
        chain.chain.deactivate();
        return new ChainComponent(
                chain.framework.start("dev.sluice.chain.again", "1.0.0").getBundleContext(),
                ChainInFramework.configuration("1m"),
                Map.of());
    }

    private int ranking() {
        return chain.places().get(0).ranking();
    }

    @Test
    void anAlarmSaysThatNobodyHasTheMiddlewareUntilItComes() throws Exception {
        register(chain.framework.start("a", "1.0.0").getBundleContext(), "stopwatch");
        files.write("a", "name", "stopwach", "ranking", "9");
        assertThat(chain.chain.view().alarms())
                .singleElement()
                .asString()
                .contains("no middleware \"stopwach\" (is \"stopwatch\" meant?)", "name = stopwach");
        register(chain.framework.start("b", "1.0.0").getBundleContext(), "stopwach");
        assertThat(chain.chain.view().alarms()).isEmpty();
        files.write("a", "name", "stopwach", "enabled", "false");
        assertThat(chain.chain.view().alarms()).as("disabled, and there").isEmpty();
    }
}
