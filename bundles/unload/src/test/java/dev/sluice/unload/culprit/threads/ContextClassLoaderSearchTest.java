package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class ContextClassLoaderSearchTest {

    private final Fixture bundle = new Fixture();
    private final ContextClassLoaderSearch search = new ContextClassLoaderSearch();
    private final ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "pooled"));

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    @Test
    void aPooledThreadThatKeepsItIsNamedAndReset() throws Exception {
        set(bundle.loader());

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(Kind.CONTEXT_CLASS_LOADER);
            assertThat(finding.culprit().what())
                    .isEqualTo(
                            "thread \"pooled\" isn't the bundle's, and has its class loader as context class loader");
        });
        assertThat(bundle.clean(search))
                .containsExactly(
                        "reset the context class loader of thread \"pooled\", on which the middleware has left its own");
        assertThat(get()).isSameAs(ClassLoader.getSystemClassLoader());
        bundle.isCollected();
    }

    @Test
    void oneThatWasSetMeanwhileIsNotOverwritten() throws Exception {
        ClassLoader other = new ClassLoader(null) {};
        set(bundle.loader());
        List<Finding> found = bundle.found(search);
        set(other);

        found.get(0).cleaning().orElseThrow().clean();

        assertThat(get()).isSameAs(other);
    }

    @Test
    void oneThatWasSetBackIsNoCulprit() throws Exception {
        set(bundle.loader());
        set(null);

        assertThat(bundle.found(search)).isEmpty();
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void aThreadOfOthersThatWasMadeInACallOfTheBundlesIsNamedAndForgetsIt() throws Exception {
        bundle.call("grow", pool);

        assertThat(bundle.said(search))
                .containsExactly(
                        "thread \"pooled\" was made in a call of the bundle's, and keeps that in its inherited access control context");
        bundle.clean(search);
        assertThat(bundle.found(search)).isEmpty();
        get();
        bundle.isCollected();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void aThreadThatWasMadeInACallOfTheBundlesIsNoCulpritWhereThreadsKeepNoSuchThing() throws Exception {
        bundle.call("grow", pool);
        get();

        assertThat(bundle.found(search)).isEmpty();
        bundle.isCollected();
    }

    private void set(ClassLoader loader) throws InterruptedException, ExecutionException {
        pool.submit(() -> Thread.currentThread().setContextClassLoader(loader)).get();
    }

    /** Also has the thread come by once more: its queue may still refer to what it ran last. */
    private ClassLoader get() throws InterruptedException, ExecutionException {
        return pool.submit((Callable<ClassLoader>) () -> Thread.currentThread().getContextClassLoader())
                .get();
    }
}
