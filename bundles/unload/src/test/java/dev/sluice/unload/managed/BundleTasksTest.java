package dev.sluice.unload.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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

        List<Object> seen = tasks().submit(() -> {
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
    void theContextClassLoaderIsResetWhateverATaskDoes() throws Exception {
        BundleTasks tasks = tasks();
        Thread failed = onThread(tasks, () -> {
            throw new IllegalStateException("failed");
        });
        Thread set = onThread(tasks, () -> Thread.currentThread().setContextClassLoader(loader));

        failed.join();
        set.join();

        assertThat(failed.getContextClassLoader()).isSameAs(BundleTasks.class.getClassLoader());
        assertThat(set.getContextClassLoader()).isSameAs(BundleTasks.class.getClassLoader());
    }

    private static Thread onThread(BundleTasks tasks, Runnable task) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        tasks.execute(() -> {
            thread.complete(Thread.currentThread());
            task.run();
        });
        return thread.get();
    }

    @Test
    void theTimersThreadHasNothingOfWhoeverAsksFirstAndForgetsWhatIsCancelled() throws Exception {
        INHERITED.set("of the request");
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        ScheduledThreadPoolExecutor timer = Threads.timer("acme.shop");
        try {
            current.setContextClassLoader(loader);
            Thread thread = timer.submit(Thread::currentThread).get();
            assertThat(thread.getContextClassLoader()).isSameAs(BundleTasks.class.getClassLoader());
            assertThat(timer.submit(INHERITED::get).get()).isNull();
            timer.schedule(() -> {}, 1, TimeUnit.HOURS).cancel(false);
            assertThat(timer.getQueue()).isEmpty();
        } finally {
            current.setContextClassLoader(before);
            timer.shutdownNow();
        }
    }

    @Test
    void tasksMayWaitForEachOther() throws Exception {
        BundleTasks tasks = tasks();
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
        BundleTasks tasks = tasks(Threads.PLATFORM);
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < Threads.PLATFORM.most(); i++) {
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
        ScheduledFuture<?> repeated = tasks().scheduleWithFixedDelay(
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
    void whatATaskThrowsIsToldHoweverItWasGiven() throws Exception {
        BundleTasks tasks = tasks();
        try (Said said = new Said(Failures.class)) {
            tasks.execute(() -> {
                throw new IllegalStateException("executed");
            });
            tasks.submit(() -> {
                throw new IllegalStateException("submitted");
            });
            tasks.schedule(
                    () -> {
                        throw new IllegalStateException("scheduled");
                    },
                    0,
                    TimeUnit.SECONDS);
            CountDownLatch ran = new CountDownLatch(1);
            tasks.scheduleAtFixedRate(
                    () -> {
                        ran.countDown();
                        throw new IllegalStateException("repeated");
                    },
                    0,
                    1,
                    TimeUnit.HOURS);
            ran.await();
            Future<?> interrupted = tasks.submit(() -> {
                throw new InterruptedException("by nobody of ours");
            });
            assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
            tasks.release();
            assertThat(said.lines())
                    .anyMatch(line -> line.contains("executed"))
                    .anyMatch(line -> line.contains("submitted"))
                    .anyMatch(line -> line.contains("scheduled"))
                    .anyMatch(line -> line.contains("repeated"))
                    .anyMatch(line -> line.contains("by nobody of ours"))
                    .hasSize(5)
                    .allMatch(line -> line.startsWith("WARNING A task of acme.shop failed: "));
        }
    }

    @Test
    void whatIsThrownSinceATaskIsToEndIsntTold() throws Exception {
        BundleTasks tasks = tasks();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(2);
        try (Said said = new Said(Failures.class)) {
            Future<?> cancelled = tasks.submit(() -> {
                begun.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("cancelled", e);
                }
            });
            Future<?> shutDown = tasks.submit(() -> {
                begun.countDown();
                never.await();
                return null;
            });
            begun.await();
            cancelled.cancel(true);
            tasks.shutdownNow();
            assertThatThrownBy(shutDown::get).hasCauseInstanceOf(InterruptedException.class);
            assertThat(tasks.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said.lines()).isEmpty();
        }
    }

    @Test
    void whatFailedAgainInAKnownWayIsToldWithTheRelease() throws Exception {
        BundleTasks tasks = tasks();
        try (Said said = new Said(Failures.class)) {
            for (int i = 0; i < 3; i++) {
                Future<?> failing = tasks.submit(() -> {
                    throw new IllegalStateException("no");
                });
                assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
            }
            assertThat(said.lines()).hasSize(1);
            tasks.release();
            assertThat(said.lines()).hasSize(2);
            assertThat(said.lines().get(1)).contains("failed 2 times more");
        }
    }

    @Test
    void noTimeBetweenTwoRunsIsRefused() {
        assertThatThrownBy(() -> tasks().scheduleAtFixedRate(() -> {}, 0, 0, TimeUnit.SECONDS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tasks().scheduleWithFixedDelay(() -> {}, 0, -1, TimeUnit.SECONDS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shutDownByTheAuthorCancelsWhatWaits() throws Exception {
        BundleTasks tasks = tasks();
        ScheduledFuture<?> later = tasks.schedule(() -> {}, 1, TimeUnit.HOURS);
        tasks.shutdown();
        assertThat(later.isCancelled()).isTrue();
        assertThat(tasks.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> tasks.submit(() -> {})).hasMessageContaining("acme.shop has shut its executor down");
    }

    @Test
    void shutDownAtOnceInterruptsWhatRunsAndReturnsWhatWaits() throws Exception {
        BundleTasks tasks = tasks();
        ScheduledFuture<?> later = tasks.schedule(() -> {}, 1, TimeUnit.HOURS);
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> running = tasks.submit(() -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        begun.await();
        List<Runnable> never = tasks.shutdownNow();
        assertThat(never).containsExactly((Runnable) later);
        assertThat(later.isCancelled()).isTrue();
        assertThatThrownBy(running::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(tasks.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void awaitingTheEndGivesUpAfterTheTimeAsked() throws Exception {
        BundleTasks tasks = tasks();
        CountDownLatch end = new CountDownLatch(1);
        tasks.submit(() -> end.await(30, TimeUnit.SECONDS));
        tasks.shutdown();
        assertThat(tasks.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(tasks.isTerminated()).isFalse();
        end.countDown();
        assertThat(tasks.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /**
     * Tasks of all sorts come from four threads until it is released: each runs before the release ends, or is refused. They are few,
     * as a thread of the operating system is started no sooner than it gets its turn, which is late on a busy machine.
     */
    @Test
    void noTaskRunsAfterTheReleaseAndNoneIsLost() throws Exception {
        for (int round = 0; round < 10; round++) {
            BundleTasks tasks = tasks();
            AtomicBoolean released = new AtomicBoolean();
            AtomicInteger late = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger executed = new AtomicInteger();
            ConcurrentLinkedQueue<Future<?>> futures = new ConcurrentLinkedQueue<>();
            Runnable task = () -> {
                ran.incrementAndGet();
                if (released.get()) {
                    late.incrementAndGet();
                }
            };
            CountDownLatch begun = new CountDownLatch(8);
            List<Thread> authors = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread author = new Thread(() -> {
                    for (int n = 0; !tasks.isShutdown(); n++) {
                        try {
                            futures.add(tasks.schedule(task, n % 3, TimeUnit.MICROSECONDS));
                            futures.add(tasks.submit(task));
                            tasks.execute(task);
                            executed.incrementAndGet();
                        } catch (RejectedExecutionException e) {
                            // It is being released, or all threads are in use.
                        }
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
            assertThat(futures).isNotEmpty().allMatch(Future::isDone);
            assertThat(late).hasValue(0);
            assertThat(ran.get() - succeeded(futures)).isEqualTo(executed.get());
        }
    }

    @Test
    void afterTheReleaseNothingHoldsTheClassLoader() throws Exception {
        BundleTasks tasks;
        WeakReference<ClassLoader> gone;
        {
            ClassLoader own = new URLClassLoader(new URL[0], null);
            gone = new WeakReference<>(own);
            tasks = new BundleTasks(
                    "acme.shop",
                    own,
                    Threads.best(),
                    System::nanoTime,
                    Threads.timer("acme.shop"),
                    () -> Duration.ofSeconds(30));
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

    private BundleTasks tasks() {
        return tasks(Threads.best());
    }

    private BundleTasks tasks(Threads threads) {
        BundleTasks tasks = new BundleTasks(
                "acme.shop",
                loader,
                threads,
                System::nanoTime,
                Threads.timer("acme.shop"),
                () -> Duration.ofSeconds(30));
        made.add(tasks);
        return tasks;
    }
}
