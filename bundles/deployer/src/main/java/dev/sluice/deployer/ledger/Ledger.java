package dev.sluice.deployer.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * An append-only file of checksummed records, each of which is on the disk before its append returns. Safe for any
 * thread; appends happen one after another.
 */
public final class Ledger implements Closeable {

    private Ledger() {}

    /**
     * Opens a ledger and replays it. A torn last record is cut off; a damaged one in the middle is reported and skipped; a
     * record of a kind that this version doesn't know is reported, skipped and kept.
     *
     * @param file the ledger; made if it is missing
     * @param warnings takes a sentence for each thing that was not as it should be
     * @return the open ledger
     * @throws IOException if it can't be read or written
     */
    public static Ledger open(Path file, Consumer<String> warnings) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** {@return what the records say, up to the last append} */
    public LedgerState state() {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends a record.
     *
     * @param record the record
     * @throws IOException if it isn't safely on the disk; the ledger is as it was before
     */
    public void append(LedgerRecord record) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
