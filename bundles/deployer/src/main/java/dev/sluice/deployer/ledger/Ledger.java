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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only file of checksummed records, each of which is on the disk before its append returns. Safe for any
 * thread; appends happen one after another.
 */
public final class Ledger implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    /** Below this a ledger is not worth rewriting. */
    private static final int COMPACT_FROM_LINES = 200;

    private final Path file;

    private final int damagedLines;

    private final Supplier<HistoryLimits> limits;

    private final List<byte[]> unknown;

    // All are guarded by this.
    /** Not a channel: an interrupt would close that. */
    private RandomAccessFile out;

    private LedgerState state;
    private History history;
    private long end;
    private boolean broken;
    private int lines;

    /** From how many lines on it is to be asked whether it is worth rewriting. */
    private int compactFrom = COMPACT_FROM_LINES;

    private Ledger(
            Path file,
            Supplier<HistoryLimits> limits,
            RandomAccessFile out,
            int damagedLines,
            Replay replay,
            int lines,
            long end) {
        this.file = file;
        this.limits = limits;
        this.out = out;
        this.damagedLines = damagedLines;
        this.state = replay.state();
        this.history = replay.history();
        this.lines = lines;
        this.unknown = replay.unknown();
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
        int lines = replay.lines();
        List<LedgerRecord> records = records(replay.state(), replay.history());
        int kept = records.size() + replay.unknown().size();
        if (isWorthCompacting(lines, kept)) {
            try {
                compact(file, temporary, records, replay.unknown());
                end = Files.size(file);
                lines = kept;
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
            return new Ledger(file, limits, out, damagedLines, replay, lines, end);
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
        append(given, true);
    }

    /**
     * Appends what nothing depends on. It is on the disk when the next record is, or earlier, and outlives the death of the process
     * in any case; nobody waits for the disk meanwhile.
     *
     * @param note the record
     * @throws IOException if it can't be written; the ledger is as it was before
     */
    public synchronized void note(LedgerRecord.Witnessed note) throws IOException {
        append(note, false);
    }

    private void append(LedgerRecord given, boolean isAwaited) throws IOException {
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
            if (isAwaited) {
                out.getFD().sync();
            }
            end += line.length;
        } catch (IOException | RuntimeException e) {
            takeBack(e);
            throw e;
        }
        history = history.with(state, record, limits.get());
        state = state.with(record);
        lines++;
        if (lines >= compactFrom && damagedLines == 0) {
            compactIfWorthwhile();
        }
    }

    /** {@return whether the ledger says already what a record is to say; never of one by which something comes anew} */
    public synchronized boolean says(LedgerRecord.Published record) {
        return record.removedFiles().stream().noneMatch(record::isAnew)
                && state.with(record).equals(state);
    }

    /**
     * So that it doesn't grow without bounds while the container runs. Damaged lines are left to the next start, which tells of
     * them.
     */
    private void compactIfWorthwhile() {
        List<LedgerRecord> records = records(state, history);
        int kept = records.size() + unknown.size();
        // Asked again when that may have changed: a ledger that says much isn't looked through at each append.
        compactFrom = lines + COMPACT_FROM_LINES;
        if (!isWorthCompacting(lines, kept)) {
            return;
        }
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            compact(file, temporary, records, unknown);
            lines = kept;
            compactFrom = Math.max(COMPACT_FROM_LINES, 4 * kept + 1);
        } catch (IOException e) {
            LOG.warn("The ledger {} could not be shortened: {}. Free space on the disk.", file, e.toString());
        }
        openAnew();
    }

    /** Whatever became of the renaming: from now on the file is written that has the name. Either says the same. */
    private void openAnew() {
        try {
            RandomAccessFile fresh = new RandomAccessFile(file.toFile(), "rw");
            RandomAccessFile old = out;
            out = fresh;
            end = fresh.length();
            old.close();
        } catch (IOException e) {
            broken = true;
            LOG.error("The ledger {} can't be opened any more: {}", file, e.toString());
        }
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

    private static boolean isWorthCompacting(int lines, int kept) {
        return lines >= COMPACT_FROM_LINES && lines > 4 * kept;
    }

    private static void compact(Path file, Path temporary, List<LedgerRecord> records, List<byte[]> unknown)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
            for (LedgerRecord record : records) {
                out.write(RecordLine.write(record));
            }
            for (byte[] line : unknown) {
                out.write(line);
            }
        }
        DurableRename.rename(temporary, file);
    }

    /** The fewest records that say the same. Decisions come last: what is published from their file doesn't clear them. */
    private static List<LedgerRecord> records(LedgerState state, History history) {
        List<LedgerRecord> records = new ArrayList<>(history.publications());
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
        if (!history.contents().isEmpty()) {
            records.add(new LedgerRecord.Contents(Instant.now(), history.contents()));
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
        state.superseded()
                .forEach((name, sha256) -> records.add(new LedgerRecord.Superseded(Instant.now(), name, sha256)));
        if (state.opened()) {
            records.add(new LedgerRecord.Opened(Instant.now(), 0));
        }
        return records;
    }
}
