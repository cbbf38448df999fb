package dev.sluice.chain.path;

import java.util.ArrayList;
import java.util.List;

/**
 * A tree of path segments, built once and then only read. Walking it allocates nothing: a child is found by the hash of a
 * region of the path.
 */
final class Segments {

    /** Of two places, as any other. Never written to: the first child needs one of its own. */
    private static final Segments[] NO_CHILDREN = new Segments[2];

    private final Segments parent;
    private final String segment;
    private final int number;
    private final List<Integer> own = new ArrayList<>(1);
    private final List<Segments> children = new ArrayList<>(0);
    /** Children by the hash of their segment, open addressing; its length is a power of two at least twice their number. */
    private Segments[] table = NO_CHILDREN;

    private Segments(Segments parent, String segment, int number) {
        this.parent = parent;
        this.segment = segment;
        this.number = number;
    }

    /** {@return a root, of number 0} */
    static Segments root() {
        return new Segments(null, "", 0);
    }

    /** {@return its number in the tree} */
    int number() {
        return number;
    }

    /**
     * Notes that a prefix pattern of a place ends at {@code path}; the path has no trailing slash.
     *
     * @param next the number of the next node that is made
     * @return the number of the next after that
     */
    int add(String path, int place, int next) {
        int nodes = next;
        Segments node = this;
        int from = 1;
        while (from <= path.length()) {
            int to = end(path, from);
            String name = path.substring(from, to);
            Segments child = node.child(name, 0, name.length(), name.hashCode());
            if (child == null) {
                child = node.newChild(name, nodes++);
            }
            node = child;
            from = to + 1;
        }
        node.own.add(place);
        return nodes;
    }

    private Segments newChild(String name, int childNumber) {
        Segments child = new Segments(this, name, childNumber);
        children.add(child);
        fillTable();
        return child;
    }

    private void fillTable() {
        if (table == NO_CHILDREN || children.size() * 2 > table.length) {
            table = new Segments[table == NO_CHILDREN ? NO_CHILDREN.length : table.length * 2];
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
        while (from < length && node.table != NO_CHILDREN) {
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

    private static int spread(int hash) {
        return hash ^ (hash >>> 16);
    }

    private static int end(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }
}
