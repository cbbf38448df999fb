package dev.sluice.deployer.testing;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Departure;
import dev.sluice.unload.LeakCap;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Unloads;
import dev.sluice.unload.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Verdicts that tests give by hand. */
public final class FakeUnloads implements Unloads {

    private final BundleContext context;
    private final Map<Long, UnloadView> views = new LinkedHashMap<>();
    private final Map<String, Integer> leaked = new ConcurrentHashMap<>();
    private final List<Consumer<UnloadView>> listeners = new CopyOnWriteArrayList<>();
    private final List<Integer> states = new CopyOnWriteArrayList<>();
    private final Map<Long, List<String>> requestsIn = new ConcurrentHashMap<>();
    private final List<Long> over = new CopyOnWriteArrayList<>();
    private long numbers;
    private volatile LeakCap cap = new LeakCap(5, true);
    private volatile boolean hasGone;
    private final AtomicInteger asked = new AtomicInteger();

    public FakeUnloads(BundleContext context) {
        this.context = context;
    }

    @Override
    public synchronized long leaving(long bundleId, Departure departure) {
        Bundle bundle = context.getBundle(bundleId);
        states.add(bundle.getState());
        long last = numbers;
        numbers++;
        views.put(
                bundleId,
                new UnloadView(
                        numbers,
                        bundleId,
                        bundle.getSymbolicName(),
                        bundle.getVersion().toString(),
                        Optional.of(departure),
                        Instant.now(),
                        Verdict.PENDING,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty()));
        return last;
    }

    @Override
    public Runnable requestsIn(long bundleId, List<String> requests) {
        requestsIn.put(bundleId, List.copyOf(requests));
        return () -> over.add(bundleId);
    }

    /** {@return the requests of which it was said that they are in a bundle} */
    public List<String> requestsIn(long bundleId) {
        return requestsIn.getOrDefault(bundleId, List.of());
    }

    /** {@return the ids of those of which it was said that their requests are over} */
    public List<Long> over() {
        return List.copyOf(over);
    }

    /** {@return what was said of those that left, in that order} */
    public synchronized List<Departure> departures() {
        return views.values().stream()
                .flatMap(view -> view.departure().stream())
                .toList();
    }

    /** {@return in what state bundles were when it was said that they leave} */
    public List<Integer> states() {
        return List.copyOf(states);
    }

    /** {@return the ids of those that left and had a version} */
    public synchronized List<Long> left(String version) {
        return views.values().stream()
                .filter(view -> view.version().equals(version))
                .map(UnloadView::bundleId)
                .toList();
    }

    /** The verdict on a bundle that has left. */
    public void judge(long bundleId, Verdict verdict, String... culprits) {
        UnloadView judged;
        synchronized (this) {
            UnloadView view = views.get(bundleId);
            judged = new UnloadView(
                    view.number(),
                    bundleId,
                    view.symbolicName(),
                    view.version(),
                    view.departure(),
                    view.since(),
                    verdict,
                    verdict == Verdict.COLLECTED ? Optional.of(Duration.ofMillis(1500)) : Optional.empty(),
                    List.of(),
                    List.of(culprits).stream()
                            .map(what -> new Culprit(Culprit.Kind.THREAD, what, "end it"))
                            .toList(),
                    List.of(),
                    List.of(),
                    Optional.empty());
            views.put(bundleId, judged);
        }
        listeners.forEach(listener -> listener.accept(judged));
    }

    /** So many versions of a middleware have leaked. */
    public void leaked(String middleware, int count) {
        leaked.put(middleware, count);
    }

    /** From now on so many are tolerated. */
    public void cap(int most, boolean refuse) {
        cap = new LeakCap(most, refuse);
    }

    @Override
    public synchronized List<UnloadView> view() {
        return new ArrayList<>(views.values());
    }

    @Override
    public int leaked(String middleware) {
        return leaked.getOrDefault(middleware, 0);
    }

    /** From now on it can't be asked for the cap, as a service that goes away. */
    public void goAway() {
        hasGone = true;
    }

    /** {@return how often it was asked for the cap} */
    public int asked() {
        return asked.get();
    }

    @Override
    public LeakCap cap() {
        asked.incrementAndGet();
        if (hasGone) {
            throw new IllegalStateException("it has gone");
        }
        return cap;
    }

    @Override
    public AutoCloseable listen(Consumer<UnloadView> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public List<String> alarms() {
        return List.of();
    }
}
