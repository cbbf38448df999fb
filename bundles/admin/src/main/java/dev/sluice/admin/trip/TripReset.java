package dev.sluice.admin.trip;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Form;
import dev.sluice.admin.http.Json;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Login;
import dev.sluice.chain.ChainControl;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/v1/trip/reset}: lets a version that has tripped serve again. Takes a form with name and version. */
public final class TripReset {

    private static final Logger LOG = LoggerFactory.getLogger(TripReset.class);

    private record Reset(String name, String version, boolean reset) {}

    private final Supplier<Optional<ChainControl>> chain;

    /**
     * Resets units of a chain.
     *
     * @param chain the chain; empty while it is away
     */
    public TripReset(Supplier<Optional<ChainControl>> chain) {
        this.chain = chain;
    }

    /**
     * Does what a request asks for.
     *
     * @param request a request that has passed the login
     * @return what came of it
     */
    public Answer answer(HttpServletRequest request) {
        return Form.refused(request, "fields name and version").orElseGet(() -> reset(request));
    }

    private Answer reset(HttpServletRequest request) {
        Optional<ChainControl> control = chain.get();
        if (control.isEmpty()) {
            return Problem.of(
                            HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                            "The chain is away",
                            "The chain isn't there at the moment. Look at the bundle dev.sluice.chain, and at the log.")
                    .with("Retry-After", "1");
        }
        String name = request.getParameter("name");
        String version = request.getParameter("version");
        if (name == null || version == null) {
            return Problem.of(
                    HttpServletResponse.SC_BAD_REQUEST,
                    "Fields are missing",
                    "Say which version of which middleware: name and version, as GET /api/v1/status gives them.");
        }
        if (!control.get().reset(name, version)) {
            return Problem.of(
                    HttpServletResponse.SC_NOT_FOUND,
                    "Nothing to reset",
                    "No such version of such a middleware has tripped. GET /api/v1/status shows which have.");
        }
        // Both are known to the chain by now, so they can't forge a line of the log.
        LOG.info("{} reset the trip switch of {} {}", Login.USER, name, version);
        return new Json(HttpServletResponse.SC_OK, new Reset(name, version, true));
    }
}
