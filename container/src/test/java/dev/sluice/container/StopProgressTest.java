package dev.sluice.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.startlevel.FrameworkStartLevel;

class StopProgressTest {

    private static final int HIGHEST = 5;

    private final AtomicLong clock = new AtomicLong();
    private int level = HIGHEST;
    private final Bundle framework = bundle(0);
    private final StopProgress progress = new StopProgress(framework, HIGHEST, clock::get);

    private Bundle bundle(long id) {
        FrameworkStartLevel startLevel = fake(FrameworkStartLevel.class, "getStartLevel", () -> level);
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getBundleId" -> id;
                    case "adapt" -> startLevel;
                    case "hashCode" -> (int) id;
                    default -> throw new AssertionError(method);
                });
    }

    private static <T> T fake(Class<T> type, String name, java.util.function.Supplier<Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> Optional.of(method.getName())
                        .filter(name::equals)
                        .map(any -> answer.get())
                        .orElseThrow()));
    }

    private void tell(int type, Bundle bundle) {
        progress.bundleChanged(new BundleEvent(type, bundle));
    }

    @Test
    void aDrainThatTakesLongIsNoBundleThatHangs() {
        tell(BundleEvent.STOPPING, framework);
        clock.set(1_000);
        assertThat(progress.isDrained()).isFalse();
        tell(BundleEvent.STOPPING, bundle(7));
        assertThat(progress.isDrained()).isTrue();
        assertThat(progress.sinceDrain()).isZero();
        clock.set(1_500);
        tell(BundleEvent.STOPPED, bundle(7));
        assertThat(progress.sinceDrain()).isEqualTo(500);
        assertThat(progress.sinceLast()).isZero();
    }

    @Test
    void whatOthersStopDuringTheDrainShowsNothing() throws Exception {
        tell(BundleEvent.STOPPING, bundle(7));
        tell(BundleEvent.STOPPING, framework);
        Thread other = new Thread(() -> tell(BundleEvent.STOPPED, bundle(7)));
        other.start();
        other.join();
        assertThat(progress.isDrained()).isFalse();
    }

    @Test
    void aFirstBundleThatTheFrameworkCantLockShowsByTheStartLevel() {
        level = 3;
        assertThat(progress.isDrained()).as("while it starts").isFalse();
        tell(BundleEvent.STOPPING, framework);
        clock.set(40);
        assertThat(progress.isDrained()).isTrue();
        clock.set(100);
        assertThat(progress.sinceLast()).isEqualTo(60);
    }
}
