package dev.sluice.chain.track;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that the chain has of its own. None of them keeps anything of whoever had it started. */
final class ChainThreads {

    private static final int ANSWERING = 8;

    private ChainThreads() {}

    /** Removes a cancelled deadline at once: a drain's may lie an hour ahead, and refers to the drained units. */
    static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> thread(task, "sluice-drain"));
        timer.setRemoveOnCancelPolicy(true);
        // A thread keeps what it was started under, its creator's context: that must not be a bundle that asks for a
        // drain.
        timer.prestartCoreThread();
        return timer;
    }

    /** Few, as each is busy only as long as one client reads one small answer; none where no deadline passes. */
    static ExecutorService answers() {
        ThreadPoolExecutor answers = new ThreadPoolExecutor(
                ANSWERING,
                ANSWERING,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> thread(task, "sluice-deadline"));
        answers.allowCoreThreadTimeOut(true);
        return answers;
    }

    private static Thread thread(Runnable task, String name) {
        // A request's thread may start it: what middleware has put into inheritable thread-locals there stays there.
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ChainThreads.class.getClassLoader());
        return thread;
    }
}
