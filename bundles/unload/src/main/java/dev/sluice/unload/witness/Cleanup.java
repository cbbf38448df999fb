package dev.sluice.unload.witness;

import dev.sluice.unload.culprit.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up on threads of its own. What is cleaned up is the JDK's, and may yet come to the bundle's code, or to a lock that this
 * holds: an executor calls a method of its subclass when it ends, and an MBean's end is told to listeners. So each search's clean-up
 * has a deadline, and one that hangs holds up no verdict, neither on this bundle nor on others. Nothing else is cleaned up after its
 * bundle for as long as it hangs, so that no more threads do.
 *
 * <p>Used by one thread. What the others share with it is guarded by the list that they write to.
 */
final class Cleanup {

    private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

    private final Duration patience;

    /** By the number of the unload, and opened when it ends. Not the threads: ended ones may keep what they were made to run. */
    private final Map<Long, CountDownLatch> hanging = new HashMap<>();

    Cleanup(Duration patience) {
        this.patience = patience;
    }

    /**
     * Cleans up what one search has found.
     *
     * @param number the number of the unload
     * @param name what the bundle is called
     * @param search the name of the search
     * @param found what it has found, with how to clean up where that is safe
     * @param failed hears of what a clean-up threw
     * @param unseen gets a sentence if it hangs
     * @return for each of them what was done, in a sentence; empty where nothing was
     */
    List<Optional<String>> run(
            long number,
            String name,
            String search,
            List<Finding> found,
            Consumer<Throwable> failed,
            List<String> unseen) {
        hanging.values().removeIf(end -> end.getCount() == 0);
        if (found.stream().allMatch(finding -> finding.cleaning().isEmpty())) {
            return List.of();
        }
        if (hanging.containsKey(number)) {
            unseen.add(search + ": nothing is cleaned up, as a clean-up before still hangs in code of the bundle");
            return List.of();
        }
        List<Optional<String>> done = new ArrayList<>();
        List<Throwable> thrown = new ArrayList<>();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(null, () -> clean(found, done, thrown, end), "sluice-cleanup-" + number, 0, false);
        // A daemon, with nothing inherited: it may never end.
        thread.setDaemon(true);
        thread.setContextClassLoader(Cleanup.class.getClassLoader());
        thread.start();
        try {
            if (!end.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                hanging.put(number, end);
                String sentence = search + ": the clean-up was given up after " + patience.toMillis()
                        + " ms, as it hangs in code of the bundle, or waits for it";
                unseen.add(sentence);
                LOG.warn("Cleaning up after {}: {}", name, sentence);
            }
        } catch (InterruptedException e) {
            // The container stops, or this bundle.
            Thread.currentThread().interrupt();
        }
        synchronized (done) {
            thrown.forEach(failed);
            return List.copyOf(done);
        }
    }

    private static void clean(
            List<Finding> found, List<Optional<String>> done, List<Throwable> thrown, CountDownLatch end) {
        try {
            for (Finding finding : found) {
                Optional<String> sentence = Optional.empty();
                Optional<Throwable> failure = Optional.empty();
                try {
                    if (finding.cleaning().isPresent()) {
                        sentence = Optional.of(finding.cleaning().get().clean());
                    }
                } catch (Throwable e) {
                    failure = Optional.of(e);
                }
                synchronized (done) {
                    done.add(sentence);
                    failure.ifPresent(thrown::add);
                }
            }
        } finally {
            end.countDown();
        }
    }
}
