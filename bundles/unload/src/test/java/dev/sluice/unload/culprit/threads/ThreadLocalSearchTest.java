package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit.Kind;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThreadLocalSearchTest {

    private static final ThreadLocal<Object> THEIRS = new ThreadLocal<>();
    private static final ThreadLocal<List<Object>> THEIR_LISTS = ThreadLocal.withInitial(ArrayList::new);
    private static final ThreadLocal<Map<String, Object>> CONTEXT = new InheritableThreadLocal<>() {
        @Override
        protected Map<String, Object> childValue(Map<String, Object> parent) {
            return parent;
        }
    };

    private final Fixture bundle = new Fixture();
    private final ThreadLocalSearch search = new ThreadLocalSearch();
    private final ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "pooled"));

    /** On JDK 17 a thread that is made in a call of the bundle's holds the bundle by that. */
    @BeforeEach
    void begin() throws Exception {
        on(() -> null);
    }

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    @Test
    void aValueOfTheBundlesIsNamedAndDropped() throws Exception {
        on(() -> bundle.call("plain", null));

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(Kind.THREAD_LOCAL);
            assertThat(finding.culprit().what())
                    .isEqualTo("a value of acme.Leaks$Hostile in a thread-local of thread \"pooled\"");
        });
        assertThat(bundle.clean(search))
                .containsExactly("dropped a value of acme.Leaks$Hostile in a thread-local of thread \"pooled\","
                        + " which the middleware has left behind");
        assertThat(bundle.found(search)).isEmpty();
        on(() -> null);
        bundle.isCollected();
    }

    @Test
    void aListWithSomethingOfTheBundlesIsNamedAndDropped() throws Exception {
        on(() -> bundle.call("list", null));

        assertThat(bundle.said(search))
                .containsExactly("a value of java.util.ArrayList, with acme.Leaks$Hostile in it,"
                        + " in a thread-local of thread \"pooled\"");
        bundle.clean(search);
        on(() -> null);
        bundle.isCollected();
    }

    @Test
    void aThreadLocalOfTheBundlesWithAnInitialValueGetsThatAnewAfterIt() throws Exception {
        on(() -> bundle.call("supplied", null));

        assertThat(bundle.clean(search)).hasSize(1);
        assertThat(on(() -> bundle.call("supplied", null))).isEqualTo(false);
        assertThat(bundle.clean(search)).hasSize(1);
        on(() -> null);
        bundle.isCollected();
    }

    @Test
    void aMapOfContextInAnInheritableOneIsNamedAndDropped() throws Exception {
        on(() -> {
            // The bytes come first: they are walked over, too.
            CONTEXT.set(Map.of("user", List.of(new byte[1], bundle.call("hostile", null)), "id", "4711"));
            return null;
        });

        assertThat(bundle.clean(search)).singleElement().asString().contains("with acme.Leaks$Hostile in it");
        assertThat(on(CONTEXT::get)).isNull();
        bundle.isCollected();
    }

    @Test
    void aThreadLocalOfOthersWithAnInitialValueIsOnlyNamed() throws Exception {
        on(() -> THEIR_LISTS.get().add(bundle.call("hostile", null)));

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> assertThat(finding.cleaning())
                .isEmpty());
        assertThat((List<?>) on(THEIR_LISTS::get)).hasSize(1);
    }

    @Test
    void aValueThatOthersShareIsOnlyNamed() throws Exception {
        on(() -> {
            THEIRS.set(new Object[] {bundle.call("hostile", null), new Theirs()});
            return null;
        });

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> assertThat(finding.cleaning())
                .isEmpty());
        assertThat(on(THEIRS::get)).isNotNull();
    }

    @Test
    void aValueThatWasSetMeanwhileIsNotDropped() throws Exception {
        on(() -> {
            THEIRS.set(bundle.call("hostile", null));
            return null;
        });
        var found = bundle.found(search);
        on(() -> {
            THEIRS.set("new");
            return null;
        });

        found.get(0).cleaning().orElseThrow().clean();

        assertThat(on(THEIRS::get)).isEqualTo("new");
    }

    @Test
    void aThreadLocalThatWasRemovedOrHasNothingOfTheBundlesIsNoCulprit() throws Exception {
        on(() -> bundle.call("removed", null));
        assertThat(bundle.found(search)).isEmpty();
        on(() -> bundle.call("text", null));
        assertThat(bundle.found(search)).isEmpty();
        on(() -> null);
        bundle.isCollected();
    }

    @Test
    void whatIsHeldSoftlyIsACacheAndIsDropped() throws Exception {
        on(() -> {
            THEIRS.set(new SoftReference<>(bundle.call("hostile", null)));
            return null;
        });

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(Kind.CACHE);
            assertThat(finding.culprit().what())
                    .isEqualTo("a value of java.lang.ref.SoftReference, with acme.Leaks$Hostile in it,"
                            + " in a thread-local of thread \"pooled\"");
        });
        bundle.clean(search);
        assertThat(on(THEIRS::get)).isNull();
        bundle.isCollected();
    }

    @Test
    void whatOthersHoldSoftlyStays() throws Exception {
        on(() -> {
            THEIRS.set(new SoftReference<>(new Theirs()));
            return null;
        });

        assertThat(bundle.found(search)).isEmpty();
        on(() -> {
            THEIRS.set(new TheirReference(bundle.call("hostile", null)));
            return null;
        });
        assertThat(bundle.found(search)).isEmpty();
    }

    private Object on(Callable<?> work) throws Exception {
        return pool.submit(work).get();
    }

    private static final class Theirs {}

    /** May have more to it than what it refers to. */
    private static final class TheirReference extends SoftReference<Object> {
        TheirReference(Object referent) {
            super(referent);
        }
    }
}
