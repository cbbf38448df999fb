package dev.sluice.chain.snapshot;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** A response of which each change is told before and after. Long, because the interface is; there is nothing else in it. */
abstract class WatchedResponse extends HttpServletResponseWrapper {

    WatchedResponse(HttpServletResponse response) {
        super(response);
    }

    /** Something is about to change the response. What this throws is thrown instead. */
    abstract void before();

    /** It has changed it. */
    abstract void after();

    private void change(Runnable change) {
        before();
        try {
            change.run();
        } finally {
            after();
        }
    }

    /** A change that may have to write. */
    private interface Writing<T> {
        T write() throws IOException;
    }

    private <T> T write(Writing<T> change) throws IOException {
        before();
        try {
            return change.write();
        } finally {
            after();
        }
    }

    @Override
    public void addCookie(Cookie cookie) {
        change(() -> super.addCookie(cookie));
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        write(() -> {
            super.sendError(status, message);
            return null;
        });
    }

    @Override
    public void sendError(int status) throws IOException {
        write(() -> {
            super.sendError(status);
            return null;
        });
    }

    // Jetty's response is one of Servlet 6.0: the overloads of 6.1 are without effect on it.
    @Override
    public void sendRedirect(String location) throws IOException {
        write(() -> {
            super.sendRedirect(location);
            return null;
        });
    }

    @Override
    public void setDateHeader(String name, long date) {
        change(() -> super.setDateHeader(name, date));
    }

    @Override
    public void addDateHeader(String name, long date) {
        change(() -> super.addDateHeader(name, date));
    }

    @Override
    public void setHeader(String name, String value) {
        change(() -> super.setHeader(name, value));
    }

    @Override
    public void addHeader(String name, String value) {
        change(() -> super.addHeader(name, value));
    }

    @Override
    public void setIntHeader(String name, int value) {
        change(() -> super.setIntHeader(name, value));
    }

    @Override
    public void addIntHeader(String name, int value) {
        change(() -> super.addIntHeader(name, value));
    }

    @Override
    public void setStatus(int status) {
        change(() -> super.setStatus(status));
    }

    @Override
    public void setTrailerFields(Supplier<Map<String, String>> supplier) {
        change(() -> super.setTrailerFields(supplier));
    }

    @Override
    public void setCharacterEncoding(String encoding) {
        change(() -> super.setCharacterEncoding(encoding));
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        return write(super::getOutputStream);
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        return write(super::getWriter);
    }

    @Override
    public void setContentLength(int length) {
        change(() -> super.setContentLength(length));
    }

    @Override
    public void setContentLengthLong(long length) {
        change(() -> super.setContentLengthLong(length));
    }

    @Override
    public void setContentType(String type) {
        change(() -> super.setContentType(type));
    }

    @Override
    public void setBufferSize(int size) {
        change(() -> super.setBufferSize(size));
    }

    @Override
    public void flushBuffer() throws IOException {
        write(() -> {
            super.flushBuffer();
            return null;
        });
    }

    @Override
    public void reset() {
        change(super::reset);
    }

    @Override
    public void resetBuffer() {
        change(super::resetBuffer);
    }

    @Override
    public void setLocale(Locale locale) {
        change(() -> super.setLocale(locale));
    }
}
