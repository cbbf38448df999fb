package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Rewriting;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** {@return what makes the answer one that can't be passed on; empty if nothing does} */
    static Optional<String> faultOf(Response answer) {
        if (answer.getStatus() == 101) {
            return Optional.of("101 Switching Protocols, which nobody asked for");
        }
        // Whoever gets it without the field would take what is coded for the content (RFC 9112, 6.1).
        List<String> codings = answer.getHeaders().getValuesList("Transfer-Encoding");
        return codings.isEmpty()
                        || codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked")
                ? Optional.empty()
                : Optional.of(
                        "Transfer-Encoding: " + String.join(", ", codings) + ", where only chunked can be undone");
    }

    /**
     * {@return whether it speaks of a body that it doesn't have, and doesn't say how long that is} The container would say
     * that it is empty, if it had to send such a head together with the end.
     */
    boolean isOfUnknownLength() {
        return (request.method().equals("HEAD") || answer.getStatus() == 304)
                && !answer.getHeaders().contains("Content-Length");
    }

    /**
     * Writes it; nothing is sent yet.
     *
     * @param response where to
     * @return takes back what was written, and nothing else, for an answer that is given in its place
     */
    Runnable write(HttpServletResponse response) {
        Map<String, List<String>> before = headersOf(response);
        Set<String> written = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
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
            String value = rewritten(lower, field.getValue());
            if (SINGLE.contains(lower)) {
                if (lower.equals("content-type") && before.containsKey(lower)) {
                    // Jetty would add the charset of the one before.
                    response.setHeader(field.getName(), null);
                }
                written.add(lower);
                response.setHeader(field.getName(), value);
            } else if (lower.equals("set-cookie")
                    || !before.getOrDefault(lower, List.of()).contains(value)) {
                written.add(lower);
                response.addHeader(field.getName(), value);
            }
        }
        String version = RequestHead.version(answer.getVersion().asString());
        written.add("via");
        response.addHeader("Via", version + " " + rewriting.via());
        if (passesTrailers()) {
            response.setTrailerFields(trailers());
        }
        return () -> takeBack(response, written, before);
    }

    /**
     * What is there before the upstream's. A middleware that sets what upstreams set as well (a security header) makes no
     * duplicate of it; what the upstream itself says twice is its own affair. Read once: each question costs as much as there
     * are fields.
     */
    private static Map<String, List<String>> headersOf(HttpServletResponse response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : List.copyOf(response.getHeaderNames())) {
            Collection<String> values = response.getHeaders(name);
            headers.put(name, values == null ? List.of() : List.copyOf(values));
        }
        return headers;
    }

    private void takeBack(HttpServletResponse response, Set<String> written, Map<String, List<String>> before) {
        for (String name : written) {
            List<String> values = before.getOrDefault(name, List.of());
            // Replaced where it was there: some (Date) Jetty doesn't let be removed.
            response.setHeader(name, values.isEmpty() ? null : values.get(0));
            values.stream().skip(1).forEach(value -> response.addHeader(name, value));
        }
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
}
