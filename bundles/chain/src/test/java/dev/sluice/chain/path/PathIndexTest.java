package dev.sluice.chain.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathIndexTest {

    // "Aa" and "BB" have one hash code.
    private static final String[] SEGMENTS = {
        "a", "b", "Aa", "BB", "AaBB", "BBAa", "x.y", "z.html", ".html", "c.", "ä", "..."
    };
    private static final String[] EXTENSIONS = {"y", "html", "gz", "Aa", "BB"};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsThePlacesThatAScanOfAllPatternsFinds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<List<PathPattern>> places = places(random);
            PathIndex<List<Integer>> index = new PathIndex<>(new PathTree(places));
            for (int i = 0; i < 40; i++) {
                String path = path(random);
                assertThat(found(index, path)).as("%s in %s", path, places).isEqualTo(scanned(places, path));
            }
        }
    }

    private static List<Integer> found(PathIndex<List<Integer>> index, String path) {
        return index.find(path).get(matching -> Arrays.stream(matching).boxed().toList());
    }

    private static List<Integer> scanned(List<List<PathPattern>> places, String path) {
        return IntStream.range(0, places.size())
                .filter(i -> places.get(i).stream().anyMatch(pattern -> pattern.matches(path)))
                .boxed()
                .toList();
    }

    private static List<List<PathPattern>> places(Random random) {
        List<List<PathPattern>> places = new ArrayList<>();
        for (int place = random.nextInt(12); place > 0; place--) {
            List<PathPattern> patterns = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                patterns.add(PathPattern.parse(pattern(random)));
            }
            places.add(patterns);
        }
        return places;
    }

    private static String pattern(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> "/*";
            case 1 -> "*." + EXTENSIONS[random.nextInt(EXTENSIONS.length)];
            case 2, 3 -> path(random);
            default -> {
                String path = path(random);
                yield (path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + "/*";
            }
        };
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        if (path.isEmpty() || random.nextInt(5) == 0) {
            path.append('/');
        }
        return path.toString();
    }

    private static Object noted(Collection<Object> made) {
        Object value = new Object();
        made.add(value);
        return value;
    }

    @Test
    void aTreeIsKeptAsLongAsItsPatternsAreTheSame() {
        PathTree tree = new PathTree(List.of(List.of(PathPattern.parse("/a/*")), List.of(PathPattern.parse("/b"))));
        assertThat(tree.over(List.of(List.of(PathPattern.parse("/a/*")), List.of(PathPattern.parse("/b")))))
                .isSameAs(tree);
        PathTree other = tree.over(List.of(List.of(PathPattern.parse("/b")), List.of(PathPattern.parse("/a/*"))));
        assertThat(found(new PathIndex<>(tree), "/a/x")).containsExactly(0);
        assertThat(found(new PathIndex<>(other), "/a/x")).containsExactly(1);
    }

    @Test
    void indexesOverOneTreeKeepTheirOwnValues() {
        PathTree tree = new PathTree(List.of(List.of(PathPattern.parse("/a/*"), PathPattern.parse("/exact"))));
        PathIndex<Object> one = new PathIndex<>(tree);
        PathIndex<Object> other = new PathIndex<>(tree);
        for (String path : List.of("/a/x", "/exact", "/")) {
            Object value = one.find(path).get(matching -> new Object());
            assertThat(other.find(path).get(matching -> new Object())).isNotSameAs(value);
            assertThat(one.find(path).get(matching -> new Object())).isSameAs(value);
        }
    }

    @Test
    void makesNoMoreCellsThanThePatternsAllowWhateverPathsComeIn() {
        PathIndex<Object> index = new PathIndex<>(new PathTree(List.of(
                List.of(PathPattern.parse("/a/b/*"), PathPattern.parse("*.html")),
                List.of(PathPattern.parse("/exact")))));
        Set<Object> made = Collections.newSetFromMap(new IdentityHashMap<>());
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            String path = random.nextInt(3) == 0 ? path(random) : "/a/b/" + random.nextLong() + ".html." + i;
            index.find(path).get(matching -> noted(made));
        }
        // Nodes "", "a" and "b", each with and without the extension; and one exact path.
        assertThat(made).hasSizeBetween(4, 3 * 2 + 1);
    }

    @Test
    void makesOneValueForACellWhenThreadsMeet() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 500; round++) {
                PathIndex<Object> index = new PathIndex<>(new PathTree(List.of(List.of(PathPattern.parse("/a/*")))));
                ConcurrentLinkedQueue<Object> made = new ConcurrentLinkedQueue<>();
                CyclicBarrier together = new CyclicBarrier(4);
                List<Future<Object>> got = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    got.add(threads.submit(() -> {
                        together.await();
                        return index.find("/a/x").get(matching -> noted(made));
                    }));
                }
                for (Future<Object> one : got) {
                    assertThat(one.get()).isSameAs(made.peek());
                }
                assertThat(made).hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
