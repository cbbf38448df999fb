package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Rewriting;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    /**
     * Writes it; nothing is sent yet.
     *
     * @param response where to
     * @return takes back what was written, and nothing else, for an answer that is given in its place
     */
    Runnable write(HttpServletResponse response) {
        Map<String, List<String>> before = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.setStatus(answer.getStatus());
        HttpFields fields = answer.getHeaders();
        for (HttpField field : fields) {
            String lower = field.getLowerCaseName();
            if (hopByHop.stops(lower) || field.getValue() == null || lower.equals("trailer") && !passesTrailers()) {
                continue;
            }
            if (lower.equals("content-length") && !mayHaveLength()) {
                continue;
            }
            remember(response, field.getName(), before);
            String value = rewritten(lower, field.getValue());
            if (SINGLE.contains(lower)) {
                response.setHeader(field.getName(), value);
            } else if (!isThere(response, field.getName(), value)) {
                response.addHeader(field.getName(), value);
            }
        }
        String version = RequestHead.version(answer.getVersion().asString());
        remember(response, "Via", before);
        response.addHeader("Via", version + " " + rewriting.via());
        if (passesTrailers()) {
            response.setTrailerFields(trailers());
        }
        return () -> takeBack(response, before);
    }

    private static void remember(HttpServletResponse response, String name, Map<String, List<String>> before) {
        Collection<String> values = response.getHeaders(name);
        before.putIfAbsent(name, values == null ? List.of() : List.copyOf(values));
    }

    private void takeBack(HttpServletResponse response, Map<String, List<String>> before) {
        before.forEach((name, values) -> {
            response.setHeader(name, null);
            values.forEach(value -> response.addHeader(name, value));
        });
        if (passesTrailers()) {
            response.setTrailerFields(() -> null);
        }
    }

    /** What has no body has no length either (RFC 9110, 8.6), but for 304, which may say that of the body it stands for. */
    private boolean mayHaveLength() {
        return answer.getStatus() >= 200 && answer.getStatus() != 204;
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
