package dev.sluice.chain.path;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds which of many places match a path, and keeps one value for each different set of matches.
 *
 * <p>The cost of a look-up follows the path, not the number of patterns. There are no more cells than the patterns allow
 * (tree nodes times extensions, and the exact paths), whatever paths clients think of. Immutable but for the cells, which
 * are filled when first needed; safe to use from any thread.
 *
 * @param <V> what is kept for a set of matches
 */
public final class PathIndex<V> {

    private final Segments root = new Segments(null, "");
    private final Map<String, List<Integer>> extensions = new HashMap<>();
    private final Map<String, Integer> extensionNumbers = new HashMap<>();
    private final List<int[]> extensionPlaces = new ArrayList<>();
    private final Map<String, Cell<V>> exact = new HashMap<>();

    /**
     * Makes the index.
     *
     * @param places the patterns of each place, in the order of the places
     */
    public PathIndex(List<List<PathPattern>> places) {
        Map<String, List<Integer>> exactPlaces = new HashMap<>();
        for (int place = 0; place < places.size(); place++) {
            for (PathPattern pattern : places.get(place)) {
                switch (pattern.kind()) {
                    // The text of ALL is empty, so it ends at the root.
                    case ALL, PREFIX -> root.add(pattern.text(), place);
                    case EXTENSION -> note(place, pattern, extensions);
                    case EXACT -> note(place, pattern, exactPlaces);
                }
            }
        }
        extensionPlaces.add(Places.NONE);
        extensions.forEach((extension, matching) -> {
            extensionNumbers.put(extension, extensionPlaces.size());
            extensionPlaces.add(Places.union(Places.NONE, matching));
        });
        exactPlaces.forEach(
                (path, matching) -> exact.put(path, new Cell<>(() -> Places.union(inTree(path), matching))));
    }

    private static void note(int place, PathPattern pattern, Map<String, List<Integer>> places) {
        places.computeIfAbsent(pattern.text(), text -> new ArrayList<>()).add(place);
    }

    /**
     * Finds the cell for a path.
     *
     * @param path a decoded, normalised path that starts with {@code /}
     * @return the cell, the same one for every path that the same places match in the same way
     */
    public Cell<V> find(String path) {
        if (!exact.isEmpty()) {
            Cell<V> cell = exact.get(path);
            if (cell != null) {
                return cell;
            }
        }
        Segments node = root.deepest(path);
        int extension = extensionNumber(path);
        @SuppressWarnings("unchecked") // the cells of this index hold nothing but Cell<V>
        Cell<V> cell = (Cell<V>) node.cells(extensionPlaces.size()).get(extension);
        return cell != null ? cell : newCell(node, extension);
    }

    @SuppressWarnings("unchecked")
    private Cell<V> newCell(Segments node, int extension) {
        Cell<V> cell = new Cell<>(() -> Places.union(node.matches(), extensionPlaces.get(extension)));
        return (Cell<V>) node.cells(extensionPlaces.size()).offer(extension, cell);
    }

    private int[] inTree(String path) {
        return Places.union(root.deepest(path).matches(), extensionPlaces.get(extensionNumber(path)));
    }

    private int extensionNumber(String path) {
        if (extensionNumbers.isEmpty()) {
            return 0;
        }
        return extensionNumbers.getOrDefault(RequestPath.extension(path), 0);
    }

    /**
     * The places that match a path, and what is kept for them.
     *
     * @param <V> what is kept
     */
    public static final class Cell<V> {

        private final Supplier<int[]> places;
        private volatile V value;

        Cell(Supplier<int[]> places) {
            this.places = places;
        }

        /**
         * The value, made at the first call. Making it is serialised, so that there is one only.
         *
         * @param make makes the value from the numbers of the matching places, in order
         * @return the value
         */
        public V get(Function<int[], V> make) {
            V present = value;
            return present != null ? present : make(make);
        }

        private synchronized V make(Function<int[], V> make) {
            if (value == null) {
                value = make.apply(places.get());
            }
            return value;
        }
    }
}
