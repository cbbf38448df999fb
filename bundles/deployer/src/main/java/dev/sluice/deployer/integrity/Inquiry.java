package dev.sluice.deployer.integrity;

import dev.sluice.deployer.CheckOutcome;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.Verdict.Retry;
import dev.sluice.deployer.explain.Thrown;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inspection of one file, on a thread of its own. Whoever completes the verdict first decides: this thread with what it
 * found, the timer when a check's time is over, or the folder's watch when the file has changed. The thread is interrupted
 * then, and what it finds later doesn't count.
 */
final class Inquiry implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    private final String file;
    private final Function<Inquiry, Verdict> steps;
    private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    private final Thread thread;

    Inquiry(String file, Function<Inquiry, Verdict> steps) {
        this.file = file;
        this.steps = steps;
        this.thread = new Thread(null, this, "sluice-check-" + file, 0, false);
        thread.setDaemon(true);
        verdict.whenComplete((any, never) -> {
            if (Thread.currentThread() != thread) {
                thread.interrupt();
            }
        });
    }

    CompletableFuture<Verdict> verdict() {
        return verdict;
    }

    void start() {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // So the JVM says that it has no more threads.
            refuse("No thread could be started to check it: " + e + ". Copy it again.");
        }
    }

    @Override
    public void run() {
        if (verdict.isDone()) {
            return;
        }
        try {
            verdict.complete(steps.apply(this));
        } catch (Throwable thrown) { // Ours, then: what checks throw is caught where they are asked.
            LOG.error("The inspection of {} failed", file, thrown);
            refuse("Its inspection failed: " + Thrown.sentence(thrown) + ". See the log.");
        }
    }

    /**
     * Asks a check.
     *
     * @param check its name
     * @param limit how long it may take
     * @return what it says; a refusal if it throws, says nothing, or was interrupted as its time was over
     */
    CheckOutcome ask(String check, Duration limit, Callable<CheckOutcome> question) {
        CompletableFuture<Void> over =
                new CompletableFuture<Void>().completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
        over.thenRun(() -> refuse(hangs(check, limit)));
        try {
            CheckOutcome answer = question.call();
            return answer == null
                    ? CheckOutcome.refused("it has given no answer, which counts as a refusal. Mend the check.")
                    : answer;
        } catch (Throwable thrown) { // Anything may come out of foreign code, and none of it may pass this line.
            LOG.info("The check {} failed at {}: {}", check, file, Thrown.trace(thrown));
            return CheckOutcome.refused("it threw " + Thrown.sentence(thrown) + ", which counts as a refusal.");
        } finally {
            over.cancel(false);
        }
    }

    private void refuse(String message) {
        verdict.complete(new Verdict.Refused(file, Optional.empty(), message, Retry.AT_OTHER_RULES));
    }

    private String hangs(String check, Duration limit) {
        String where = Stream.of(thread.getStackTrace())
                .filter(frame -> !frame.getClassName().startsWith("java.")
                        && !frame.getClassName().startsWith("jdk."))
                .limit(3)
                .map(String::valueOf)
                .collect(Collectors.joining(" < "));
        return "The check '" + check + "' hasn't come to an end within " + limit.toMillis()
                + " ms (deploy.check.timeout), which counts as a refusal"
                + (where.isEmpty() ? "" : "; it is at " + where)
                + ". Copy the file again to have it checked once more.";
    }
}
