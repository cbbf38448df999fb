package dev.sluice.chain.path;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

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

    private final Segments root = new Segments("");
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
        List<Integer> all = new ArrayList<>();
        Map<String, List<Integer>> exactPlaces = new HashMap<>();
        for (int place = 0; place < places.size(); place++) {
            for (PathPattern pattern : places.get(place)) {
                switch (pattern.kind()) {
                    case ALL -> all.add(place);
                    case PREFIX -> root.add(pattern.text(), place);
                    case EXTENSION -> extensions
                            .computeIfAbsent(pattern.text(), k -> new ArrayList<>())
                            .add(place);
                    case EXACT -> exactPlaces
                            .computeIfAbsent(pattern.text(), k -> new ArrayList<>())
                            .add(place);
                }
            }
        }
        extensionPlaces.add(new int[0]);
        extensions.forEach((extension, matching) -> {
            extensionNumbers.put(extension, extensionPlaces.size());
            extensionPlaces.add(Places.union(new int[0], matching));
        });
        root.freeze(Places.union(new int[0], all), extensions.size());
        // Last, as what matches an exact path beside it is looked up in the finished tree.
        exactPlaces.forEach((path, matching) -> exact.put(path, new Cell<>(Places.union(inTree(path), matching))));
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
        Cell<V> cell = (Cell<V>) node.cells().get(extension);
        return cell != null ? cell : newCell(node, extension);
    }

    @SuppressWarnings("unchecked")
    private Cell<V> newCell(Segments node, int extension) {
        int[] matches = Places.union(node.matches(), extensionPlaces.get(extension));
        return (Cell<V>) node.cells().offer(extension, new Cell<V>(matches));
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

        private final int[] places;
        private volatile V value;

        Cell(int[] places) {
            this.places = places;
        }

        /**
         * The value, made at the first call. Making it is serialised, so that there is one only.
         *
         * @param make makes the value from the numbers of the matching places, in order
         * @param made told of the value before anybody can get it
         * @return the value
         */
        public V get(Function<int[], V> make, Consumer<V> made) {
            V present = value;
            return present != null ? present : make(make, made);
        }

        private synchronized V make(Function<int[], V> make, Consumer<V> made) {
            if (value == null) {
                V fresh = make.apply(places.clone());
                made.accept(fresh);
                value = fresh;
            }
            return value;
        }
    }
}
