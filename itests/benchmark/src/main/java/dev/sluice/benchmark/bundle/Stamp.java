package dev.sluice.benchmark.bundle;

import jakarta.servlet.http.HttpServletResponse;

/**
 * What a version leaves on each response that it has seen.
 *
 * @param header the header's name
 * @param version the header's value
 * @param denies whether it answers 403 then
 */
public record Stamp(String header, String version, boolean denies) {

    /** {@return whether the request may go on} */
    public boolean lets(HttpServletResponse response) {
        // Added, not set: who comes by two versions has both.
        response.addHeader(header, version);
        if (denies) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        }
        return !denies;
    }
}
