package dev.sluice.unload.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimedTest {

    private final TestTimer timer = new TestTimer();
    private final LinkedBlockingQueue<Long> runs = new LinkedBlockingQueue<>();

    private final AtomicInteger made = new AtomicInteger();
    private volatile Throwable none;

    private final BundleTasks tasks = new BundleTasks(
            "acme.shop",
            TimedTest.class.getClassLoader(),
            new Threads(10, (name, task) -> {
                if (none instanceof Error error) {
                    throw error;
                } else if (none instanceof RuntimeException exception) {
                    throw exception;
                }
                made.incrementAndGet();
                return Threads.best().maker().unstarted(name, task);
            }),
            timer::nanos,
            timer,
            () -> Duration.ZERO);

    private final long begin = timer.nanos();

    @AfterEach
    void release() {
        tasks.release();
    }

    @Test
    void aTaskIsRunWhenItsTimeHasComeAndNotBefore() throws Exception {
        ScheduledFuture<String> task = tasks.schedule(() -> "done", 10, TimeUnit.SECONDS);
        timer.pass(Duration.ofSeconds(9));
        assertThat(timer.waiting()).isEqualTo(1);
        assertThat(task.getDelay(TimeUnit.SECONDS)).isEqualTo(1);
        timer.pass(Duration.ofSeconds(1));
        assertThat(task.get()).isEqualTo("done");
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void fixedRateCountsFromTheLastTimeAndFixedDelayFromTheLastEnd() throws Exception {
        ScheduledFuture<?> rate = tasks.scheduleAtFixedRate(this::ran, 1, 10, TimeUnit.SECONDS);
        timer.pass(Duration.ofSeconds(4));
        assertThat(runs.take()).isBetween(1L, 4L);
        timer.awaitAlarm();
        assertThat(rate.getDelay(TimeUnit.SECONDS)).isEqualTo(7);
        rate.cancel(false);

        CountDownLatch handedOver = new CountDownLatch(1);
        ScheduledFuture<?> delay = tasks.scheduleWithFixedDelay(
                () -> {
                    ran();
                    awaitUninterruptibly(handedOver);
                    timer.stall(Duration.ofSeconds(3));
                },
                0,
                10,
                TimeUnit.SECONDS);
        timer.pass(Duration.ZERO);
        assertThat(runs.take()).isEqualTo(4);
        handedOver.countDown();
        timer.awaitAlarm();
        assertThat(delay.getDelay(TimeUnit.SECONDS)).isEqualTo(10);
    }

    @Test
    void aCancelledTaskIsntRunAndWaitsNoMore() {
        ScheduledFuture<?> task = tasks.schedule(this::ran, 1, TimeUnit.SECONDS);
        task.cancel(false);
        assertThat(timer.waiting()).isZero();
        timer.pass(Duration.ofSeconds(1));
        assertThat(tasks.others()).isEmpty();
        assertThat(runs).isEmpty();
        assertThat(tasks.shutdownNow()).as("what waits").isEmpty();
    }

    @Test
    void aTaskThatIsCancelledWhileItsTimeComesGetsNoThread() {
        ScheduledFuture<?> cancelled = tasks.schedule(this::ran, 1, TimeUnit.SECONDS);
        List<Runnable> begun = timer.begun();
        cancelled.cancel(false);
        begun.forEach(Runnable::run);
        assertThat(begun).hasSize(1);
        assertThat(made).hasValue(0);

        tasks.schedule(this::ran, 1, TimeUnit.SECONDS);
        begun = timer.begun();
        tasks.shutdown();
        begun.forEach(Runnable::run);
        assertThat(begun).isNotEmpty();
        assertThat(made).hasValue(0);
    }

    @Test
    void aTaskForWhichNoThreadCanBeMadeFails() {
        for (Throwable thrown : List.of(
                new OutOfMemoryError("unable to create native thread"),
                new IllegalStateException("no virtual threads"))) {
            none = thrown;
            assertThatThrownBy(() -> tasks.execute(this::ran))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("no thread could be started for a task of acme.shop")
                    .hasCause(thrown);
            ScheduledFuture<?> task = tasks.schedule(this::ran, 1, TimeUnit.SECONDS);
            timer.pass(Duration.ofSeconds(1));
            assertThatThrownBy(() -> task.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCause(thrown);
            assertThat(tasks.others()).isEmpty();
        }
        assertThat(runs).isEmpty();
    }

    @Test
    void aTaskWhoseThreadCantBeStartedFailsAndIsNotAwaited() {
        OutOfMemoryError thrown = new OutOfMemoryError("unable to create native thread");
        BundleTasks starting = new BundleTasks(
                "acme.shop",
                TimedTest.class.getClassLoader(),
                new Threads(10, (name, task) -> new Thread(task, name) {
                    @Override
                    public void start() {
                        throw thrown;
                    }
                }),
                timer::nanos,
                timer,
                () -> Duration.ZERO);
        assertThatThrownBy(() -> starting.execute(this::ran))
                .isInstanceOf(RejectedExecutionException.class)
                .hasCause(thrown);
        assertThat(starting.others()).isEmpty();
        starting.shutdown();
        assertThat(starting.isTerminated()).isTrue();
    }

    @Test
    void aRepeatedTaskForWhichNoThreadCanBeMadeIsRunTheNextTime() throws Exception {
        none = new OutOfMemoryError("unable to create native thread");
        ScheduledFuture<?> task = tasks.scheduleAtFixedRate(this::ran, 1, 10, TimeUnit.SECONDS);
        try (Said said = new Said(BundleTasks.class)) {
            timer.pass(Duration.ofSeconds(1));
            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING A run of a repeated task of acme.shop is left out");
        }
        none = null;
        timer.pass(Duration.ofSeconds(10));
        assertThat(runs.take()).isEqualTo(11);
        assertThat(task.isDone()).isFalse();
    }

    @Test
    void aRepeatedTaskThatIsLateIsntRunForEachTimeItMissed() {
        none = new OutOfMemoryError("unable to create native thread");
        ScheduledFuture<?> task = tasks.scheduleAtFixedRate(this::ran, 1, 10, TimeUnit.SECONDS);
        timer.stall(Duration.ofSeconds(36));
        try (Said said = new Said(BundleTasks.class)) {
            timer.pass(Duration.ZERO);
            assertThat(said.lines()).hasSize(1);
        }
        assertThat(task.getDelay(TimeUnit.SECONDS)).isEqualTo(10);
    }

    @Test
    void aRepeatedTaskThatIsCancelledAsItsNextRunIsPlannedWaitsNoMore() throws Exception {
        ScheduledFuture<?> task = tasks.scheduleAtFixedRate(this::ran, 1, 10, TimeUnit.SECONDS);
        Thread cancelling = new Thread(() -> task.cancel(false));
        timer.beforeAlarms(() -> {
            cancelling.start();
            while (!task.isDone()) {
                Thread.onSpinWait();
            }
        });
        timer.pass(Duration.ofSeconds(1));
        runs.take();
        // The next run is planned by the thread of the last.
        awaitNone(tasks);
        cancelling.join();
        assertThat(timer.waiting()).isZero();
        assertThat(tasks.shutdownNow()).isEmpty();
    }

    private static void awaitNone(BundleTasks tasks) {
        while (!tasks.others().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTaskThatNoTimerCanWaitForFails() {
        timer.exhaust();
        ScheduledFuture<?> task = tasks.schedule(this::ran, 1, TimeUnit.SECONDS);
        assertThatThrownBy(() -> task.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("no thread could be started that waits for tasks of acme.shop");
    }

    private void ran() {
        runs.add(TimeUnit.NANOSECONDS.toSeconds(timer.nanos() - begin));
    }
}
