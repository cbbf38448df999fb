package dev.sluice.admin.door;

import dev.sluice.admin.http.AdminPath;
import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Check;
import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;

/**
 * Refuses a request that may change something and comes from a page of another site: the browser would send the operator's
 * login along. A client that is no browser sends none of the headers, and goes on.
 */
final class OriginCheck implements Check {

    @Override
    public Optional<Answer> stop(HttpServletRequest request, AdminPath path) {
        if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD") || isOurs(request)) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.forbidden("A page of another site sent this request. Change things from the console's own"
                        + " pages, or with a client that sends no Origin."));
    }

    private static boolean isOurs(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        String origin = request.getHeader("Origin");
        String from = origin != null ? origin : request.getHeader("Referer");
        return from == null || hasAuthority(from, request.getHeader("Host"));
    }

    /** The scheme isn't compared: before us there may be a proxy that ends TLS. */
    private static boolean hasAuthority(String from, String host) {
        try {
            String authority = URI.create(from).getRawAuthority();
            return authority != null && host != null && authority.equalsIgnoreCase(host.trim());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
