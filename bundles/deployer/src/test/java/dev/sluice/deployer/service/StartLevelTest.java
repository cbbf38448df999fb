package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.Eventually.eventually;

import dev.sluice.deployer.testing.BundleJar;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The framework has one thread for changes of start levels, its stop among them: nothing of ours may keep it. */
class StartLevelTest {

    private static final String AWAIT =
            "((java.util.concurrent.CountDownLatch) System.getProperties().get(\"sluice.test.%s\")).await();";

    @TempDir
    Path home;

    private final CountDownLatch another = latch("another");
    private final CountDownLatch over = latch("over");
    private Fixture fixture;

    private static CountDownLatch latch(String name) {
        CountDownLatch latch = new CountDownLatch(1);
        System.getProperties().put("sluice.test." + name, latch);
        return latch;
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(home);
        fixture.settings = Fixture.settings(Duration.ofHours(1), Duration.ofHours(1));
        fixture.newFramework();
    }

    @AfterEach
    void stop() throws Exception {
        another.countDown();
        over.countDown();
        fixture.close();
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("sluice.test."));
    }

    private Bundle install(BundleJar jar) throws Exception {
        Path file = home.resolve("another.jar");
        jar.writeTo(file);
        try (InputStream content = Files.newInputStream(file)) {
            return fixture.framework.context().installBundle("another", content);
        }
    }

    @Test
    void aCandidateThatHangsInItsStartDoesNotKeepItFromStoppingWhatIsAbove() throws Exception {
        FrameworkStartLevel levels = fixture.framework
                .context()
                .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkStartLevel.class);
        int level = levels.getStartLevel();
        // While that thread is busy, what it is asked for is put off until the candidate is in its start.
        Bundle busy = install(new BundleJar("another", "1.0.0").activator(AWAIT.formatted("another"), ""));
        busy.adapt(BundleStartLevel.class).setStartLevel(level + 1);
        busy.start();
        levels.setStartLevel(level + 1);
        eventually("that thread is busy", () -> busy.getState() == Bundle.STARTING);

        Files.createDirectories(fixture.deploy());
        new BundleJar("hanging", "1.0.0").activator(AWAIT.formatted("over"), "").writeTo(fixture.file("hanging.jar"));
        fixture.startRunWithoutSettling();
        eventually("the candidate is in its start", () -> Bundle.STARTING == state("hanging"));
        another.countDown();

        eventually("the other has started", () -> busy.getState() == Bundle.ACTIVE);

        // It can't get past the candidate, whose lock it needs; it does come as far as that.
        levels.setStartLevel(level);
        eventually("what is above the candidate stops", () -> busy.getState() == Bundle.RESOLVED);
    }

    private int state(String symbolicName) {
        for (Bundle bundle : fixture.framework.context().getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle.getState();
            }
        }
        return Bundle.UNINSTALLED;
    }
}
