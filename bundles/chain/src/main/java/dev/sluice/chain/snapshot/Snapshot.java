package dev.sluice.chain.snapshot;

import dev.sluice.chain.path.PathIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * The chain that requests run on, immutable. Its routes are linked when a request first needs them: there are few, and
 * most combinations of places never occur.
 */
public final class Snapshot {

    private final long generation;
    private final Admission admission;
    private final Limiters limiters;
    private final List<Place> places;
    private final Set<Unit> serving;
    private final PathIndex<Route> index;
    private final CompletableFuture<Void> replaced = new CompletableFuture<>();
    /** Every route that was made, told before any request can enter it: see {@link PathIndex.Cell#get}. */
    private final Queue<Route> routes = new ConcurrentLinkedQueue<>();

    Snapshot(long generation, Admission admission, List<Place> places, Limiters limiters) {
        this.generation = generation;
        this.admission = admission;
        this.limiters = limiters;
        this.places = List.copyOf(places);
        this.serving =
                places.stream().flatMap(place -> place.serving().stream()).collect(Collectors.toUnmodifiableSet());
        this.index = new PathIndex<>(
                places.stream().map(place -> place.spec().paths()).toList());
    }

    /** {@return its number, always rising} */
    public long generation() {
        return generation;
    }

    /** {@return whether requests are let in, or why not} */
    Admission admission() {
        return admission;
    }

    /** {@return whether requests are let in} */
    public boolean isOpen() {
        return admission == Admission.OPEN || admission == Admission.CLOSING;
    }

    /** {@return completes when another snapshot has become the current one: what held requests wait for} */
    CompletableFuture<Void> replaced() {
        return replaced;
    }

    /** {@return its places, in the order in which requests run through them} */
    public List<Place> places() {
        return places;
    }

    /** {@return the units that serve} */
    Set<Unit> serving() {
        return serving;
    }

    /** {@return the way of requests with this path} */
    Route route(String path) {
        return index.find(path).get(this::link, routes::add);
    }

    /** {@return the routes that any request can be on} */
    Queue<Route> routes() {
        return routes;
    }

    private Route link(int[] matching) {
        return new Route(
                generation, Arrays.stream(matching).mapToObj(places::get).toList(), limiters);
    }
}
