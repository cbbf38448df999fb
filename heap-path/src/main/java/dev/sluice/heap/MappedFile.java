package dev.sluice.heap;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import okio.Buffer;
import okio.BufferedSource;
import shark.DualSourceProvider;
import shark.FileSourceProvider;
import shark.RandomAccessSource;

/** A dump that is mapped into memory: Shark's own reader asks the system twice for each object, of which there are millions. */
final class MappedFile implements DualSourceProvider {

    private static final long PART = 1 << 30;

    private final File file;

    MappedFile(File file) {
        this.file = file;
    }

    @Override
    public BufferedSource openStreamingSource() {
        return new FileSourceProvider(file).openStreamingSource();
    }

    @Override
    public RandomAccessSource openRandomAccessSource() {
        try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer[] parts = new ByteBuffer[(int) ((size + PART - 1) / PART)];
            for (int i = 0; i < parts.length; i++) {
                long start = i * PART;
                parts[i] = channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(PART, size - start));
            }
            return new Mapped(parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Mapped(ByteBuffer[] parts) implements RandomAccessSource {

        @Override
        public long read(Buffer sink, long position, long count) throws IOException {
            long read = 0;
            while (read < count) {
                int part = (int) ((position + read) / PART);
                int at = (int) ((position + read) % PART);
                if (part >= parts.length || at >= parts[part].limit()) {
                    break;
                }
                int length = (int) Math.min(count - read, parts[part].limit() - at);
                sink.write(parts[part].slice(at, length));
                read += length;
            }
            if (read == 0 && count > 0) {
                throw new IOException("the dump ends before " + position);
            }
            return read;
        }

        @Override
        public BufferedSource asStreamingSource() {
            throw new UnsupportedOperationException("it is read at random");
        }

        @Override
        public void close() {
            // It is unmapped with the process.
        }
    }
}
