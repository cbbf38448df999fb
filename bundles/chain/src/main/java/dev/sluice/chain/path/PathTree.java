package dev.sluice.chain.path;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The patterns of many places, ordered so that those which match a path are found by walking the path. Immutable, and safe to
 * use from any thread; what is kept for each set of matches is in a {@link PathIndex} over it, of which there may be many.
 */
public final class PathTree {

    /** That of no places. */
    public static final PathTree EMPTY = new PathTree(List.of());

    private final List<List<PathPattern>> places;
    private final Segments root = Segments.root();
    private final Map<String, Integer> extensionNumbers = new HashMap<>();
    private final List<int[]> extensionPlaces = new ArrayList<>();
    private final Map<String, Integer> exactNumbers = new HashMap<>();
    private final List<int[]> exactPlaces = new ArrayList<>();
    private final int nodes;

    /**
     * Makes the tree.
     *
     * @param places the patterns of each place, in the order of the places
     */
    public PathTree(List<List<PathPattern>> places) {
        this.places = List.copyOf(places);
        Map<String, List<Integer>> extensions = new HashMap<>();
        Map<String, List<Integer>> exact = new HashMap<>();
        int number = 1;
        for (int place = 0; place < places.size(); place++) {
            for (PathPattern pattern : places.get(place)) {
                switch (pattern.kind()) {
                    // The text of ALL is empty, so it ends at the root.
                    case ALL, PREFIX -> number = root.add(pattern.text(), place, number);
                    case EXTENSION -> note(place, pattern, extensions);
                    case EXACT -> note(place, pattern, exact);
                }
            }
        }
        this.nodes = number;
        extensionPlaces.add(Places.NONE);
        number(extensions, extensionNumbers, extensionPlaces);
        number(exact, exactNumbers, exactPlaces);
    }

    private static void note(int place, PathPattern pattern, Map<String, List<Integer>> places) {
        places.computeIfAbsent(pattern.text(), text -> new ArrayList<>(1)).add(place);
    }

    private static void number(
            Map<String, List<Integer>> matching, Map<String, Integer> numbers, List<int[]> placesByNumber) {
        matching.forEach((text, places) -> {
            numbers.put(text, placesByNumber.size());
            placesByNumber.add(Places.union(Places.NONE, places));
        });
    }

    /**
     * The tree of these places: this one, if its own have the same patterns.
     *
     * @param others the patterns of each place, in the order of the places
     * @return the tree
     */
    public PathTree over(List<List<PathPattern>> others) {
        return places.equals(others) ? this : new PathTree(others);
    }

    /** {@return how many nodes there are} */
    int nodes() {
        return nodes;
    }

    /** {@return how many exact paths there are} */
    int exactPaths() {
        return exactPlaces.size();
    }

    /** {@return how many extensions there are, with that of all others} */
    int extensions() {
        return extensionPlaces.size();
    }

    /** {@return the number of an exact path; null if it is none of them} */
    Integer exactNumber(String path) {
        return exactNumbers.isEmpty() ? null : exactNumbers.get(path);
    }

    /** {@return the deepest node whose path leads to or above {@code path}} */
    Segments deepest(String path) {
        return root.deepest(path);
    }

    /** {@return the number of a path's extension; 0 for all that no pattern names} */
    int extensionNumber(String path) {
        return extensionNumbers.isEmpty() ? 0 : extensionNumbers.getOrDefault(RequestPath.extension(path), 0);
    }

    /** {@return the places that match at a node with an extension, in order} */
    int[] places(Segments node, int extension) {
        return Places.union(node.matches(), extensionPlaces.get(extension));
    }

    /** {@return the places that match an exact path, in order} */
    int[] places(String path, int exact) {
        return Places.union(places(root.deepest(path), extensionNumber(path)), exactPlaces.get(exact));
    }
}
