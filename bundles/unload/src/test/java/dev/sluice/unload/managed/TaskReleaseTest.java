package dev.sluice.unload.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskReleaseTest {

    private final TestTimer timer = new TestTimer();
    private final Said said = new Said(Release.class);
    private final Semaphore begun = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void end() {
        end.countDown();
        said.close();
    }

    @Test
    void cancelsWhatWaitsAndAwaitsWhatRuns() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        ScheduledFuture<?> later = tasks.schedule(() -> {}, 1, TimeUnit.HOURS);
        ScheduledFuture<?> repeated = tasks.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
        Future<String> running = tasks.submit(() -> {
            end.await();
            return "done";
        });
        Thread releasing = releasing(tasks);
        assertThatThrownBy(later::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(repeated::get).isInstanceOf(CancellationException.class);
        timer.awaitAlarm();
        assertThatThrownBy(() -> tasks.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("acme.shop is being released");
        timer.pass(Duration.ofNanos(Duration.ofSeconds(5).toNanos() - 1));
        end.countDown();
        releasing.join();
        assertThat(running.get()).isEqualTo("done");
        assertThat(tasks.isTerminated()).isTrue();
        assertThat(timer.isShutdown()).isTrue();
        assertThat(timer.waiting()).isZero();
        assertThat(said.lines()).isEmpty();
    }

    @Test
    void whatRunsAsItsTimeHadComeIsAwaitedToo() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        Future<String> running = tasks.schedule(
                () -> {
                    begun.release();
                    end.await();
                    return "done";
                },
                1,
                TimeUnit.SECONDS);
        timer.pass(Duration.ofSeconds(1));
        begun.acquire();
        Thread releasing = releasing(tasks);
        timer.awaitAlarm();
        end.countDown();
        releasing.join();
        assertThat(running.get()).isEqualTo("done");
    }

    @Test
    void anotherReleaseInterruptsWhatGoesOnOnceMore() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        Semaphore interrupted = new Semaphore(0);
        tasks.execute(() -> {
            while (end.getCount() > 0) {
                if (isInterrupted()) {
                    interrupted.release();
                }
            }
        });
        begun.acquire();
        Thread releasing = releasing(tasks);
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(5));
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(1));
        releasing.join();
        interrupted.acquire();
        // By now it has no timer.
        tasks.release();
        interrupted.acquire();
        assertThat(said.lines()).hasSize(4);
    }

    /** All wait for the book while a thread is made: who came before the release is refused all the same, and doesn't come again. */
    @Test
    void isNotPutOffByTasksThatComeAllTheTime() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LateThreads late = new LateThreads();
        BundleTasks tasks = tasks(new Threads(Integer.MAX_VALUE, (name, task) -> {
            made.incrementAndGet();
            first.countDown();
            await(goOn);
            return late.unstarted(name, task);
        }));
        Future<?> due = tasks.schedule(() -> {}, 1, TimeUnit.SECONDS);
        AtomicBoolean refused = new AtomicBoolean();
        Thread author = new Thread(() -> tasks.execute(() -> {}));
        author.start();
        first.await();
        Thread other = waitsForTheBook(() -> {
            try {
                tasks.execute(() -> {});
            } catch (RejectedExecutionException e) {
                refused.set(true);
            }
        });
        Thread timing = waitsForTheBook(() -> timer.pass(Duration.ofSeconds(1)));
        Thread releasing = waitsForTheBook(tasks::release);
        goOn.countDown();
        author.join();
        other.join();
        timing.join();
        assertThat(made).as("tasks before the release").hasValue(1);
        assertThat(refused).isTrue();
        assertThatThrownBy(due::get).isInstanceOf(CancellationException.class);
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(5));
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(1));
        releasing.join();
    }

    private static Thread waitsForTheBook(Runnable task) {
        Thread thread = new Thread(task);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void interruptsWhatGoesOnPastTheTimeout() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        AtomicBoolean interrupted = new AtomicBoolean();
        tasks.execute(() -> interrupted.set(isInterrupted()));
        begun.acquire();
        Thread releasing = releasing(tasks);
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(5));
        releasing.join();
        assertThat(interrupted).isTrue();
        assertThat(tasks.isTerminated()).isTrue();
        assertThat(said.lines())
                .containsExactly(
                        "INFO Tasks of acme.shop run on 5000 ms after it has stopped, and are interrupted: thread \"acme.shop-1\"");
    }

    @Test
    void namesWhatGoesOnAlthoughInterrupted() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        CountDownLatch interrupted = new CountDownLatch(1);
        tasks.execute(() -> {
            isInterrupted();
            interrupted.countDown();
            isInterrupted();
        });
        begun.acquire();
        Thread releasing = releasing(tasks);
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(5));
        interrupted.await();
        timer.awaitAlarm();
        assertThat(said.lines()).hasSize(1);
        timer.pass(Duration.ofSeconds(1));
        releasing.join();
        assertThat(said.lines()).hasSize(2);
        assertThat(said.lines().get(1))
                .startsWith("WARNING acme.shop is stopped, but tasks of it go on although interrupted:"
                        + " thread \"acme.shop-1\".");
        assertThat(tasks.isTerminated()).isFalse();
        end.countDown();
        assertThat(tasks.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTaskWhoseThreadComesTooLateIsntRunAndIsSaid() throws Exception {
        LateThreads late = new LateThreads();
        BundleTasks tasks = tasks(new Threads(10, late));
        AtomicBoolean ran = new AtomicBoolean();
        Future<?> task = tasks.submit(() -> ran.set(true));
        // Has no future that could be cancelled.
        tasks.execute(() -> ran.set(true));
        Thread releasing = releasing(tasks);
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(5));
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(1));
        releasing.join();
        assertThat(task.isCancelled()).isTrue();
        assertThat(tasks.isTerminated()).isTrue();
        assertThat(said.lines())
                .contains(
                        "WARNING Tasks of acme.shop weren't run (2): the bundle was released before their threads got to run");
        late.arrive();
        assertThat(ran).isFalse();
    }

    @Test
    void aTaskThatBringsAboutTheReleaseIsNotAwaited() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        assertThat(tasks.submit(() -> {
                            tasks.release();
                            return "released";
                        })
                        .get(30, TimeUnit.SECONDS))
                .isEqualTo("released");
    }

    @Test
    void nothingLeadsBackFromTheRelease() {
        BundleTasks tasks = tasks(Threads.best());
        tasks.release();
        tasks.shutdown();
        assertThat(tasks.shutdownNow()).isEmpty();
        assertThatThrownBy(() -> tasks.schedule(() -> {}, 1, TimeUnit.SECONDS))
                .hasMessageContaining("is being released");
    }

    @Test
    void withoutAThreadForTheTimerTasksAreInterruptedAtOnce() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        AtomicBoolean interrupted = new AtomicBoolean();
        Future<?> task = tasks.submit(() -> interrupted.set(isInterrupted()));
        begun.acquire();
        timer.exhaust();
        tasks.release();
        task.get();
        assertThat(interrupted).isTrue();
    }

    @Test
    void whoReleasesIsInterruptedStillAndTasksAreInterruptedAtOnce() throws Exception {
        BundleTasks tasks = tasks(Threads.best());
        AtomicBoolean interrupted = new AtomicBoolean();
        Future<?> task = tasks.submit(() -> interrupted.set(isInterrupted()));
        begun.acquire();
        Thread.currentThread().interrupt();
        tasks.release();
        assertThat(Thread.interrupted()).isTrue();
        task.get();
        assertThat(interrupted).isTrue();
    }

    /** An interrupt closes the channel its thread waits in: code of the bundle, which may ask the executor from other threads. */
    @Test
    void aChannelThatIsClosedByTheInterruptMayAskTheExecutor() throws Exception {
        BundleTasks tasks = tasks(Threads.PLATFORM);
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        tasks.execute(() -> new Waiting(() -> answer.complete(CompletableFuture.supplyAsync(tasks::isTerminated)
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join()))
                .await());
        begun.acquire();
        Thread releasing = releasing(tasks);
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(5));
        assertThat(answer.get(30, TimeUnit.SECONDS)).as("is terminated").isFalse();
        releasing.join();
    }

    @Test
    void aChannelThatThrowsWhenItIsClosedKeepsNoOtherTaskFromItsInterrupt() throws Exception {
        BundleTasks tasks = tasks(Threads.PLATFORM);
        List<String> ended = new CopyOnWriteArrayList<>();
        tasks.execute(() -> {
            new Waiting(() -> {
                        throw new IllegalStateException("no");
                    })
                    .await();
            ended.add("first");
        });
        begun.acquire();
        tasks.execute(() -> {
            isInterrupted();
            ended.add("second");
        });
        begun.acquire();
        Thread releasing = releasing(tasks);
        timer.awaitAlarm();
        timer.pass(Duration.ofSeconds(5));
        releasing.join();
        assertThat(ended).contains("second");
    }

    private static Thread releasing(BundleTasks tasks) {
        Thread releasing = new Thread(tasks::release);
        releasing.start();
        return releasing;
    }

    /** Waits for the end of the test. */
    private boolean isInterrupted() {
        begun.release();
        try {
            end.await();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private BundleTasks tasks(Threads threads) {
        return new BundleTasks(
                "acme.shop",
                TaskReleaseTest.class.getClassLoader(),
                threads,
                timer::nanos,
                timer,
                () -> Duration.ofSeconds(5));
    }

    /** A channel that is waited in until it is closed. */
    private final class Waiting extends AbstractInterruptibleChannel {

        private final Runnable closing;

        private final Semaphore closed = new Semaphore(0);

        Waiting(Runnable closing) {
            this.closing = closing;
        }

        /**
         * As in a call of the system, from which only the closing wakes a thread. One that its interrupt wakes may have ended
         * before whoever interrupts it comes to the channel, and on newer JDKs the channel is left open then.
         */
        void await() {
            begin();
            begun.release();
            closed.acquireUninterruptibly();
        }

        @Override
        protected void implCloseChannel() {
            try {
                closing.run();
            } finally {
                closed.release();
            }
        }
    }

    /** Threads that get to run when the test says so. */
    private static final class LateThreads implements Threads.Maker {

        private final List<Runnable> late = new CopyOnWriteArrayList<>();

        @Override
        public Thread unstarted(String name, Runnable task) {
            return new Thread(name) {
                @Override
                public void start() {
                    late.add(task);
                }
            };
        }

        void arrive() {
            assertThat(late).isNotEmpty().allSatisfy(Runnable::run);
        }
    }
}
