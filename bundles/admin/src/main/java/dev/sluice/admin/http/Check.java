package dev.sluice.admin.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;

/** One step on a request's way through the door. */
@FunctionalInterface
public interface Check {

    /**
     * Looks at a request.
     *
     * @param request the request
     * @param path where it goes
     * @return what it is answered with; empty if it may go on
     * @throws IOException if the request can't be read
     */
    Optional<Answer> stop(HttpServletRequest request, AdminPath path) throws IOException;
}
