package dev.sluice.chain.path;

import java.util.ArrayList;
import java.util.List;

/**
 * A tree of path segments, built once and then only read. Walking it allocates nothing: a child is found by the hash of a
 * region of the path.
 */
final class Segments {

    private final String segment;
    private final List<Integer> own = new ArrayList<>();
    private final List<Segments> children = new ArrayList<>();
    /** Children by the hash of their segment, open addressing; its length is a power of two at least twice their number. */
    private Segments[] table = new Segments[2];

    private int[] matches = {};
    private Cells cells;

    Segments(String segment) {
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
            child = new Segments(name);
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

    /** Works out, from the root down, which places match at and below each node. */
    void freeze(int[] inherited, int extensions) {
        matches = Places.union(inherited, own);
        cells = new Cells(extensions + 1);
        children.forEach(child -> child.freeze(matches, extensions));
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

    int[] matches() {
        return matches;
    }

    Cells cells() {
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
