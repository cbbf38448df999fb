package dev.sluice.unload.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BundleTasksTest {

    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

    private final List<BundleTasks> made = new ArrayList<>();
    private final ClassLoader loader = new URLClassLoader(new URL[0], null);

    @AfterEach
    void release() {
        made.forEach(BundleTasks::release);
        INHERITED.remove();
    }

    @Test
    void aTaskRunsOnAThreadWithTheBundlesNameAndClassLoader() throws Exception {
        INHERITED.set("of the request");

        List<Object> seen = tasks(Duration.ofSeconds(5))
                .submit(() -> {
                    List<Object> all = new ArrayList<>();
                    all.add(Thread.currentThread().getName());
                    all.add(Thread.currentThread().getContextClassLoader());
                    all.add(Thread.currentThread().isDaemon());
                    all.add(INHERITED.get());
                    return all;
                })
                .get();

        assertThat(seen).containsExactly("acme.shop-1", loader, true, null);
    }

    @Test
    void tasksMayWaitForEachOther() throws Exception {
        BundleTasks tasks = tasks(Duration.ofSeconds(5));
        CyclicBarrier all = new CyclicBarrier(100);
        List<Future<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(tasks.submit(() -> all.await()));
        }
        for (Future<Integer> one : waiting) {
            assertThat(one.get()).isBetween(0, 99);
        }
    }

    @Test
    void moreTasksThanThreadsOfTheOperatingSystemAreAllowedIsSaid() {
        BundleTasks tasks = tasks(Threads.PLATFORM, Duration.ofMillis(1));
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < BundleTasks.MOST_ON_PLATFORM; i++) {
            tasks.submit(() -> end.await(30, TimeUnit.SECONDS));
        }
        assertThatThrownBy(() -> tasks.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("acme.shop has 500 tasks running");
        ScheduledFuture<?> timed = tasks.schedule(() -> {}, 0, TimeUnit.SECONDS);
        assertThatThrownBy(timed::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(RejectedExecutionException.class);
        end.countDown();
    }

    @Test
    void aRepeatedTaskThatThrowsIsRunAgain() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        ScheduledFuture<?> repeated = tasks(Duration.ofSeconds(5))
                .scheduleWithFixedDelay(
                        () -> {
                            thrice.countDown();
                            throw new IllegalStateException("once more");
                        },
                        0,
                        1,
                        TimeUnit.MILLISECONDS);
        assertThat(thrice.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(repeated.isDone()).isFalse();
        repeated.cancel(false);
    }

    @Test
    void releaseCancelsWhatWaitsAndAwaitsWhatRuns() throws Exception {
        BundleTasks tasks = tasks(Duration.ofSeconds(30));
        ScheduledFuture<?> later = tasks.schedule(() -> {}, 1, TimeUnit.HOURS);
        ScheduledFuture<?> repeated = tasks.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<String> running = tasks.submit(() -> {
            begun.countDown();
            end.await();
            return "done";
        });
        begun.await();
        Thread releasing = new Thread(tasks::release);
        releasing.start();
        assertThatThrownBy(later::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(repeated::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> tasks.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("acme.shop is being released");
        assertThat(releasing.isAlive()).isTrue();
        end.countDown();
        releasing.join();
        assertThat(running.get()).isEqualTo("done");
        assertThat(tasks.isTerminated()).isTrue();
    }

    @Test
    void releaseInterruptsWhatGoesOnPastTheTimeout() throws Exception {
        BundleTasks tasks = tasks(Duration.ofMillis(10));
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        tasks.execute(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        begun.await();
        tasks.release();
        assertThat(interrupted).isTrue();
        assertThat(tasks.isTerminated()).isTrue();
    }

    @Test
    void aTaskThatBringsAboutTheReleaseIsNotAwaited() throws Exception {
        BundleTasks tasks = tasks(Duration.ofHours(1));
        assertThat(tasks.submit(() -> {
                            tasks.release();
                            return "released";
                        })
                        .get(30, TimeUnit.SECONDS))
                .isEqualTo("released");
    }

    @Test
    void shutDownByTheAuthorCancelsWhatWaits() throws Exception {
        BundleTasks tasks = tasks(Duration.ofSeconds(5));
        ScheduledFuture<?> later = tasks.schedule(() -> {}, 1, TimeUnit.HOURS);
        tasks.shutdown();
        assertThat(later.isCancelled()).isTrue();
        assertThat(tasks.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> tasks.submit(() -> {})).hasMessageContaining("acme.shop has shut its executor down");
    }

    /** Tasks of all sorts come from four threads while it is released: each runs before the release ends, or is refused. */
    @Test
    void noTaskRunsAfterTheReleaseAndNoneIsLost() throws Exception {
        for (int round = 0; round < 200; round++) {
            BundleTasks tasks = tasks(Duration.ofSeconds(30));
            AtomicBoolean released = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger accepted = new AtomicInteger();
            AtomicBoolean refused = new AtomicBoolean();
            ConcurrentLinkedQueue<Future<?>> futures = new ConcurrentLinkedQueue<>();
            Runnable task = () -> {
                ran.incrementAndGet();
                if (released.get()) {
                    late.incrementAndGet();
                }
            };
            CountDownLatch begun = new CountDownLatch(4);
            List<Thread> authors = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread author = new Thread(() -> {
                    try {
                        for (int n = 0; n < 10_000; n++) {
                            futures.add(tasks.schedule(task, n % 3, TimeUnit.MICROSECONDS));
                            futures.add(tasks.submit(task));
                            tasks.execute(task);
                            accepted.incrementAndGet();
                            if (n == 5) {
                                begun.countDown();
                            }
                        }
                    } catch (RejectedExecutionException e) {
                        refused.set(e.getMessage().contains("is being released"));
                        begun.countDown();
                    }
                });
                authors.add(author);
                author.start();
            }
            begun.await();
            tasks.release();
            released.set(true);
            for (Thread author : authors) {
                author.join();
            }
            int done = 0;
            for (Future<?> future : futures) {
                assertThat(future.isDone()).isTrue();
                done += future.isCancelled() ? 0 : 1;
            }
            assertThat(late).hasValue(0);
            // Each author may have been refused at any of the three sorts: only what execute took is known to within
            // four.
            assertThat(ran.get() - succeeded(futures)).isBetween(accepted.get(), accepted.get() + 4);
            assertThat(done).isGreaterThan(0);
        }
    }

    @Test
    void afterTheReleaseNothingHoldsTheClassLoader() throws Exception {
        BundleTasks tasks;
        WeakReference<ClassLoader> gone;
        {
            ClassLoader own = new URLClassLoader(new URL[0], null);
            gone = new WeakReference<>(own);
            tasks = new BundleTasks("acme.shop", own, Threads.best(), () -> Duration.ofSeconds(5));
            own = null;
        }
        tasks.submit(() -> {}).get();
        tasks.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get();
        tasks.schedule(() -> {}, 1, TimeUnit.HOURS);
        tasks.scheduleAtFixedRate(() -> {}, 0, 1, TimeUnit.MILLISECONDS);
        tasks.release();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (gone.get() != null && System.nanoTime() - until < 0) {
            System.gc();
        }
        assertThat(gone.get()).isNull();
        assertThat(tasks.isTerminated()).isTrue();
    }

    private static int succeeded(Iterable<Future<?>> futures) {
        int count = 0;
        for (Future<?> future : futures) {
            try {
                if (!future.isCancelled()) {
                    future.get(0, TimeUnit.SECONDS);
                    count++;
                }
            } catch (ExecutionException e) {
                // a timed task that found all threads in use
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return count;
    }

    private BundleTasks tasks(Duration timeout) {
        return tasks(Threads.best(), timeout);
    }

    private BundleTasks tasks(Threads threads, Duration timeout) {
        BundleTasks tasks = new BundleTasks("acme.shop", loader, threads, () -> timeout);
        made.add(tasks);
        return tasks;
    }
}
