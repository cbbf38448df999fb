package dev.sluice.itests.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Content in which every part says where it belongs, so that nothing can be lost, doubled or exchanged unseen. */
final class Pattern {

    static final long GIGABYTE = 1L << 30;

    private static final int BLOCK = 1 << 16;

    private Pattern() {}

    /** {@return so many bytes} */
    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i ^ i >> 8 ^ i >> 16);
        }
        return bytes;
    }

    /** Writes so many bytes, a multiple of 64 KB, and {@return their digest} */
    static String write(long size, OutputStream to) throws IOException {
        MessageDigest digest = sha256();
        byte[] block = bytes(BLOCK);
        for (long at = 0; at < size; at += BLOCK) {
            ByteBuffer.wrap(block).putLong(0, at);
            digest.update(block);
            to.write(block);
        }
        return hex(digest);
    }

    /** Makes a file that is mostly a hole, with the position written at each megabyte. */
    static void sparse(Path file, long size) {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            for (long at = 0; at < size; at += 1 << 20) {
                channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, at + 1), at);
            }
            channel.write(ByteBuffer.allocate(1), size - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
