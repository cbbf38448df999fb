package dev.sluice.deployer.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a ledger's file holds.
 *
 * @param state what its records say together
 * @param history what they tell of the past
 * @param damagedLines how many lines can't be read
 * @param lines how many whole lines it has
 * @param wholeBytes how many bytes those lines have; what comes after is the torn record of an interrupted append
 * @param unknown the lines, newline included, that this version doesn't understand and must not lose
 */
record Replay(LedgerState state, History history, int damagedLines, int lines, long wholeBytes, List<byte[]> unknown) {

    static Replay of(Path file, HistoryLimits limits, Consumer<String> warnings) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        LedgerState state = LedgerState.EMPTY;
        History history = History.EMPTY;
        List<byte[]> unknown = new ArrayList<>();
        int damagedLines = 0;
        int madeUpFor = 0;
        int lines = 0;
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            lines++;
            RecordLine.Read read = RecordLine.read(Arrays.copyOfRange(bytes, start, i));
            if (read instanceof RecordLine.Read.Known known) {
                history = history.with(state, known.record(), limits);
                state = state.with(known.record());
                if (known.record() instanceof LedgerRecord.Opened opened) {
                    madeUpFor = opened.damagedLines();
                }
            } else if (read instanceof RecordLine.Read.Unknown other) {
                unknown.add(Arrays.copyOfRange(bytes, start, i + 1));
                warnings.accept("Line " + lines + " of the ledger " + file + " is skipped: " + other.what()
                        + ". A newer version of the container wrote it; it is kept for that version.");
            } else if (read instanceof RecordLine.Read.Damaged damaged) {
                damagedLines++;
                warnings.accept("Line " + lines + " of the ledger " + file + " is damaged and skipped: "
                        + damaged.what() + ". What it told of is lost. Check the disk.");
            }
            start = i + 1;
        }
        if (start < bytes.length) {
            warnings.accept("The last record of the ledger " + file + " is torn: its " + (bytes.length - start)
                    + " bytes are cut off. The container stopped while it was written; what it announced had not "
                    + "happened yet.");
        }
        // It may have named a middleware that requests must not pass without: only the folder can tell.
        if (damagedLines > madeUpFor) {
            state = state.notOpened();
        }
        return new Replay(state, history, damagedLines, lines, start, unknown);
    }
}
