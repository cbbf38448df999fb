package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.testing.ReleaseZip;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;

/** A test with a deployer that watches releases, as it does without any policy. */
abstract class WithReleases extends WithFixture {

    static final String OLD = "auth=1.0.0 greeting=1.0.0";
    static final String NEW = "auth=2.0.0 greeting=2.0.0";

    @BeforeEach
    void standard() {
        fixture.rollOutBy(Map.of());
    }

    void put(String version) throws Exception {
        ReleaseZip.of("shop", version)
                .bundle("auth.jar", middleware("auth", version, "auth"))
                .bundle("greeting.jar", middleware("greeting", version, "greeting"))
                .writeTo(fixture.file("shop.zip"));
        fixture.settle();
    }

    void request(String name, String version, long requests, long failures, long ownErrors) {
        long bundle = fixture.framework.bundle(name, version).getBundleId();
        fixture.chain.request(bundle, name, requests, failures, ownErrors);
    }

    void looked() {
        long looks = fixture.chain.looks();
        eventually("it was looked at", () -> fixture.chain.looks() >= looks + 6);
    }

    void awaitServing(String expected) throws Exception {
        eventually(expected, () -> fixture.chain.serving().equals(expected));
        fixture.settle();
    }

    RollBack order(boolean back) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            var asked = back
                    ? fixture.run.operations().rollBack("shop.zip", "2.0.0")
                    : fixture.run.operations().rollForward("shop.zip");
            return asked.get(30, TimeUnit.SECONDS);
        }
    }
}
