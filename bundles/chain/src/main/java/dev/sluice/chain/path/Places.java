package dev.sluice.chain.path;

import java.util.Arrays;
import java.util.List;

/** Sorted sets of place numbers. */
final class Places {

    static final int[] NONE = {};

    private Places() {}

    /** {@return the places of both} Both are in ascending order; the list may name a place more than once. */
    static int[] union(int[] some, List<Integer> others) {
        return others.isEmpty()
                ? some
                : union(some, others.stream().mapToInt(Integer::intValue).toArray());
    }

    static int[] union(int[] some, int[] others) {
        int[] all = new int[some.length + others.length];
        int size = 0;
        for (int i = 0, j = 0; i < some.length || j < others.length; ) {
            boolean first = j == others.length || i < some.length && some[i] <= others[j];
            int place = first ? some[i++] : others[j++];
            if (size == 0 || all[size - 1] != place) {
                all[size++] = place;
            }
        }
        return Arrays.copyOf(all, size);
    }
}
