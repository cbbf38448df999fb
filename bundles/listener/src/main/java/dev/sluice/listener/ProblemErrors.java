package dev.sluice.listener;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty answers before a servlet context has the request (no proper HTTP, a path with {@code %2f}): problem details, as all
 * other refusals, in place of HTML. Nothing of the request is in it, and nothing that tells of the server.
 */
final class ProblemErrors extends ErrorHandler {

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
                + "}\n";
        // Where the request itself was no good, Jetty would send a body to HEAD as well.
        Content.Sink.write(response, true, HttpMethod.HEAD.is(request.getMethod()) ? "" : json, callback);
    }
}
