package dev.sluice.chain.snapshot;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * The response as a middleware with a deadline sees it: each touch takes the lock of its {@link Call}, so that the chain's
 * own answer never meets it, and fails once the deadline has passed.
 */
final class GuardedResponse extends WatchedResponse {

    private final Call call;
    private ServletOutputStream stream;
    private PrintWriter writer;

    GuardedResponse(HttpServletResponse response, Call call) {
        super(response);
        this.call = call;
    }

    @Override
    void before() {
        call.lock();
    }

    @Override
    void after() {
        call.unlock();
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream inner = super.getOutputStream();
        if (stream == null) {
            stream = new Stream(inner);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter inner = super.getWriter();
        if (writer == null) {
            writer = new PrintWriter(new Characters(inner)) {
                @Override
                public boolean checkError() {
                    // Errors stay in the inner one, which keeps them to itself.
                    return super.checkError() || !call.isOver() && inner.checkError();
                }
            };
        }
        return writer;
    }

    private final class Stream extends ServletOutputStream {

        private final ServletOutputStream inner;

        Stream(ServletOutputStream inner) {
            this.inner = inner;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            call.write(() -> inner.write(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
            call.write(() -> inner.flush());
        }

        @Override
        public void close() throws IOException {
            call.write(() -> inner.close());
        }

        @Override
        public boolean isReady() {
            return inner.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            before();
            try {
                inner.setWriteListener(listener);
            } finally {
                after();
            }
        }
    }

    private final class Characters extends Writer {

        private final PrintWriter inner;

        Characters(PrintWriter inner) {
            this.inner = inner;
        }

        @Override
        public void write(char[] characters, int offset, int length) throws IOException {
            call.write(() -> inner.write(characters, offset, length));
        }

        @Override
        public void flush() throws IOException {
            call.write(() -> inner.flush());
        }

        @Override
        public void close() throws IOException {
            call.write(() -> inner.close());
        }
    }
}
