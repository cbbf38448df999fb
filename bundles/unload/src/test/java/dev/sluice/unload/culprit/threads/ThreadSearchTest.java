package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.ManagedTask;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class ThreadSearchTest {

    private final Fixture bundle = new Fixture();
    private final ThreadSearch search = new ThreadSearch();

    @Test
    void aThreadOfTheBundlesIsNamedWithItsClassAndFrameAndIsInterruptedWithoutItsOwnMethods() throws Exception {
        Thread thread = (Thread) bundle.call("poller", null);

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(Kind.THREAD);
            assertThat(finding.culprit().what())
                    .matches(
                            "thread \"poller\" \\(acme\\.Leaks\\$Poller\\) is (waiting|running) in acme\\.Leaks\\.rest\\(Leaks\\.java:\\d+\\)");
        });
        assertThat(bundle.clean(search))
                .containsExactly(
                        "interrupted thread \"poller\" (acme.Leaks$Poller), which the middleware has left running");
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(bundle.found(search)).isEmpty();
        thread = null;
        bundle.isCollected();
    }

    @Test
    void aThreadWithATargetOfTheBundlesIsNamedAndInterrupted() throws Exception {
        Thread thread = (Thread) bundle.call("target", null);

        assertThat(bundle.said(search))
                .singleElement()
                .asString()
                .matches(
                        "thread \"target\" \\(a lambda of acme\\.Leaks\\) is (waiting|running) in acme\\.Leaks\\.rest\\(Leaks\\.java:\\d+\\)");
        assertThat(bundle.goesWithin(1)).as("collected while it runs").isFalse();
        thread.interrupt();
        thread.join(10_000);
        // On JDK 21 and later a thread that has ended still refers to what it was made to run.
        thread = null;
        bundle.isCollected();
    }

    @Test
    void anExecutorWithAThreadFactoryOfTheBundlesIsShutDownOnce() throws Exception {
        ExecutorService executor = (ExecutorService) bundle.call("executor", null);

        assertThat(bundle.said(search))
                .singleElement()
                .asString()
                .startsWith(
                        "thread \"acme-worker\" and 1 more of an executor (java.util.concurrent.ThreadPoolExecutor) is ");
        bundle.clean(search);
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        executor = null;
        bundle.isCollected();
    }

    @Test
    void anExecutorOfOthersThatHasItsHandlerOfRejectedTasksIsOnlyNamed() throws Exception {
        ThreadPoolExecutor executor =
                (ThreadPoolExecutor) Executors.newFixedThreadPool(2, task -> new Thread(task, "theirs"));
        executor.prestartAllCoreThreads();
        executor.setRejectedExecutionHandler((RejectedExecutionHandler) bundle.call("rejecting", null));
        try {
            assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
                assertThat(finding.culprit().what())
                        .isEqualTo("the executor of thread \"theirs\" has the bundle's handler of rejected tasks"
                                + " (a lambda of acme.Leaks)");
                assertThat(finding.cleaning()).isEmpty();
            });
            assertThat(bundle.clean(search)).isEmpty();
            assertThat(executor.isShutdown()).isFalse();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aTaskThatTheContainerRunsForItIsNamedAsThat() throws Exception {
        CountDownLatch[] latches = {new CountDownLatch(1), new CountDownLatch(1)};
        ManagedTask task = () -> bundle.call("stay", latches);
        Thread thread = new Thread(null, task, "acme.shop-1", 0, false);
        thread.setContextClassLoader(bundle.loader());
        thread.start();
        latches[0].await();
        try {
            assertThat(bundle.said(search))
                    .singleElement()
                    .asString()
                    .startsWith("thread \"acme.shop-1\" of the container's executor is ")
                    .contains(" in acme.Leaks.")
                    .endsWith(", though it was interrupted when the bundle was released");
            assertThat(bundle.clean(search)).isEmpty();
            assertThat(bundle.found(new ContextClassLoaderSearch())).isEmpty();
        } finally {
            latches[1].countDown();
            thread.join();
        }
    }

    @Test
    void anExecutorThatIsShutDownInOrderDoesWhatIsQueuedAndIsOnlyNamed() throws Exception {
        CountDownLatch[] latches = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(2)};
        bundle.call("draining", latches);

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(Kind.ENDING);
            assertThat(finding.culprit().what())
                    .startsWith("thread \"acme-uploader\" of an executor (")
                    .endsWith("; the executor has been shut down, and ends when it has done the tasks that it has");
            assertThat(finding.cleaning()).isEmpty();
        });
        assertThat(bundle.clean(search)).isEmpty();
        latches[1].countDown();
        assertThat(latches[2].await(10, TimeUnit.SECONDS)).as("both done").isTrue();
        bundle.isCollected();
    }

    @Test
    void anExecutorThatIsShutDownInOrderBetweenSearchAndCleanUpIsLeftToItsTasks() throws Exception {
        ExecutorService executor = (ExecutorService) bundle.call("executor", null);
        List<Finding> found = bundle.found(search);
        executor.shutdown();

        assertThat(found.get(0).cleaning().orElseThrow().clean())
                .isEqualTo("found shut down the executor of thread \"acme-worker\"");
        assertThat(executor.awaitTermination(100, TimeUnit.MILLISECONDS)).isFalse();
        executor.shutdownNow();
    }

    @Test
    @Timeout(60)
    void anExecutorThatHangsInItsEndIsNotStoppedTwice() throws Exception {
        CountDownLatch[] latches = {new CountDownLatch(1), new CountDownLatch(1)};
        bundle.call("neverTerminated", latches);
        Finding running = bundle.found(search).get(0);
        // Whichever comes last calls what never comes back: the executor's thread, or the one that stops it.
        Thread cleanup = new Thread(() -> clean(running), "cleanup");
        cleanup.setDaemon(true);
        cleanup.start();
        assertThat(latches[0].await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(bundle.found(search)).isNotEmpty().allSatisfy(finding -> assertThat(finding.cleaning())
                .isEmpty());
        latches[1].countDown();
        cleanup.join();
    }

    @Test
    void aThreadOfOthersInsideTheBundleIsNamedAndLeftAlone() throws Exception {
        CountDownLatch[] latches = {new CountDownLatch(1), new CountDownLatch(1)};
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread request = new Thread(() -> bundle.call("stay", latches), "request");
        request.setUncaughtExceptionHandler((thread, e) -> ended.set(e));
        request.start();
        latches[0].await();

        List<Finding> found = bundle.found(search);
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().what())
                    .startsWith("thread \"request\" isn't the bundle's, and is ")
                    .contains(" in acme.Leaks.stay(Leaks.java:");
            assertThat(finding.cleaning()).isEmpty();
        });
        latches[1].countDown();
        request.join(10_000);
        assertThat(ended.get()).isNull();
        assertThat(bundle.found(search)).isEmpty();
    }

    @Test
    void theNextVersionWithClassesOfTheSameNamesIsNotTakenForThisOne() throws Exception {
        Fixture next = new Fixture();
        next.call("hostile", null);
        CountDownLatch[] latches = {new CountDownLatch(1), new CountDownLatch(1)};
        Thread request = new Thread(() -> next.call("stay", latches), "request");
        request.start();
        latches[0].await();
        bundle.call("hostile", null);

        assertThat(bundle.found(search)).isEmpty();
        assertThat(next.found(search)).hasSize(1);
        latches[1].countDown();
        request.join(10_000);
    }

    @Test
    void aHandlerOfUncaughtExceptionsOnAThreadOfOthersIsTakenAway() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(() -> await(end), "pooled");
        thread.start();
        bundle.call("handler", thread);

        assertThat(bundle.said(search))
                .containsExactly(
                        "thread \"pooled\" isn't the bundle's, and has its handler of uncaught exceptions (a lambda of acme.Leaks)");
        bundle.clean(search);
        bundle.isCollected();
        end.countDown();
        thread.join(10_000);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aParkedVirtualThreadIsNamedAndInterrupted() throws Exception {
        Thread thread = (Thread) bundle.call("virtual", null);

        assertThat(bundle.said(search))
                .singleElement()
                .asString()
                .contains("virtual thread \"\"")
                .contains("in acme.Leaks.");
        bundle.clean(search);
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
        thread = null;
        assertThat(bundle.found(search)).isEmpty();
        bundle.isCollected();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadOfAnExecutorIsNamedAndInterrupted() throws Exception {
        bundle.call("virtualExecutor", null);

        assertThat(bundle.said(search))
                .singleElement()
                .asString()
                .contains("virtual thread")
                .contains("in acme.Leaks.rest");
        bundle.clean(search);
        bundle.isCollected();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadThatHasEndedIsNoCulprit() throws Exception {
        bundle.call("virtualThatEnds", null);

        assertThat(bundle.found(search)).isEmpty();
        bundle.isCollected();
    }

    private static void clean(Finding finding) {
        try {
            finding.cleaning().orElseThrow().clean();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
