package dev.sluice.proxy.exchange;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answers that the proxy itself gives, as problem details (RFC 9457). They name no upstream: the log does. */
enum Refusal {
    /** The path can be read in two ways. */
    AMBIGUOUS_PATH(
            400,
            "Bad Request",
            "The path can be read in more than one way: it has an escape or dots in a path parameter, or is not the one"
                    + " that was decided upon."),
    /** The scheme, or another part of the request, can be read in two ways. */
    AMBIGUOUS(400, "Bad Request", "The request can be understood in more than one way."),
    /** Chunks from a client that can't have heard of them. */
    BAD_LENGTH(400, "Bad Request", "HTTP/1.0 has no transfer codings."),
    /** The client has left, or its body isn't what its head says. */
    BAD_BODY(400, "Bad Request", "The request didn't come to its end."),
    /** No route. */
    NOT_FOUND(404, "Not Found", "Nothing answers at this path."),
    /** Asked by Max-Forwards to answer in place of the upstream. */
    NO_FURTHER(405, "Method Not Allowed", "The request may go no further."),
    /** The client sends nothing. */
    SLOW_CLIENT(408, "Request Timeout", "The request's body didn't come in time."),
    /** The upstream takes no head of that size. */
    LARGE_HEAD(431, "Request Header Fields Too Large", "The request's header fields are too large."),
    /** The request itself couldn't be passed on: the container's own fault. */
    FAILED(500, "Internal Server Error", "The request can't be forwarded."),
    /** CONNECT, Upgrade. */
    NOT_IMPLEMENTED(501, "Not Implemented", "Requests of this kind aren't forwarded."),
    /** The upstream can't be reached, or speaks no HTTP. */
    BAD_UPSTREAM(502, "Bad Gateway", "The upstream has failed."),
    /** What the operator has written for the path can't be taken: no upstream has been asked. */
    NOT_CONFIGURED(
            503,
            "Service Unavailable",
            "The configuration of this path's route is not in force. The log and the status say why."),
    /** The route has no connections left. */
    UNAVAILABLE(503, "Service Unavailable", "The upstream can't take the request at the moment."),
    /** The upstream is too slow. */
    SLOW_UPSTREAM(504, "Gateway Timeout", "The upstream didn't answer in time."),
    /** An upstream leads back to here. */
    LOOP(508, "Loop Detected", "The request goes round in circles.");

    private static final List<String> OF_THE_BODY = List.of(
            "Content-Length",
            "Content-Encoding",
            "Content-Language",
            "Content-Disposition",
            "Content-Range",
            "Accept-Ranges",
            "ETag",
            "Last-Modified",
            "Expires");

    private final int status;
    private final String title;
    private final String detail;

    Refusal(int status, String title, String detail) {
        this.status = status;
        this.title = title;
        this.detail = detail;
    }

    /** {@return its status} */
    int status() {
        return status;
    }

    /**
     * Answers with this refusal. It fits into the response's buffer, so this doesn't block.
     *
     * @param response the response, uncommitted
     * @param incident the incident under which the log says more; empty if there is none
     * @throws IOException if the response can't be written
     */
    void send(HttpServletResponse response, String incident) throws IOException {
        // Headers that middleware has set stay (a request id, say); what it said of a body does not.
        response.resetBuffer();
        OF_THE_BODY.forEach(header -> response.setHeader(header, null));
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setHeader("Cache-Control", "no-store");
        if (this == UNAVAILABLE || this == NOT_CONFIGURED) {
            response.setHeader("Retry-After", "1");
        }
        if (this == SLOW_CLIENT || this == BAD_BODY || this == BAD_LENGTH) {
            response.setHeader("Connection", "close");
        }
        if (this == NO_FURTHER) {
            response.setHeader("Allow", "");
        }
        String json = "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                + detail + "\"" + (incident.isEmpty() ? "" : ",\"incident\":\"" + incident + "\"") + "}\n";
        response.getOutputStream().write(json.getBytes(StandardCharsets.US_ASCII));
    }
}
