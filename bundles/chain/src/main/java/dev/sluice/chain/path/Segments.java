package dev.sluice.chain.path;

import java.util.ArrayList;
import java.util.List;

/**
 * A tree of path segments, built once and then only read. Walking it allocates nothing: a child is found by the hash of a
 * region of the path.
 */
final class Segments {

    private final Segments parent;
    private final String segment;
    private final List<Integer> own = new ArrayList<>();
    private final List<Segments> children = new ArrayList<>();
    /** Children by the hash of their segment, open addressing; its length is a power of two at least twice their number. */
    private Segments[] table = new Segments[2];

    /** Made when a path first comes to this node: most nodes of most snapshots never see one. */
    private volatile Cells cells;

    Segments(Segments parent, String segment) {
        this.parent = parent;
        this.segment = segment;
    }

    /** Notes that a prefix pattern of a place ends at {@code path}; the path has no trailing slash. */
    void add(String path, int place) {
        Segments node = this;
        int from = 1;
        while (from <= path.length()) {
            int to = end(path, from);
            node = node.childOrNew(path.substring(from, to));
            from = to + 1;
        }
        node.own.add(place);
    }

    private Segments childOrNew(String name) {
        Segments child = child(name, 0, name.length(), name.hashCode());
        if (child == null) {
            child = new Segments(this, name);
            children.add(child);
            fillTable();
        }
        return child;
    }

    private void fillTable() {
        if (children.size() * 2 > table.length) {
            table = new Segments[table.length * 2];
            children.forEach(this::insert);
        } else {
            insert(children.get(children.size() - 1));
        }
    }

    private void insert(Segments child) {
        int mask = table.length - 1;
        int slot = spread(child.segment.hashCode()) & mask;
        while (table[slot] != null) {
            slot = (slot + 1) & mask;
        }
        table[slot] = child;
    }

    /** {@return the deepest node whose path leads to or above {@code path}} */
    Segments deepest(String path) {
        Segments node = this;
        int from = 1;
        int length = path.length();
        while (from < length) {
            int hash = 0;
            int to = from;
            for (char c; to < length && (c = path.charAt(to)) != '/'; to++) {
                hash = 31 * hash + c;
            }
            Segments child = node.child(path, from, to - from, hash);
            if (child == null) {
                return node;
            }
            node = child;
            from = to + 1;
        }
        return node;
    }

    private Segments child(String path, int from, int length, int hash) {
        int mask = table.length - 1;
        for (int slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
            Segments child = table[slot];
            if (child == null) {
                return null;
            }
            if (child.segment.length() == length && path.regionMatches(from, child.segment, 0, length)) {
                return child;
            }
        }
    }

    /** {@return the places that match at this node and below it, in order} */
    int[] matches() {
        return Places.union(parent == null ? Places.NONE : parent.matches(), own);
    }

    /** {@return the cells of this node, one for each of {@code size} extensions} */
    Cells cells(int size) {
        Cells present = cells;
        return present != null ? present : makeCells(size);
    }

    private synchronized Cells makeCells(int size) {
        if (cells == null) {
            cells = new Cells(size);
        }
        return cells;
    }

    private static int spread(int hash) {
        return hash ^ (hash >>> 16);
    }

    private static int end(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }
}
