package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.unload.Verdict;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.testing.NamedSearch;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.osgi.framework.wiring.BundleWiring;

/** One unload that goes wrong, or takes for ever, beside others. */
class TrackerEnduresTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final Inbox inbox = new Inbox(() -> Instant.EPOCH, nanos::get);
    private final List<Object> kept = new ArrayList<>();
    private final CountDownLatch lock = new CountDownLatch(1);

    private final Search hanging = new NamedSearch("hanging", suspect -> {
        boolean open = suspect.name().startsWith("good");
        while (!open) {
            try {
                lock.await();
                open = true;
            } catch (InterruptedException e) {
                open = false;
            }
        }
        return List.of();
    });

    private final Tracker tracker = new Tracker(
            inbox.collected(),
            () -> new Rules(false, Duration.ofSeconds(10), Duration.ofSeconds(2), Set.of()),
            nanos::get,
            new Inquiry(List.of(hanging), Duration.ofMillis(100)),
            new Probe(Collections.ofThisJvm(), nanos::get),
            canary -> new SoftReference<>(null),
            (before, view) -> {});

    @Test
    void oneThatHangsEndsNoVerdictOnOthersAndGetsOneItself() {
        ClassLoader held = new Canary();
        leaves("bad", held, () -> false);
        leaves("good", new Canary(), () -> false);
        pass(0);
        for (int collection = 0;
                collection < 30 && !(verdict("bad") == Verdict.LEAKED && verdict("good") == Verdict.COLLECTED);
                collection++) {
            pass(3);
            collect();
        }
        assertThat(verdict("good")).isEqualTo(Verdict.COLLECTED);
        assertThat(verdict("bad")).isEqualTo(Verdict.LEAKED);
        assertThat(tracker.alarms()).singleElement().asString().contains("bad 1.0.0");
        assertThat(held).isNotNull();
        lock.countDown();
    }

    @Test
    void whileOurOwnThreadHasItTheVerdictIsPutOffTwice() {
        ClassLoader held = new Canary();
        leaves("bad", held, () -> false);
        pass(0);
        int collections = 0;
        for (; collections < 30 && verdict("bad") != Verdict.LEAKED; collections++) {
            pass(3);
            collect();
        }
        assertThat(collections)
                .as("three canaries, three times, and one that nothing held softly")
                .isBetween(10, 29);
        assertThat(held).isNotNull();
        lock.countDown();
    }

    @Test
    void oneThatIsGivenUpIsLetGoByOurOwnThreadWhenItComesBack() {
        leaves("bad", new Canary(), () -> false);
        pass(3);
        collect();
        pass(3);
        assertThat(verdict("bad")).as("our own thread has it").isEqualTo(Verdict.PENDING);
        lock.countDown();
        for (int collection = 0; collection < 30 && verdict("bad") != Verdict.COLLECTED; collection++) {
            collect();
            pass(3);
        }
        assertThat(verdict("bad")).isEqualTo(Verdict.COLLECTED);
        assertThat(tracker.alarms()).isEmpty();
    }

    @Test
    void oneThatFailsHindersNoOther() {
        ClassLoader first = new Canary();
        leaves("broken", first, () -> {
            throw new StackOverflowError("users");
        });
        leaves("good", new Canary(), () -> false);
        assertThat(tracker.step(inbox.take())).isPositive();
        collect();
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThatThrownBy(() -> tracker.step(inbox.take())).isInstanceOf(StackOverflowError.class);
        assertThat(verdict("good")).isEqualTo(Verdict.COLLECTED);
        assertThat(first).isNotNull();
    }

    @Test
    void theLongerOneIsInUseTheMoreSeldomItIsLookedAt() {
        ClassLoader used = new Canary();
        leaves("used", used, () -> true);
        pass(3);
        assertThat(verdict("used")).isEqualTo(Verdict.IN_USE);
        int looks = 0;
        for (long passed = 0; passed < Duration.ofHours(1).toNanos(); looks++) {
            long wait = tracker.step(inbox.take());
            assertThat(wait)
                    .isBetween(
                            Duration.ofSeconds(2).toNanos(),
                            Duration.ofMinutes(1).toNanos());
            passed += wait;
            nanos.addAndGet(wait);
        }
        assertThat(looks).isLessThan(70);
        assertThat(used).isNotNull();
    }

    private void leaves(String name, ClassLoader loader, Supplier<Boolean> inUse) {
        BundleWiring wiring = (BundleWiring) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleWiring.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isInUse" -> inUse.get();
                    case "getProvidedWires" -> List.of();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        kept.add(wiring);
        inbox.left(
                loader,
                new Users(new WeakReference<>(wiring), Requests.NONE),
                new Canary(),
                7,
                name,
                "1.0.0",
                Optional.empty());
    }

    private Verdict verdict(String name) {
        return tracker.view().stream()
                .filter(view -> view.symbolicName().equals(name))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
        tracker.step(inbox.take());
    }

    private static void collect() {
        WeakReference<Canary> canary = new WeakReference<>(new Canary());
        for (int attempt = 0; attempt < 100 && !canary.refersTo(null); attempt++) {
            System.gc();
        }
        assertThat(canary.refersTo(null)).as("a full collection").isTrue();
    }
}
