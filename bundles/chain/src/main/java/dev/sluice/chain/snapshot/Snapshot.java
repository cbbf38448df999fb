package dev.sluice.chain.snapshot;

import dev.sluice.chain.path.PathIndex;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;
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
    private final LongSupplier random;
    private final List<Branch> branches;
    private final PathIndex<Crossing> index;
    /** Made once: each request is to make nothing here. */
    private final Function<int[], Crossing> cross = this::cross;

    private final CompletableFuture<Void> replaced = new CompletableFuture<>();
    /** Every route that was made, told before any request can enter it: see {@link #link}. */
    private final Queue<Route> routes = new ConcurrentLinkedQueue<>();

    /**
     * Makes it.
     *
     * @param generation its number
     * @param admission whether requests are let in
     * @param places its places, in order
     * @param limiters what limits are kept with
     * @param random the numbers by which versions are chosen for requests that nothing else tells of
     */
    Snapshot(long generation, Admission admission, List<Place> places, Limiters limiters, LongSupplier random) {
        this.generation = generation;
        this.admission = admission;
        this.limiters = limiters;
        this.places = List.copyOf(places);
        this.random = random;
        this.serving = places.stream().flatMap(place -> place.units().stream()).collect(Collectors.toUnmodifiableSet());
        this.branches = Branch.all(this.places);
        this.index = new PathIndex<>(
                branches.stream().map(branch -> branch.place().spec().paths()).toList());
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

    /** {@return completes when another snapshot has become the current one: what held requests wait for; what hangs on it runs inside
     * the change, and must not take long} */
    public CompletableFuture<Void> replaced() {
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

    /** {@return the way of a request with this path} */
    Route route(String path, HttpServletRequest request) {
        return index.find(path).get(cross).route(request);
    }

    /** {@return the routes that any request can be on} */
    Queue<Route> routes() {
        return routes;
    }

    private Crossing cross(int[] matching) {
        List<Branch> on = Arrays.stream(matching).mapToObj(branches::get).toList();
        return on.stream().allMatch(Branch::isSure)
                ? new Crossing(link(on.stream().map(Branch::place).toList()))
                : new Crossing(new Fork(on, random, this::link));
    }

    /** It is told of here, and so before whoever has it linked can show it to anybody. */
    private Route link(List<Place> matching) {
        Route route = new Route(generation, matching, limiters);
        routes.add(route);
        return route;
    }
}
