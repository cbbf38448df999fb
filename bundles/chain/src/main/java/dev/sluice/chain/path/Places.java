package dev.sluice.chain.path;

import java.util.List;
import java.util.stream.IntStream;

/** Sorted sets of place numbers. */
final class Places {

    private Places() {}

    static int[] union(int[] some, List<Integer> others) {
        if (others.isEmpty()) {
            return some;
        }
        return union(some, others.stream().mapToInt(Integer::intValue).toArray());
    }

    static int[] union(int[] some, int[] others) {
        return IntStream.concat(IntStream.of(some), IntStream.of(others))
                .sorted()
                .distinct()
                .toArray();
    }
}
