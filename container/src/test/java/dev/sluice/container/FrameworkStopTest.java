package dev.sluice.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.container.hostile.Noted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameworkStopTest {

    private static final int HIGHEST = 3;

    /** The drain may take an hour: no stop here has anything to drain. */
    private static final FrameworkStop.Patience PATIENCE = new FrameworkStop.Patience(
            Duration.ofHours(1), Duration.ofMillis(300), Duration.ofSeconds(20), Duration.ofSeconds(20));

    @TempDir
    Path storage;

    private Framework framework;
    private FrameworkStop stop;

    @BeforeEach
    void start() throws Exception {
        Noted.STOPPED.clear();
        Noted.over = new CountDownLatch(1);
        Noted.hangs = new CountDownLatch(1);
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        storage.toString(),
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        String.valueOf(HIGHEST),
                        Constants.FRAMEWORK_BUNDLE_PARENT,
                        Constants.FRAMEWORK_BUNDLE_PARENT_APP,
                        Constants.FRAMEWORK_BOOTDELEGATION,
                        "dev.sluice.container.hostile"));
        framework.init();
        stop = new FrameworkStop(framework, HIGHEST, PATIENCE);
        stop.listen(framework.getBundleContext());
        framework.start();
    }

    @AfterEach
    void end() throws Exception {
        Noted.over.countDown();
        framework.stop();
        framework.waitForStop(0);
    }

    private Bundle bundle(String name, int level, Class<?> activator) throws BundleException, IOException {
        // From the first: a change is dealt with later, on the framework's thread for start levels, which a start that
        // hangs
        // by then would keep.
        framework.adapt(FrameworkStartLevel.class).setInitialBundleStartLevel(level);
        return framework.getBundleContext().installBundle(name, new ByteArrayInputStream(jar(name, activator)));
    }

    private void started(String name, int level, Class<?> activator) throws BundleException, IOException {
        bundle(name, level, activator).start();
    }

    private static byte[] jar(String name, Class<?> activator) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.BUNDLE_ACTIVATOR, activator.getName());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }

    @Test
    void whatHoldsUpNothingStopsInOrder() throws Exception {
        started("log", 1, Noted.class);
        started("ours", 2, Noted.class);
        started("theirs", 2, Noted.class);
        started("first", HIGHEST, Noted.class);
        assertThat(stop.run()).isTrue();
        assertThat(Noted.STOPPED).containsExactly("first", "theirs", "ours", "log");
    }

    @Test
    void aStopThatHangsIsLeftBehindWithoutTheDrainsAllowance() throws Exception {
        started("log", 1, Noted.class);
        started("ours", 2, Noted.class);
        started("hanging", 2, Noted.HangingInStop.class);
        started("first", HIGHEST, Noted.class);
        assertThat(stop.run()).isFalse();
        assertThat(stop.stillBusy()).isEqualTo("hanging 0.0.0");
        assertThat(Noted.STOPPED).containsExactly("first", "ours", "log");
    }

    @Test
    void soIsAStartThatHangs() throws Exception {
        started("log", 1, Noted.class);
        started("first", HIGHEST, Noted.class);
        Bundle hanging = bundle("hanging", 2, Noted.HangingInStart.class);
        Thread start = new Thread(() -> {
            try {
                hanging.start();
            } catch (BundleException | IllegalStateException e) {
                // The framework has stopped meanwhile.
            }
        });
        start.start();
        assertThat(Noted.hangs.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stop.run()).isFalse();
        assertThat(stop.stillBusy()).isEqualTo("hanging 0.0.0");
        assertThat(Noted.STOPPED).containsExactly("first", "log");
    }

    @Test
    void aSecondOneThatHangsDoesNotCostTheRestTheirStop() throws Exception {
        started("log", 1, Noted.class);
        started("alsoHanging", 2, Noted.HangingInStop.class);
        started("ours", 2, Noted.class);
        started("hanging", 2, Noted.HangingInStop.class);
        assertThat(stop.run()).isFalse();
        assertThat(stop.stillBusy()).contains("hanging 0.0.0", "alsoHanging 0.0.0");
        assertThat(Noted.STOPPED).containsExactly("ours", "log");
    }

    @Test
    void theWholeStopOfOneThatHangsIsWellWithinWhatSupervisorsGive() {
        FrameworkStop.Patience patience = FrameworkStop.Patience.of(Duration.ofHours(1));
        assertThat(patience.oneBundle().plus(patience.others())).isLessThan(Duration.ofSeconds(20));
        assertThat(patience.allBundles().plus(patience.others())).isLessThan(Duration.ofSeconds(25));
    }
}
