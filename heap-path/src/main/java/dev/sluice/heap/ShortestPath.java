package dev.sluice.heap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import shark.GcRoot;

/**
 * The shortest way from the roots to an object, breadth first. It needs two numbers for each object of the dump and no objects, so
 * that a large dump can be looked through with little memory. For one thread.
 */
final class ShortestPath {

    /** A reference that is not to be followed: of which the object was told of already. */
    record Edge(int from, int to) {}

    /**
     * A path.
     *
     * @param root where it starts
     * @param objects the indices of the objects on it, from the root's own to the one that was looked for
     */
    record Found(GcRoot root, List<Integer> objects) {}

    private static final int UNSEEN = Heap.NOWHERE;

    /** Neither an object's nor a root's. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final Heap heap;
    private final List<GcRoot> roots;
    private final boolean withSoft;

    /** What was told of already, so that another path is another cause. */
    private final Set<Edge> told = new HashSet<>();

    private final Set<GcRoot> toldRoots = new HashSet<>();
    private final Set<Integer> toldObjects = new HashSet<>();

    ShortestPath(Heap heap, List<GcRoot> roots, boolean withSoft) {
        this.heap = heap;
        this.roots = roots;
        this.withSoft = withSoft;
    }

    void dontFollow(int from, int to) {
        told.add(new Edge(from, to));
    }

    void dontStart(GcRoot root) {
        toldRoots.add(root);
    }

    void dontEnter(int object) {
        toldObjects.add(object);
    }

    /** {@return the shortest path to an object; empty if there is none} */
    Optional<Found> to(long target) {
        int wanted = heap.index(target);
        int[] parents = new int[heap.size()];
        Arrays.fill(parents, UNSEEN);
        toldObjects.forEach(object -> parents[object] = CLOSED);
        Queue queue = new Queue();
        for (int i = 0; i < roots.size(); i++) {
            int root = toldRoots.contains(roots.get(i))
                    ? UNSEEN
                    : heap.index(roots.get(i).getId());
            if (root != UNSEEN && parents[root] == UNSEEN) {
                parents[root] = fromRoot(i);
                queue.add(root);
            }
        }
        while (!queue.isEmpty() && parents[wanted] == UNSEEN) {
            int from = queue.take();
            heap.references(heap.at(from), withSoft, (id, link, name, at) -> {
                int to = heap.index(id);
                if (to != UNSEEN && parents[to] == UNSEEN && !isTold(from, to)) {
                    parents[to] = from;
                    queue.add(to);
                }
            });
        }
        return parents[wanted] == UNSEEN ? Optional.empty() : Optional.of(back(parents, wanted));
    }

    private boolean isTold(int from, int to) {
        return !told.isEmpty() && told.contains(new Edge(from, to));
    }

    private Found back(int[] parents, int wanted) {
        List<Integer> objects = new ArrayList<>();
        int at = wanted;
        while (parents[at] >= 0) {
            objects.add(at);
            at = parents[at];
        }
        objects.add(at);
        Collections.reverse(objects);
        return new Found(roots.get(fromRoot(parents[at])), List.copyOf(objects));
    }

    /** A root's place in the list as a parent that is no object's, and back. */
    private static int fromRoot(int number) {
        return UNSEEN - 1 - number;
    }

    /** Objects that are to be looked at: in the order in which they came. */
    private static final class Queue {
        private int[] objects = new int[1 << 16];
        private int first;
        private int size;

        void add(int object) {
            if (size == objects.length) {
                int[] larger = new int[objects.length * 2];
                int tail = objects.length - first;
                System.arraycopy(objects, first, larger, 0, tail);
                System.arraycopy(objects, 0, larger, tail, first);
                objects = larger;
                first = 0;
            }
            // Its length is a power of two.
            objects[first + size & objects.length - 1] = object;
            size++;
        }

        int take() {
            int object = objects[first];
            first = first + 1 & objects.length - 1;
            size--;
            return object;
        }

        boolean isEmpty() {
            return size == 0;
        }
    }
}
