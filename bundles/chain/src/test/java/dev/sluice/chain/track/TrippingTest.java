package dev.sluice.chain.track;

import static dev.sluice.chain.track.ChainInFramework.properties;
import static dev.sluice.chain.track.ChainInFramework.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.PlaceView;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.chain.fixture.OsgiFramework;
import dev.sluice.middleware.Middleware;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Trips of units from bundles, and what these bundles do meanwhile. */
@Timeout(60)
class TrippingTest {

    @TempDir
    Path storage;

    private final AtomicBoolean fails = new AtomicBoolean(true);
    private ChainInFramework chain;
    private Bundle one;
    private Bundle two;

    @BeforeEach
    void start() throws Exception {
        chain = new ChainInFramework(storage, "1m");
        one = chain.framework.start("m", "1.0.0");
        register(one.getBundleContext(), "m");
        chain.framework.onStart("m", this::shaky);
        two = chain.framework.start("m", "2.0.0");
    }

    @AfterEach
    void stop() throws Exception {
        chain.close();
    }

    private void shaky(BundleContext context) {
        String version = context.getBundle().getVersion().toString();
        Middleware middleware = (request, response, next) -> {
            if (fails.get()) {
                throw new IllegalStateException("shaky");
            }
            response.setHeader("m", version);
            next.proceed(request, response);
        };
        register(context, middleware, properties("m"));
    }

    private PlaceView place() {
        return chain.places().get(0);
    }

    private void failUntil(String version) {
        while (!place().serving().map(UnitView::version).orElse("").equals(version)) {
            chain.request("/");
        }
    }

    @Test
    void theOldBundleServesAgainAndTheNewOneIsNamedWithItsFigures() {
        failUntil("1.0.0");
        assertThat(chain.request("/").headers).containsEntry("m", "1.0.0");
        UnitView tripped = place().standbys().get(0);
        assertThat(tripped.version()).isEqualTo("2.0.0");
        assertThat(tripped.state()).isEqualTo(UnitState.TRIPPED);
        assertThat(tripped.trip().orElseThrow().failures()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void anUpdateInPlaceOfTheTrippedBundleMakesItServeAgain() throws Exception {
        failUntil("1.0.0");
        fails.set(false);
        two.update(OsgiFramework.jar("m", "2.0.0"));
        assertThat(chain.request("/").headers).containsEntry("m", "2.0.0");
        assertThat(place().serving().orElseThrow().trip()).isEmpty();
    }

    @Test
    void theTrippedBundleServesWhenTheOtherIsRetiredAndStaysMarked() {
        failUntil("1.0.0");
        chain.control().publish(Set.of(), Set.of(one.getBundleId()), "removed");
        fails.set(false);
        assertThat(chain.request("/").headers).containsEntry("m", "2.0.0");
        UnitView serving = place().serving().orElseThrow();
        assertThat(serving.state()).isEqualTo(UnitState.SERVING);
        assertThat(serving.trip()).isPresent();
    }

    @Test
    void anOperatorResetsIt() {
        failUntil("1.0.0");
        fails.set(false);
        assertThat(chain.control().reset("m", "2.0.0")).isTrue();
        assertThat(chain.request("/").headers).containsEntry("m", "2.0.0");
        assertThat(chain.control().reset("m", "2.0.0")).isFalse();
    }

    @Test
    void anOverrideSwitchesItOff() {
        chain.overrides.write("m", "name", "m", "trip", "off");
        for (int i = 0; i < 40; i++) {
            assertThat(chain.request("/").status()).isEqualTo(500);
        }
        assertThat(place().serving().orElseThrow().version()).isEqualTo("2.0.0");
    }

    @Test
    void aPlaceWithoutStandbyIsShutIfAnOperatorWantsThat() {
        chain.control().publish(Set.of(), Set.of(one.getBundleId()), "removed");
        chain.overrides.write("m", "name", "m", "trip", "on", "trip.wait", "1h");
        int status = 500;
        for (int i = 0; i < 20; i++) {
            assertThat(status).isEqualTo(500);
            status = chain.request("/").status();
        }
        assertThat(chain.request("/").status()).isEqualTo(503);
        assertThat(place().serving().orElseThrow().state()).isEqualTo(UnitState.TRIPPED);
        assertThat(chain.control().reset("m", "2.0.0")).isTrue();
        assertThat(chain.request("/").status()).isEqualTo(500);
    }
}
