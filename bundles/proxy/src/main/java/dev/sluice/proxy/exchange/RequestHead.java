package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.Rewriting;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;

/**
 * The head of the request as the client sent it, middleware included, and how it is passed on. It is read once, before the
 * first attempt: by the time of a second the container's request may be gone.
 */
final class RequestHead {

    /** RFC 9110, 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final String method;
    private final String host;
    private final String scheme;
    private final HttpFields fields;
    private final HopByHop hopByHop;
    private final long length;
    private final boolean hasBody;
    private final boolean expectsContinue;
    private final boolean takesTrailers;
    private final boolean atLeast11;

    RequestHead(HttpServletRequest request, Rewriting rewriting, String strip) {
        this.method = request.getMethod();
        this.host = Forwarding.host(request);
        OwnRequest own = new OwnRequest(request);
        this.scheme = own.scheme();
        this.hopByHop = new HopByHop(own.sent("Connection"));
        boolean chunked = request.getHeader("Transfer-Encoding") != null;
        this.length = chunked ? -1 : request.getContentLengthLong();
        // Before HTTP/2 a body has a length or is chunked; from then on it ends where it ends.
        boolean framed = chunked || length > 0 || length < 0 && isVersion2(request) && mayHaveBody(method);
        this.hasBody = framed;
        this.expectsContinue = framed && "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
        this.takesTrailers = Collections.list(request.getHeaders("TE")).stream()
                .anyMatch(te -> te.toLowerCase(Locale.ROOT).contains("trailers"));
        this.atLeast11 = !request.getProtocol().equals("HTTP/1.0");
        this.fields = fields(request, own, rewriting, strip);
    }

    private HttpFields fields(HttpServletRequest request, OwnRequest own, Rewriting rewriting, String strip) {
        HttpFields.Mutable passed = HttpFields.build();
        for (String name : Collections.list(request.getHeaderNames())) {
            if (isPassed(name)) {
                // A client can have taken off what it sent itself; not what middleware says of it (who it is, say).
                Collection<String> values =
                        hopByHop.names(name) ? own.added(name) : Collections.list(request.getHeaders(name));
                values.forEach(value -> passed.add(name, value));
            }
        }
        // "Content-Length: 0" says that there is a body, and that it is empty: some want that of a POST.
        if (!hasBody && length == 0) {
            passed.put("Content-Length", "0");
        }
        if (takesTrailers) {
            passed.put("TE", "trailers");
        }
        int forwards = maxForwards(request);
        if (forwards > 0) {
            passed.put("Max-Forwards", Integer.toString(forwards - 1));
        }
        Forwarding.write(rewriting.forwarded(), request, strip, passed);
        passed.add("Via", version(request.getProtocol()) + " " + rewriting.via());
        return passed.asImmutable();
    }

    private boolean isPassed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isWrittenAnew = lower.equals("host") || lower.equals("content-length") || lower.equals("expect");
        return !isWrittenAnew && !HopByHop.stopsAlways(lower) && !Forwarding.isLikeOne(lower);
    }

    /**
     * {@return the fields for one upstream}
     *
     * @param version2 whether HTTP/2 may be spoken: there the library names the upstream itself, as the authority, and a
     *     Host that says otherwise would be an error (RFC 9113, 8.3.1)
     */
    HttpFields.Mutable fieldsFor(Address upstream, Rewriting rewriting, boolean version2) {
        HttpFields.Mutable mine = HttpFields.build();
        boolean keep = rewriting.host() == Rewriting.Host.KEEP && !host.isEmpty();
        if (!version2) {
            mine.add("Host", keep ? host : upstream.authority());
        }
        // TE is for the next hop alone, and says so (RFC 9110, 10.1.4); HTTP/2 has no Connection.
        if (takesTrailers && !version2) {
            mine.add("Connection", "TE");
        }
        return mine.add(fields);
    }

    /** {@return how often the request may be forwarded: -1 for any number, and for methods it isn't for (RFC 9110, 7.6.2)} */
    static int maxForwards(HttpServletRequest request) {
        String value = request.getHeader("Max-Forwards");
        boolean isMeant =
                request.getMethod().equals("TRACE") || request.getMethod().equals("OPTIONS");
        return isMeant && value != null && value.matches("\\d{1,9}") ? Integer.parseInt(value) : -1;
    }

    /** {@return the version as it stands in Via} */
    static String version(String protocol) {
        return protocol.startsWith("HTTP/") ? protocol.substring("HTTP/".length()) : protocol;
    }

    private static boolean isVersion2(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/2")
                || request.getProtocol().startsWith("HTTP/3");
    }

    private static boolean mayHaveBody(String method) {
        return !method.equals("GET") && !method.equals("HEAD") && !method.equals("OPTIONS") && !method.equals("TRACE");
    }

    String method() {
        return method;
    }

    String host() {
        return host;
    }

    String scheme() {
        return scheme;
    }

    HopByHop hopByHop() {
        return hopByHop;
    }

    /** {@return the body's length; -1 if it isn't known} */
    long length() {
        return length;
    }

    boolean hasBody() {
        return hasBody;
    }

    boolean expectsContinue() {
        return expectsContinue;
    }

    /** {@return whether the client has said that it understands trailers} */
    boolean takesTrailers() {
        return takesTrailers;
    }

    /** {@return whether the client speaks HTTP/1.1 or later} */
    boolean isAtLeast11() {
        return atLeast11;
    }

    boolean isIdempotent() {
        return IDEMPOTENT.contains(method);
    }
}
