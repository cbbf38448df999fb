package dev.sluice.itests.leak;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The rows of the table. */
final class LeakPatterns {

    private LeakPatterns() {}

    /** {@return the rows that a JDK has what they need for; those first whose verdict takes longest} */
    static List<LeakPattern> leaky(int java) {
        return all().filter(row -> row.minimumJava() <= java)
                .sorted(Comparator.comparing((LeakPattern row) -> !row.isUnseen(java)))
                .toList();
    }

    /** {@return the rows that can be done right on a JDK} */
    static List<LeakPattern> clean(int java) {
        return all().filter(row -> row.twinsMinimumJava() <= java).toList();
    }

    private static Stream<LeakPattern> all() {
        return Stream.of(ThreadPatterns.ALL, RegistryPatterns.ALL, NeighbourPatterns.ALL, HarmlessPatterns.ALL)
                .flatMap(List::stream);
    }
}
