package dev.sluice.chain.path;

import java.util.concurrent.atomic.AtomicReferenceArray;
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

    private final PathTree tree;
    /** By the number of the node; made when a path first comes there: most nodes of most snapshots never see one. */
    private final AtomicReferenceArray<AtomicReferenceArray<Cell<V>>> inTree;

    /** By the number of the exact path. */
    private final AtomicReferenceArray<Cell<V>> exact;

    /**
     * Makes the index.
     *
     * @param tree which places there are
     */
    public PathIndex(PathTree tree) {
        this.tree = tree;
        this.inTree = new AtomicReferenceArray<>(tree.nodes());
        this.exact = new AtomicReferenceArray<>(tree.exactPaths());
    }

    /**
     * Finds the cell for a path.
     *
     * @param path a decoded, normalised path that starts with {@code /}
     * @return the cell, the same one for every path that the same places match in the same way
     */
    public Cell<V> find(String path) {
        Integer number = tree.exactNumber(path);
        if (number != null) {
            Cell<V> cell = exact.get(number);
            return cell != null ? cell : offer(exact, number, new Cell<>(() -> tree.places(path, number)));
        }
        Segments node = tree.deepest(path);
        int extension = tree.extensionNumber(path);
        AtomicReferenceArray<Cell<V>> cells = inTree.get(node.number());
        Cell<V> cell = cells == null ? null : cells.get(extension);
        return cell != null ? cell : newCell(node, extension);
    }

    private Cell<V> newCell(Segments node, int extension) {
        AtomicReferenceArray<Cell<V>> cells =
                offer(inTree, node.number(), new AtomicReferenceArray<>(tree.extensions()));
        return offer(cells, extension, new Cell<>(() -> tree.places(node, extension)));
    }

    /** Keeps the first that is offered: two threads that come at once use the same one afterwards. */
    private static <T> T offer(AtomicReferenceArray<T> kept, int number, T one) {
        return kept.compareAndSet(number, null, one) ? one : kept.get(number);
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
