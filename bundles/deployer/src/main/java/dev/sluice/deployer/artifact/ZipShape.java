package dev.sluice.deployer.artifact;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a file is by its first and last bytes, without reading the rest: cheap enough to ask of a half-copied file before
 * it is copied. Signatures and fields are those of PKWARE's APPNOTE 4.3.
 */
public sealed interface ZipShape {

    /**
     * It begins and ends as a ZIP does.
     *
     * @param entries how many entries it says it has
     * @param directorySize how many bytes its central directory has
     */
    record Whole(long entries, long directorySize) implements ZipShape {}

    /**
     * It begins as a ZIP does, or as a file whose bytes haven't arrived.
     *
     * @param missing what is missing
     */
    record Partial(String missing) implements ZipShape {}

    /** It is something else. */
    record Other() implements ZipShape {}

    /**
     * Looks at a file.
     *
     * @param file the file
     * @return its shape
     * @throws IOException if it can't be read
     */
    static ZipShape of(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return new ZipEnds(channel).shape();
        } catch (EOFException e) {
            return new Partial("it became shorter while it was read");
        }
    }

    /** Reads the two ends of one file. */
    final class ZipEnds {
        private static final int LOCAL = 0x04034b50;
        private static final int END = 0x06054b50;
        private static final int END_LENGTH = 22;
        private static final int END_64 = 0x06064b50;
        private static final int END_64_LENGTH = 56;
        private static final int LOCATOR_64 = 0x07064b50;
        private static final int LOCATOR_64_LENGTH = 20;
        private static final int MAX_COMMENT = 0xffff;
        private static final long IN_64 = 0xffffffffL;
        private static final int IN_64_SHORT = 0xffff;

        private final SeekableByteChannel channel;
        private final long size;

        private ZipEnds(SeekableByteChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
        }

        private ZipShape shape() throws IOException {
            if (size == 0) {
                return new Partial("it is empty");
            }
            ByteBuffer head = read(0, (int) Math.min(4, size));
            if (!beginsLikeZip(head)) {
                return isZero(head) ? new Partial("it begins with zeros") : new Other();
            }
            long length = Math.min(size, END_LENGTH + MAX_COMMENT);
            ByteBuffer tail = read(size - length, (int) length);
            for (int at = tail.limit() - END_LENGTH; at >= 0; at--) {
                if (tail.getInt(at) == END && at + END_LENGTH + unsigned(tail, at + 20) == tail.limit()) {
                    return atEnd(tail, at, size - length + at);
                }
            }
            return new Partial("its end is missing");
        }

        private ZipShape atEnd(ByteBuffer tail, int at, long position) throws IOException {
            long entries = unsigned(tail, at + 10);
            long directorySize = Integer.toUnsignedLong(tail.getInt(at + 12));
            long directoryOffset = Integer.toUnsignedLong(tail.getInt(at + 16));
            long directoryEnd = position;
            if (entries == IN_64_SHORT || directorySize == IN_64 || directoryOffset == IN_64) {
                ByteBuffer locator = position >= LOCATOR_64_LENGTH
                        ? read(position - LOCATOR_64_LENGTH, LOCATOR_64_LENGTH)
                        : ByteBuffer.allocate(LOCATOR_64_LENGTH);
                long end64 = locator.getLong(8);
                if (locator.getInt(0) == LOCATOR_64 && end64 >= 0 && end64 <= position - END_64_LENGTH) {
                    ByteBuffer record = read(end64, END_64_LENGTH);
                    if (record.getInt(0) == END_64) {
                        entries = record.getLong(32);
                        directorySize = record.getLong(40);
                        directoryOffset = record.getLong(48);
                        directoryEnd = end64;
                    }
                }
            }
            // A JAR that was cut off right after a JAR inside it ends like a ZIP, whose directory then isn't where its
            // end says: the offset counts from the inner JAR's beginning.
            return directoryOffset + directorySize == directoryEnd
                    ? new Whole(entries, directorySize)
                    : new Partial("its directory isn't where its end says");
        }

        private static boolean beginsLikeZip(ByteBuffer head) {
            return isPrefix(head, LOCAL) || isPrefix(head, END);
        }

        private static boolean isPrefix(ByteBuffer head, int signature) {
            for (int i = 0; i < head.limit(); i++) {
                if (head.get(i) != (byte) (signature >>> (8 * i))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isZero(ByteBuffer head) {
            return isPrefix(head, 0);
        }

        private static int unsigned(ByteBuffer buffer, int at) {
            return Short.toUnsignedInt(buffer.getShort(at));
        }

        private ByteBuffer read(long position, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            channel.position(position);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException();
                }
            }
            return buffer.flip();
        }
    }
}
