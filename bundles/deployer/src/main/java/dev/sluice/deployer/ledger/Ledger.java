package dev.sluice.deployer.ledger;

import dev.sluice.deployer.store.DurableRename;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An append-only file of checksummed records, each of which is on the disk before its append returns. Safe for any
 * thread; appends happen one after another.
 */
public final class Ledger implements Closeable {

    /** Below this a ledger is not worth rewriting. */
    private static final int COMPACT_FROM_LINES = 200;

    private final Path file;

    /** Not a channel: an interrupt would close that. */
    private final RandomAccessFile out;

    private final int damagedLines;

    private final Supplier<HistoryLimits> limits;

    // All four are guarded by this.
    private LedgerState state;
    private History history;
    private long end;
    private boolean broken;

    private Ledger(
            Path file,
            Supplier<HistoryLimits> limits,
            RandomAccessFile out,
            int damagedLines,
            Replay replay,
            long end) {
        this.file = file;
        this.limits = limits;
        this.out = out;
        this.damagedLines = damagedLines;
        this.state = replay.state();
        this.history = replay.history();
        this.end = end;
    }

    /**
     * Opens a ledger and replays it. A torn last record is cut off; a damaged one in the middle is reported and skipped, and
     * takes back that the first start is complete; a
     * record of a kind that this version doesn't know is reported, skipped and kept.
     *
     * @param file the ledger; made if it is missing
     * @param limits how much of the past it keeps; asked at each record
     * @param warnings takes a sentence for each thing that was not as it should be
     * @return the open ledger
     * @throws IOException if it can't be read or written
     */
    public static Ledger open(Path file, Supplier<HistoryLimits> limits, Consumer<String> warnings) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        // An interrupted compaction leaves this behind; the ledger itself is as it was.
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        if (!Files.exists(file)) {
            Files.createFile(temporary);
            DurableRename.rename(temporary, file);
        }
        Replay replay = Replay.of(file, limits.get(), warnings);
        long end = replay.wholeBytes();
        int damagedLines = replay.damagedLines();
        if (isWorthCompacting(replay)) {
            try {
                end = compact(file, temporary, replay);
                damagedLines = 0;
            } catch (IOException e) {
                Files.deleteIfExists(temporary);
                warnings.accept("The ledger " + file + " could not be shortened and stays as it is: " + e + ". Free "
                        + "space on the disk.");
            }
        }
        RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
        try {
            cutOff(out, end);
            return new Ledger(file, limits, out, damagedLines, replay, end);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /** {@return what the records say, up to the last append} */
    public synchronized LedgerState state() {
        return state;
    }

    /** {@return what the records tell of the past, up to the last append} */
    public synchronized History history() {
        return history;
    }

    /** {@return how much of the past is to be kept} */
    public HistoryLimits limits() {
        return limits.get();
    }

    /** {@return how many of its lines could not be read when it was opened, and are still there} */
    public int damagedLines() {
        return damagedLines;
    }

    /**
     * Appends a record. A publication by which contents come or go gets its number.
     *
     * @param given the record
     * @throws IOException if it isn't safely on the disk; the ledger is as it was before
     */
    public synchronized void append(LedgerRecord given) throws IOException {
        if (broken) {
            throw new IOException(
                    "The ledger " + file + " could not be written earlier, and half a record may stand at "
                            + "its end. Free space on the disk or repair it, and restart the container.");
        }
        LedgerRecord record = numbered(given);
        byte[] line = RecordLine.write(record);
        try {
            out.seek(end);
            out.write(line);
            out.getFD().sync();
            end += line.length;
        } catch (IOException | RuntimeException e) {
            takeBack(e);
            throw e;
        }
        history = history.with(state, record, limits.get());
        state = state.with(record);
    }

    private LedgerRecord numbered(LedgerRecord record) {
        if (record instanceof LedgerRecord.Published published) {
            return history.publication(state, published)
                    .map(past -> published.numbered(past.number()))
                    .orElse(published);
        }
        return record;
    }

    /** Half a record at the end would swallow the next one. */
    private void takeBack(Exception cause) {
        try {
            cutOff(out, end);
        } catch (IOException | RuntimeException e) {
            broken = true;
            cause.addSuppressed(e);
        }
    }

    private static void cutOff(RandomAccessFile out, long end) throws IOException {
        if (out.length() > end) {
            out.setLength(end);
            out.getFD().sync();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    private static boolean isWorthCompacting(Replay replay) {
        return replay.lines() >= COMPACT_FROM_LINES
                && replay.lines()
                        > 4 * (records(replay).size() + replay.unknown().size());
    }

    private static long compact(Path file, Path temporary, Replay replay) throws IOException {
        try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
            for (LedgerRecord record : records(replay)) {
                out.write(RecordLine.write(record));
            }
            for (byte[] line : replay.unknown()) {
                out.write(line);
            }
        }
        DurableRename.rename(temporary, file);
        return Files.size(file);
    }

    /** The fewest records that say the same. Decisions come last: what is published from their file doesn't clear them. */
    private static List<LedgerRecord> records(Replay replay) {
        LedgerState state = replay.state();
        List<LedgerRecord> records = new ArrayList<>(replay.history().publications());
        // Before what is published: the version of what is being rolled out doesn't count as published yet.
        records.addAll(state.rollouts().values());
        if (!state.published().isEmpty()) {
            records.add(new LedgerRecord.Published(
                    Instant.now(),
                    Optional.empty(),
                    History.COMPACTION,
                    0,
                    List.copyOf(state.published().values()),
                    List.of()));
        }
        if (!replay.history().contents().isEmpty()) {
            records.add(
                    new LedgerRecord.Contents(Instant.now(), replay.history().contents()));
        }
        Map<String, String> highest = new LinkedHashMap<>(state.highest());
        state.published().values().stream()
                .filter(artifact -> !state.isRolledOut(artifact))
                .forEach(artifact -> highest.remove(artifact.symbolicName(), artifact.version()));
        if (!highest.isEmpty()) {
            records.add(new LedgerRecord.Highest(Instant.now(), highest));
        }
        records.addAll(state.decisions().values());
        records.addAll(state.reserved().values());
        if (state.opened()) {
            records.add(new LedgerRecord.Opened(Instant.now(), 0));
        }
        return records;
    }
}
