package dev.sluice.chain.track;

import dev.sluice.chain.Claim;
import dev.sluice.chain.ProbeResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A claim: collects what its bundle registers, and has it probed. Its monitor guards the lists only; futures are completed
 * and bundles' code is run outside it.
 */
final class ClaimedBundle implements Claim {

    private final long bundleId;
    private final Supplier<Probe> probe;
    private final Consumer<ClaimedBundle> closed;

    // Guarded by this.
    private final List<Registration> registrations = new ArrayList<>();
    private final Map<CompletableFuture<Void>, Set<String>> waiting = new LinkedHashMap<>();
    /** The names that the last probe may have found ready, and whose services have gone since. */
    private final Set<String> lost = new TreeSet<>();

    private boolean ended;

    ClaimedBundle(long bundleId, Supplier<Probe> probe, Consumer<ClaimedBundle> closed) {
        this.bundleId = bundleId;
        this.probe = probe;
        this.closed = closed;
    }

    @Override
    public long bundleId() {
        return bundleId;
    }

    /** {@return whether the claim takes it: one that has just ended doesn't} */
    boolean added(Registration registration) {
        List<CompletableFuture<Void>> complete;
        synchronized (this) {
            if (ended) {
                return false;
            }
            registrations.add(registration);
            complete = waiting.entrySet().stream()
                    .filter(entry -> names().containsAll(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
            complete.forEach(waiting::remove);
        }
        complete.forEach(future -> future.complete(null));
        return true;
    }

    synchronized void removed(Registration registration) {
        if (registrations.remove(registration) && registration.had().isPresent()) {
            lost.add(registration.name());
        }
    }

    /**
     * {@return the names that are missing from what was probed} A service that was registered again counts as missing until
     * it is probed, too.
     */
    synchronized Set<String> lost() {
        Set<String> missing = new TreeSet<>(lost);
        registrations.stream()
                .filter(registration -> registration.had().isPresent() && registration.isLive())
                .map(Registration::name)
                .forEach(missing::remove);
        registrations.stream()
                .filter(registration -> registration.had().isPresent() && !registration.isLive())
                .map(Registration::name)
                .forEach(missing::add);
        return missing;
    }

    @Override
    public CompletableFuture<Void> registered(Set<String> names) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        boolean complete;
        boolean cancelled;
        synchronized (this) {
            cancelled = ended;
            complete = names().containsAll(names);
            if (!complete && !cancelled) {
                waiting.put(future, Set.copyOf(names));
            }
        }
        if (cancelled) {
            future.cancel(false);
        } else if (complete) {
            future.complete(null);
        }
        return future;
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>();
        registrations.forEach(registration -> names.add(registration.name()));
        return names;
    }

    synchronized List<Registration> registrations() {
        return List.copyOf(registrations);
    }

    @Override
    public List<ProbeResult> probe() {
        List<Registration> present;
        synchronized (this) {
            // What counts as lost is what was there at the last probe: of that the deployer knows.
            lost.clear();
            present = List.copyOf(registrations);
        }
        return probe.get().all(present);
    }

    @Override
    public void close() {
        closed.accept(this);
        end().forEach(Registration::release);
    }

    /** {@return what the bundle had registered} Afterwards nothing is collected any more. */
    List<Registration> end() {
        List<CompletableFuture<Void>> cancelled;
        List<Registration> had;
        synchronized (this) {
            if (ended) {
                return List.of();
            }
            ended = true;
            cancelled = List.copyOf(waiting.keySet());
            waiting.clear();
            had = List.copyOf(registrations);
            registrations.clear();
        }
        cancelled.forEach(future -> future.cancel(false));
        return had;
    }
}
