package dev.sluice.chain.snapshot;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answers that the chain itself gives, as problem details (RFC 9457). */
public enum Refusal {
    /** The path could be read in two ways. */
    AMBIGUOUS_PATH(400, "Bad Request"),
    /** A part of the request can't be understood. */
    JUNK(400, "Bad Request"),
    /** Nothing answers at this path. */
    NOT_FOUND(404, "Not Found"),
    /** A fail-closed middleware that guards this path is missing. */
    AWAY(503, "Service Unavailable"),
    /** A middleware has as many requests as it may have at a time. */
    FULL(503, "Service Unavailable"),
    /** A middleware, or what stands behind the chain, has failed. */
    FAILED(500, "Internal Server Error"),
    /** A middleware has had the request for longer than it may. */
    DEADLINE(504, "Gateway Timeout"),
    /** The container admits no requests yet. */
    NOT_OPEN(503, "Service Unavailable"),
    /** The container admits no requests any more. */
    STOPPING(503, "Service Unavailable");

    /** What earlier middleware may have said of a body that isn't sent any more. */
    private static final List<String> OF_THE_BODY = List.of(
            "Content-Encoding",
            "Content-Language",
            "Content-Disposition",
            "Content-Range",
            "Accept-Ranges",
            "ETag",
            "Last-Modified",
            "Expires");

    private static final String JETTY_STATUS = "org.eclipse.jetty.server.error_status";
    private static final String JETTY_MESSAGE = "org.eclipse.jetty.server.error_message";

    private final int status;
    private final String title;

    Refusal(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    /**
     * Answers with this refusal. A response that is committed already is left as it is: its status can't be changed.
     *
     * @param response the response
     * @param detail a sentence for the client; nothing in it may come from the request
     * @throws IOException if the response can't be written
     */
    public void send(HttpServletResponse response, String detail) throws IOException {
        send(response, detail, "");
    }

    /**
     * The same, with an incident under which the log says more.
     *
     * @param response the response
     * @param detail a sentence for the client; nothing in it may come from the request
     * @param incident the incident's id; empty if there is none
     * @throws IOException if the response can't be written
     */
    void send(HttpServletResponse response, String detail, String incident) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        // Headers that earlier middleware has set stay (a request id, say); what was buffered of a body does not.
        response.resetBuffer();
        OF_THE_BODY.forEach(header -> response.setHeader(header, null));
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setHeader("Cache-Control", "no-store");
        if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", "1");
        }
        // After a deadline the connection's thread isn't back, and nobody knows when it will be.
        if (this == STOPPING || this == DEADLINE) {
            response.setHeader("Connection", "close");
        }
        byte[] body = body(detail, incident);
        // No Content-Length: Jetty adds it at the end, and Connection: close with it if a body is left unread. Told it
        // now,
        // it would send the answer first and cut the connection silently afterwards.
        write(response, body);
    }

    /**
     * Has the servlet container answer so, in place of an error that it was asked for with {@code sendError}. From then on a
     * response says that it is committed, and takes nothing more; but it is the container that will write it, when the request
     * has come back, and it goes by attributes of the request.
     *
     * @param request the request
     * @param detail a sentence for the client
     * @param incident the incident's id
     * @return whether it is answered so; not if it was asked for none, and the response is really on its way
     */
    boolean replaceError(HttpServletRequest request, String detail, String incident) {
        if (!isErrorAskedFor(request)) {
            return false;
        }
        String message = detail + " Incident " + incident;
        request.setAttribute(JETTY_STATUS, status);
        request.setAttribute(JETTY_MESSAGE, message);
        request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, status);
        request.setAttribute(RequestDispatcher.ERROR_MESSAGE, message);
        return true;
    }

    /** {@return whether the servlet container is about to answer an error that it was asked for with {@code sendError}} */
    static boolean isErrorAskedFor(HttpServletRequest request) {
        // Jetty's own, which it sets only if the response isn't on its way; others may set the servlet API's any time.
        return request.getAttribute(JETTY_STATUS) != null && request.getDispatcherType() != DispatcherType.ERROR;
    }

    /** {@return the status with which a response is answered, or will be when the container writes an error} */
    static int status(HttpServletRequest request, HttpServletResponse response) {
        return request.getAttribute(JETTY_STATUS) instanceof Integer asked && isErrorAskedFor(request)
                ? asked
                : response.getStatus();
    }

    /** A middleware may have asked for the writer before, and a response has only one of the two. */
    private static void write(HttpServletResponse response, byte[] body) throws IOException {
        try {
            response.getOutputStream().write(body);
        } catch (IllegalStateException writerInUse) {
            response.getWriter().write(new String(body, StandardCharsets.US_ASCII));
        }
    }

    private byte[] body(String detail, String incident) {
        String json = "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                + escape(detail) + "\"" + (incident.isEmpty() ? "" : ",\"incident\":\"" + escape(incident) + "\"")
                + "}\n";
        return json.getBytes(StandardCharsets.US_ASCII);
    }

    /** Details name middleware, whose names are plain; the rest of JSON's escapes is here so that nothing depends on it. */
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append((char) c);
            } else if (c < ' ' || c > '~') {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
