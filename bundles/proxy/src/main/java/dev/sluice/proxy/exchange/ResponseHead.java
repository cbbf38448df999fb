package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Rewriting;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** The head of an upstream's answer, and how it is passed on. */
final class ResponseHead {

    /** There is one of these: the upstream's replaces what the container, or a middleware, has set before. */
    private static final Set<String> SINGLE = Set.of(
            "age",
            "content-disposition",
            "content-encoding",
            "content-length",
            "content-location",
            "content-range",
            "content-type",
            "date",
            "etag",
            "expires",
            "last-modified",
            "location",
            "retry-after",
            "server");

    private final Response answer;
    private final RequestHead request;
    private final Rewriting rewriting;
    private final ClientView view;
    private final HopByHop hopByHop;

    ResponseHead(Response answer, RequestHead request, Rewriting rewriting, ClientView view) {
        this.answer = answer;
        this.request = request;
        this.rewriting = rewriting;
        this.view = view;
        this.hopByHop = new HopByHop(answer.getHeaders().getValuesList("Connection"));
    }

    /** Writes it; nothing is sent yet. */
    void write(HttpServletResponse response) {
        response.setStatus(answer.getStatus());
        HttpFields fields = answer.getHeaders();
        for (HttpField field : fields) {
            String lower = field.getLowerCaseName();
            if (hopByHop.stops(lower) || field.getValue() == null || lower.equals("trailer") && !passesTrailers()) {
                continue;
            }
            String value = rewritten(lower, field.getValue());
            if (SINGLE.contains(lower)) {
                response.setHeader(field.getName(), value);
            } else if (!isThere(response, field.getName(), value)) {
                response.addHeader(field.getName(), value);
            }
        }
        String version = RequestHead.version(answer.getVersion().asString());
        response.addHeader("Via", version + " " + rewriting.via());
        if (passesTrailers()) {
            response.setTrailerFields(trailers());
        }
    }

    /** Trailers need a client that understands them and a body without a length (RFC 9110, 6.5.1). */
    private boolean passesTrailers() {
        HttpFields fields = answer.getHeaders();
        return (request.takesTrailers() || fields.contains("Trailer"))
                && !fields.contains("Content-Length")
                && request.isAtLeast11()
                && !request.method().equals("HEAD");
    }

    /** Read when the body has ended, on the thread that ends it. */
    private Supplier<Map<String, String>> trailers() {
        return () -> {
            HttpFields trailers = answer.getTrailers();
            if (trailers == null || trailers.size() == 0) {
                return null;
            }
            Map<String, String> passed = new LinkedHashMap<>();
            for (HttpField field : trailers) {
                if (!hopByHop.stopsTrailer(field.getName())) {
                    passed.merge(field.getName(), field.getValue(), (one, other) -> one + ", " + other);
                }
            }
            return passed;
        };
    }

    private String rewritten(String lower, String value) {
        boolean isLocation = lower.equals("location") || lower.equals("content-location");
        if (rewriting.redirects() && isLocation) {
            return view.location(value);
        }
        return rewriting.cookies() && lower.equals("set-cookie") ? view.cookie(value) : value;
    }

    /** A middleware that sets what upstreams set as well (a security header) makes no duplicate of it. */
    private static boolean isThere(HttpServletResponse response, String name, String value) {
        if (name.toLowerCase(Locale.ROOT).equals("set-cookie")) {
            return false;
        }
        Collection<String> values = response.getHeaders(name);
        return values != null && values.contains(value);
    }
}
