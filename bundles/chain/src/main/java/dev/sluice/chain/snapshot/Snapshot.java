package dev.sluice.chain.snapshot;

import dev.sluice.chain.path.PathIndex;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.path.PathTree;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The chain that requests run on, immutable. Its routes are linked when a request first needs them: there are few, and
 * most combinations of places never occur.
 */
public final class Snapshot {

    private final long generation;
    private final Admission admission;
    private final Limiters limiters;
    private final List<Place> places;
    private final LongSupplier random;
    private final List<Branch> branches;
    private final PathTree paths;
    private final PathIndex<Crossing> index;
    /** Made once: each request is to make nothing here. */
    private final Function<int[], Crossing> cross = this::cross;

    private final CompletableFuture<Void> replaced = new CompletableFuture<>();
    /** Every route that was made, told before any request can enter it: see {@link #link}. */
    private final Queue<Route> routes = new ConcurrentLinkedQueue<>();

    /**
     * Makes the first, which is empty.
     *
     * @param limiters what limits are kept with
     * @param random the numbers by which versions are chosen for requests that nothing else tells of
     */
    Snapshot(Limiters limiters, LongSupplier random) {
        this(0, Admission.NOT_OPEN, List.of(), PathTree.EMPTY, limiters, random);
    }

    private Snapshot(
            long generation,
            Admission admission,
            List<Place> places,
            PathTree before,
            Limiters limiters,
            LongSupplier random) {
        this.generation = generation;
        this.admission = admission;
        this.limiters = limiters;
        this.places = List.copyOf(places);
        this.random = random;
        this.branches = Branch.all(this.places);
        this.paths = before.over(paths(branches));
        this.index = new PathIndex<>(paths);
    }

    private static List<List<PathPattern>> paths(List<Branch> branches) {
        List<List<PathPattern>> paths = new ArrayList<>(branches.size());
        branches.forEach(branch -> paths.add(branch.place().spec().paths()));
        return paths;
    }

    /**
     * Makes the next. It keeps what is the same.
     *
     * @param admission whether requests are let in
     * @param next its places, in order
     */
    Snapshot next(Admission admission, List<Place> next) {
        return new Snapshot(generation + 1, admission, next, paths, limiters, random);
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
    List<Unit> serving() {
        return units(places);
    }

    private static List<Unit> units(List<Place> places) {
        List<Unit> units = new ArrayList<>(places.size());
        places.forEach(place -> place.eachUnit(units::add));
        return units;
    }

    /**
     * {@return the units that serve here, and not in another snapshot} Only what lies between the places that both begin and
     * end with is looked at: no unit is in two places.
     */
    Set<Unit> servingUnlike(Snapshot other) {
        int shorter = Math.min(places.size(), other.places.size());
        int first = 0;
        while (first < shorter && places.get(first) == other.places.get(first)) {
            first++;
        }
        int last = 0;
        while (last < shorter - first
                && places.get(places.size() - 1 - last) == other.places.get(other.places.size() - 1 - last)) {
            last++;
        }
        Set<Unit> here = new HashSet<>(units(places.subList(first, places.size() - last)));
        units(other.places.subList(first, other.places.size() - last)).forEach(here::remove);
        return here;
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
