package dev.sluice.listener;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.LoggerFactory;

/**
 * What Jetty answers before a servlet context has the request (no proper HTTP, a path with {@code %2f}): problem details, as all
 * other refusals, in place of HTML. Nothing of the request is in it, and nothing that tells of the server.
 *
 * <p>What is wrong with a path is said, as nothing is with many of them in the eyes of those who sent them. Which path it was
 * Jetty doesn't tell.
 */
final class ProblemErrors extends ErrorHandler {

    private static final RefusedPaths REFUSED =
            new RefusedPaths(LoggerFactory.getLogger(ProblemErrors.class), System::nanoTime);

    private final RefusedPaths refused;

    ProblemErrors() {
        this(REFUSED);
    }

    ProblemErrors(RefusedPaths refused) {
        this.refused = refused;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        String json = "{\"type\":\"about:blank\",\"title\":\"" + HttpStatus.getMessage(code) + "\",\"status\":" + code
                + detail(code, message) + "}\n";
        // Where the request itself was no good, Jetty would send a body to HEAD as well.
        Content.Sink.write(response, true, HttpMethod.HEAD.is(request.getMethod()) ? "" : json, callback);
    }

    private String detail(int code, String message) {
        String reason = code == HttpStatus.BAD_REQUEST_400 && message != null ? reason(message) : "";
        if (reason.isEmpty()) {
            return "";
        }
        refused.refused(reason);
        return ",\"detail\":\"The path can be read in more than one way: " + reason + "\"";
    }

    /** {@return what of the message are Jetty's own words for what is wrong with a path} */
    private static String reason(String message) {
        return Stream.of(UriCompliance.Violation.values())
                .map(UriCompliance.Violation::getDescription)
                .filter(message::contains)
                .collect(Collectors.joining(", "));
    }
}
