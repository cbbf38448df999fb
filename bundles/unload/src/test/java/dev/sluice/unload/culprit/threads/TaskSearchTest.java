package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TaskSearchTest {

    private final Fixture bundle = new Fixture();
    private final TaskSearch search = new TaskSearch();

    @Test
    void aScheduledTaskInAnExecutorOfOthersIsCancelledAndTheirsIsNot() throws Exception {
        ScheduledThreadPoolExecutor others = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "scheduler"));
        others.prestartAllCoreThreads();
        ScheduledFuture<?> theirs = others.schedule(() -> {}, 1, TimeUnit.HOURS);
        Future<?> its = (Future<?>) bundle.call("schedule", others);

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(Kind.PENDING_TASK);
            assertThat(finding.culprit().what())
                    .isEqualTo("a task (a lambda of acme.Leaks) that waits in the executor of thread \"scheduler\"");
        });
        bundle.clean(search);
        assertThat(its.isCancelled()).isTrue();
        assertThat(theirs.isCancelled()).isFalse();
        assertThat(others.getQueue()).containsExactly((Runnable) theirs);
        its = null;
        others.submit(() -> {}).get();
        bundle.isCollected();
        others.shutdownNow();
    }

    @Test
    void aRunnableThatWaitsForAThreadIsTakenFromTheQueueWithoutItsOwnMethods() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        ThreadPoolExecutor others = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        others.execute(() -> ThreadSearchTest.await(end));
        CountDownLatch ran = new CountDownLatch(2);
        others.execute(ran::countDown);
        bundle.call("execute", others);
        others.execute(ran::countDown);

        assertThat(bundle.clean(search)).singleElement().asString().contains("acme.Leaks$Job");
        assertThat(others.getQueue()).hasSize(2);
        end.countDown();
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        others.shutdown();
        bundle.isCollected();
    }

    @Test
    void aTaskThatCompletableFutureDelaysIsCancelled() throws Exception {
        CompletableFuture<Void> theirs =
                CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.HOURS));
        bundle.call("delay", null);

        assertThat(bundle.said(search))
                .singleElement()
                .asString()
                .startsWith("a task (a lambda of acme.Leaks) that waits in the");
        bundle.clean(search);
        assertThat(bundle.found(search)).isEmpty();
        assertThat(theirs).isNotDone();
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS))
                .get(10, TimeUnit.SECONDS);
        bundle.isCollected();
    }

    @Test
    void aTaskThatWaitsForAThreadOfAForkJoinPoolIsCancelledWithoutItsOwnMethods() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        ForkJoinPool others = new ForkJoinPool(1);
        others.execute(() -> {
            busy.countDown();
            ThreadSearchTest.await(end);
        });
        busy.await();
        bundle.call("execute", others);
        Future<?> theirs = others.submit(() -> {});

        assertThat(bundle.clean(search)).singleElement().asString().contains("acme.Leaks$Job");
        end.countDown();
        theirs.get(10, TimeUnit.SECONDS);
        bundle.isCollected();
        others.shutdown();
    }

    @Test
    void aTaskOfOthersOnWhichTheBundleWaitsIsNamedAndNotCancelled() throws Exception {
        ScheduledThreadPoolExecutor others = new ScheduledThreadPoolExecutor(1);
        others.prestartAllCoreThreads();
        CompletableFuture<Object> theirs = new CompletableFuture<>();
        others.schedule(() -> theirs.complete("done"), 1, TimeUnit.HOURS);
        bundle.call("depend", theirs);

        assertThat(bundle.found(search)).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().what()).startsWith("a task of others (");
            assertThat(finding.cleaning()).isEmpty();
        });
        others.shutdownNow();
    }

    @Test
    void aTaskOfTheContainersOwnThatLeadsToTheBundleIsNotNamed() throws Exception {
        // Its thread factory is of a class in a package of the container's.
        ScheduledThreadPoolExecutor ours = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "sluice-drain"));
        ours.prestartAllCoreThreads();
        CompletableFuture<Object> theirs = new CompletableFuture<>();
        ours.schedule(() -> theirs.complete("done"), 1, TimeUnit.HOURS);
        bundle.call("depend", theirs);

        assertThat(bundle.found(search)).isEmpty();
        ours.shutdownNow();
    }

    @Test
    void tasksThatWereCancelledOrHaveRunAreNoCulprits() throws Exception {
        ScheduledThreadPoolExecutor others = new ScheduledThreadPoolExecutor(1);
        others.prestartAllCoreThreads();
        others.setRemoveOnCancelPolicy(true);
        ((Future<?>) bundle.call("schedule", others)).cancel(false);
        bundle.call("grow", others);

        List<Finding> found = bundle.found(search);

        assertThat(found).isEmpty();
        others.submit(() -> {}).get();
        bundle.isCollected();
        others.shutdownNow();
    }
}
