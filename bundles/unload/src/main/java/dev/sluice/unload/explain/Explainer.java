package dev.sluice.unload.explain;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Explain;
import dev.sluice.unload.Explanation;
import dev.sluice.unload.RootPath;
import dev.sluice.unload.Verdict;
import dev.sluice.unload.culprit.Wording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dumps the heap, has the dump looked through, and deletes it: on a thread of its own, and one at a time, for a dump takes room and
 * time.
 */
final class Explainer implements Explain, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Explainer.class);

    private static final long MEGABYTE = 1 << 20;

    /** Of a text with names that are the bundle's to choose, in characters. */
    private static final int LENGTH = 300;

    private static final String REMEDY = "take it out of there when you stop";

    /** What is known of an unload before anything is dumped. */
    enum Known {
        /** There is none of this number. */
        NO,
        /** Its class loader has gone. */
        COLLECTED,
        /** It may be in memory. */
        IN_MEMORY;

        static Known of(Verdict verdict) {
            return verdict == Verdict.COLLECTED ? COLLECTED : IN_MEMORY;
        }
    }

    private final HeapDumps dumps;
    private final HeapPathProgram program;
    private final LongFunction<Known> known;
    private final Supplier<ExplainSettings> settings;
    private final Evidence evidence;
    private final LongSupplier nanos;
    private final Executor threads;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** @param threads runs each task on a thread that may take its time */
    Explainer(
            HeapDumps dumps,
            HeapPathProgram program,
            LongFunction<Known> known,
            Supplier<ExplainSettings> settings,
            Evidence evidence,
            LongSupplier nanos,
            Executor threads) {
        this.dumps = dumps;
        this.program = program;
        this.known = known;
        this.settings = settings;
        this.evidence = evidence;
        this.nanos = nanos;
        this.threads = threads;
    }

    /** Runs a task on a thread of its own, which inherits nothing of the caller's. */
    static void onItsOwnThread(Runnable task) {
        Thread thread = new Thread(null, task, "sluice-explain", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public CompletableFuture<Explanation> explain(long number, boolean keep) {
        Known before = known.apply(number);
        if (before == Known.NO) {
            return CompletableFuture.completedFuture(new Explanation.Unknown());
        }
        if (before == Known.COLLECTED) {
            return CompletableFuture.completedFuture(new Explanation.Collected());
        }
        if (!busy.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(new Explanation.Busy());
        }
        CompletableFuture<Explanation> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> answer.complete(explained(number, keep)));
        } catch (OutOfMemoryError e) {
            // So the JVM calls it, too, when the system gives it no more threads.
            busy.set(false);
            LOG.warn("Unload {} can't be explained, as no thread can be started: {}", number, e.toString());
            answer.complete(new Explanation.Failed("no thread can be started for it: " + e.getMessage()));
        }
        return answer;
    }

    private Explanation explained(long number, boolean keep) {
        try {
            dumps.prepare();
            return look(number, keep);
        } catch (IOException e) {
            LOG.warn("Unload {} can't be explained: {}", number, e.getMessage());
            return new Explanation.Failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            // Whoever asks waits for an answer, also if there is no memory for the work.
            LOG.warn("Unload {} can't be explained", number, e);
            return new Explanation.Failed(e.toString());
        } catch (InterruptedException e) {
            return new Explanation.Failed("the container is stopping");
        } finally {
            dumps.clear();
            // Whoever is told can ask anew at once.
            busy.set(false);
        }
    }

    private Explanation look(long number, boolean keep) throws IOException, InterruptedException {
        long begun = nanos.getAsLong();
        Path dump = dumps.dump();
        long size = Files.size(dump);
        long dumped = nanos.getAsLong();
        ExplainSettings now = settings.get();
        long memory = now.memoryFor(size);
        LOG.info(
                "A heap dump of {} MB was written in {}; it is looked through in a JVM of {} MB",
                size / MEGABYTE,
                seconds(dumped - begun),
                memory / MEGABYTE);
        HeapPathProgram.Output output = program.run(dumps, dump, number, memory, now.timeout());
        Optional<String> kept = keep ? Optional.of(dumps.keep(dump, number).toString()) : Optional.empty();
        LOG.info(
                "The heap dump for unload {} was looked through in {}{}",
                number,
                seconds(nanos.getAsLong() - dumped),
                kept.map(file -> "; it is kept as " + file).orElse(""));
        Explanation explanation = explanation(number, output, kept, now, memory);
        if (explanation instanceof Explanation.Held held) {
            held.paths().stream().findFirst().ifPresent(path -> evidence.held(number, begun, culprit(path)));
        }
        return explanation;
    }

    private static Culprit culprit(RootPath path) {
        return new Culprit(Culprit.Kind.REFERENCE, Wording.line(path.source(), LENGTH), REMEDY);
    }

    private static Explanation explanation(
            long number, HeapPathProgram.Output output, Optional<String> kept, ExplainSettings now, long memory) {
        return switch (output.code()) {
            case HeapPathProgram.PATH -> held(number, PathLines.read(output.lines()), kept);
            case HeapPathProgram.NOT_HELD -> notHeld(output.lines(), kept);
            case HeapPathProgram.COLLECTED -> new Explanation.Collected();
            case HeapPathProgram.UNKNOWN -> new Explanation.Unknown();
            default -> {
                LOG.warn(
                        "The program that looks through the heap dump for unload {} ended with {}:\n{}",
                        number,
                        output.code(),
                        output.errors());
                yield new Explanation.Failed(reason(output.code(), now, memory));
            }
        };
    }

    /** For the log too: whoever asked may have gone. */
    private static Explanation held(long number, List<RootPath> paths, Optional<String> kept) {
        for (RootPath path : paths) {
            LOG.warn("Unload {} is held by\n{}", number, String.join("\n", path.lines()));
        }
        return new Explanation.Held(paths, kept);
    }

    private static Explanation notHeld(List<String> lines, Optional<String> kept) {
        String message = lines.isEmpty()
                ? "No reference in the heap dump leads to the class loader. What a dump doesn't show may hold it: the values"
                        + " of a ClassValue, or classes of others that were linked with its classes."
                : "Only soft references, or objects that wait to be finalized, lead to the class loader: it goes when"
                        + " memory gets scarce, or when they have been finalized.";
        return new Explanation.NotHeld(message, PathLines.read(lines), kept);
    }

    private static String reason(int code, ExplainSettings now, long memory) {
        return switch (code) {
            case HeapPathProgram.TIMEOUT ->
                "the heap dump wasn't looked through within " + now.timeout().toSeconds()
                        + " s: raise unload.explain.timeout";
            case HeapPathProgram.MEMORY ->
                memory / MEGABYTE + " MB don't suffice to look through the heap dump: raise unload.explain.memory";
            case HeapPathProgram.UNREADABLE -> "the heap dump can't be read: the log says more";
            default -> "the program that looks through the heap dump ended with " + code + ": the log says more";
        };
    }

    private static String seconds(long nanos) {
        long millis = Duration.ofNanos(nanos).toMillis();
        return millis / 1000 + "." + millis % 1000 / 100 + " s";
    }

    /** Ends what is under way: the files are deleted by its own thread, or at the next start. */
    @Override
    public void close() {
        program.stop();
    }
}
