package dev.sluice.admin.console;

import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** What the guard knows of one page of the console: which of its actions may pass. */
@FunctionalInterface
interface Action {

    /**
     * Judges a POST.
     *
     * @param request the request, with the parameters that the console will see
     * @param rest the path below the page, with its leading slash; empty for the page itself
     * @return the refusal; empty if it may pass
     */
    Optional<Problem> refuse(HttpServletRequest request, String rest);

    /** {@return a refusal of what the console could do, but the container doesn't allow} */
    static Optional<Problem> no(String detail) {
        return Optional.of(Problem.forbidden(detail));
    }

    /** {@return that it may pass} */
    static Optional<Problem> yes() {
        return Optional.empty();
    }
}
