package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.testing.ReleaseZip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a release is called, what is said of its steps, and what brings a lost one back. */
class ReleaseNamesTest extends WithFixture {

    private static ReleaseZip with(ReleaseZip zip, String prefix, String version) {
        return zip.bundle("auth.jar", middleware(prefix + "auth", version, prefix + "auth"))
                .bundle("greeting.jar", middleware(prefix + "greeting", version, prefix + "greeting"));
    }

    private static ReleaseZip shop(String version) {
        return with(ReleaseZip.of("shop", version), "", version);
    }

    private void put(String file, ReleaseZip zip) throws Exception {
        zip.writeTo(fixture.file(file));
        fixture.settle();
    }

    private void move(String file, String to) throws Exception {
        Files.move(fixture.file(file), fixture.file(to));
        fixture.settle();
        eventually(
                to + " has it", () -> fixture.in(to, DeploymentState.PUBLISHED).isPresent());
    }

    private String name(String file) {
        DeploymentView view = fixture.in(file, DeploymentState.PUBLISHED).orElseThrow();
        return view.release().orElseThrow().name();
    }

    @Test
    void oneThatIsCalledAfterItsFileIsCalledAfterTheNextOneWhenThatIsRenamed() throws Exception {
        put("shop.zip", with(new ReleaseZip(), "", "1.0.0"));
        int generations = fixture.chain.history().size();

        move("shop.zip", "mall.zip");

        assertThat(name("mall.zip")).isEqualTo("mall");
        assertThat(fixture.chain
                        .history()
                        .subList(generations, fixture.chain.history().size()))
                .allMatch("auth=1.0.0 greeting=1.0.0"::equals);
        put("shop.zip", with(new ReleaseZip(), "other-", "2.0.0"));
        assertThat(fixture.chain.serving())
                .as("they have nothing to do with each other")
                .isEqualTo("auth=1.0.0 greeting=1.0.0 other-auth=2.0.0 other-greeting=2.0.0");
        fixture.crashAndStart();
        fixture.settle();
        assertThat(name("mall.zip")).isEqualTo("mall");
        assertThat(name("shop.zip")).isEqualTo("shop");
        assertThat(fixture.run.view().deployments())
                .extracting(DeploymentView::state)
                .containsOnly(DeploymentState.PUBLISHED);
    }

    @Test
    void oneWithANameOfItsOwnKeepsThat() throws Exception {
        put("shop.zip", shop("1.0.0"));
        move("shop.zip", "mall.zip");
        assertThat(name("mall.zip")).isEqualTo("shop");
        put("next.zip", shop("2.0.0"));
        assertThat(fixture.in("mall.zip", DeploymentState.SUPERSEDED)).isPresent();
        assertThat(fixture.run.operations().history(1).get(0).summary())
                .isEqualTo("deploy next.zip; mall.zip is superseded by next.zip");
    }

    @Test
    void whoHasWrittenStepsIsToldThatAReleaseHasNone() throws Exception {
        fixture.rollOutBy(Map.of("steps", "1,50,100"));
        put("shop.zip", shop("1.0.0"));
        assertThat(fixture.in("shop.zip", DeploymentState.PUBLISHED)
                        .orElseThrow()
                        .reason())
                .as("it takes requests from nobody")
                .isEmpty();
        put("shop.zip", shop("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        assertThat(fixture.in("shop.zip", DeploymentState.PUBLISHED)
                        .orElseThrow()
                        .reason()
                        .orElseThrow())
                .contains("published whole, without the steps of the rollout policy for middleware=*");
        fixture.rollOutBy(Map.of());
        put("shop.zip", shop("3.0.0"));
        assertThat(fixture.in("shop.zip", DeploymentState.PUBLISHED)
                        .orElseThrow()
                        .reason())
                .isEmpty();
    }

    /** The file is still being copied, say: what it has isn't what was published, and can't be deployed either. */
    @Test
    void oneThatIsLostKeepsItsPlacesClosedAndComesBackAsOneFromWhatIsKept() throws Exception {
        put("shop.zip", shop("1.0.0"));
        List<Path> before = stored();
        put("shop.zip", shop("2.0.0"));
        List<Path> both = stored();
        fixture.crash();
        for (Path copy : both) {
            if (!before.contains(copy)) {
                Files.delete(copy);
            }
        }
        Files.write(fixture.file("shop.zip"), new byte[] {'P', 'K', 3, 4, 0});
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed greeting=closed");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains(".0.0"));
        assertThat(fixture.run.view().alarms())
                .anyMatch(alarm -> alarm.contains("shop.zip in the deploy folder hasn't the same content")
                        && alarm.contains(
                                "roll it back to earlier content that is kept, which brings all of the release"
                                        + " back"));

        RollBack back;
        try (Operator.Mark mark = Operator.mark("admin")) {
            back = fixture.run.operations().rollBack("shop.zip", "1.0.0").get(30, TimeUnit.SECONDS);
        }

        assertThat(back.outcome()).as(back.message()).isEqualTo(RollBack.Outcome.ROLLED_BACK);
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("1.0.0") && served.contains("closed"));
        assertThat(fixture.run.view().alarms()).noneMatch(alarm -> alarm.contains("can't be brought back"));
    }

    private List<Path> stored() throws Exception {
        try (Stream<Path> copies = Files.list(fixture.data("store"))) {
            return copies.sorted().toList();
        }
    }
}
