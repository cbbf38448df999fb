package dev.sluice.admin.door;

import dev.sluice.admin.http.AdminPath;
import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Check;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Admission;
import dev.sluice.admin.login.Login;
import dev.sluice.admin.rollback.RollBacks;
import dev.sluice.admin.rollout.RolloutOrders;
import dev.sluice.admin.status.Health;
import dev.sluice.admin.status.Status;
import dev.sluice.admin.trip.TripReset;
import dev.sluice.admin.unload.ExplainOrder;
import dev.sluice.chain.ChainControl;
import dev.sluice.chain.Operator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A request's way through the admin, a straight line: path → host → origin → login → the operator's mark → console guard →
 * the console. Health needs no login. Nothing but the console is passed on, so no other servlet is ever reached.
 */
final class Way {

    private final List<Check> beforeLogin;
    private final Check login;
    private final Check guard;
    private final BooleanSupplier console;
    private final Health health;
    private final Status status;
    private final TripReset reset;
    private final RollBacks rollBacks;
    private final RolloutOrders rollouts;
    private final ExplainOrder explain;

    Way(
            Check host,
            Check origin,
            Check login,
            Check guard,
            BooleanSupplier console,
            Health health,
            Status status,
            TripReset reset,
            RollBacks rollBacks,
            RolloutOrders rollouts,
            ExplainOrder explain) {
        this.beforeLogin = List.of(host, origin);
        this.login = login;
        this.guard = guard;
        this.console = console;
        this.health = health;
        this.status = status;
        this.reset = reset;
        this.rollBacks = rollBacks;
        this.rollouts = rollouts;
        this.explain = explain;
    }

    void go(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        AdminPath path = AdminPath.of(request);
        switch (path.area()) {
            case AMBIGUOUS -> ambiguous().write(request, response);
            case NOWHERE -> nowhere().write(request, response);
            case LIVE -> reading(request, health.live()).write(request, response);
            case READY -> reading(request, health.ready()).write(request, response);
            case STATUS,
                    TRIP_RESET,
                    ROLL_BACK,
                    ROLL_FORWARD,
                    ROLLOUT_PAUSE,
                    ROLLOUT_RESUME,
                    ROLLOUT_PROMOTE,
                    ROLLOUT_ABORT,
                    UNLOAD_EXPLAIN,
                    CONSOLE -> {
                Optional<Answer> stopped = stopped(request, path);
                if (stopped.isPresent()) {
                    stopped.get().write(request, response);
                } else {
                    admitted(request, response, chain, path);
                }
            }
        }
    }

    private void admitted(HttpServletRequest request, HttpServletResponse response, FilterChain chain, AdminPath path)
            throws IOException, ServletException {
        switch (path.area()) {
            case STATUS -> reading(request, status.answer()).write(request, response);
            case TRIP_RESET -> reset.answer(request).write(request, response);
            case ROLL_BACK -> rollBacks.back(request).write(request, response);
            case ROLL_FORWARD -> rollBacks.forward(request).write(request, response);
            case ROLLOUT_PAUSE -> rollouts.pause(request).write(request, response);
            case ROLLOUT_RESUME -> rollouts.resume(request).write(request, response);
            case ROLLOUT_PROMOTE -> rollouts.promote(request).write(request, response);
            case ROLLOUT_ABORT -> rollouts.abort(request).write(request, response);
            case UNLOAD_EXPLAIN -> explain.answer(request).write(request, response);
            default -> console(request, response, chain, path);
        }
    }

    private Optional<Answer> stopped(HttpServletRequest request, AdminPath path) throws IOException {
        for (Check check : beforeLogin) {
            Optional<Answer> answer = check.stop(request, path);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return login.stop(request, path);
    }

    // The mark is there to be closed, not to be looked at.
    @SuppressWarnings("try")
    private void console(HttpServletRequest request, HttpServletResponse response, FilterChain chain, AdminPath path)
            throws IOException, ServletException {
        try (Operator.Mark mark = Operator.mark(Login.USER)) {
            Optional<Answer> answer = guard.stop(request, path);
            if (answer.isPresent()) {
                answer.get().write(request, response);
            } else if (!console.getAsBoolean()) {
                away().write(request, response);
            } else {
                Admission.grant(request);
                // The console's own pages need scripts; but no other site may frame them.
                response.setHeader("X-Frame-Options", "DENY");
                response.setHeader("Content-Security-Policy", "frame-ancestors 'none'");
                response.setHeader("X-Content-Type-Options", "nosniff");
                response.setHeader("Referrer-Policy", "same-origin");
                // For the gate, which is the last check on this listener too.
                request.setAttribute(ChainControl.ADMITTED_ATTRIBUTE, Boolean.TRUE);
                chain.doFilter(request, response);
            }
        }
    }

    private static Answer reading(HttpServletRequest request, Answer answer) {
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return reads
                ? answer
                : Problem.of(405, "Method not allowed", "This is only to be read.")
                        .with("Allow", "GET, HEAD");
    }

    private static Answer ambiguous() {
        return Problem.of(
                HttpServletResponse.SC_BAD_REQUEST,
                "Ambiguous path",
                "The path can be read in more than one way. Send it without encoded slashes and dots, empty or dot segments,"
                        + " backslashes and path parameters.");
    }

    private static Answer nowhere() {
        return Problem.of(
                HttpServletResponse.SC_NOT_FOUND,
                "Not found",
                "The admin listener serves /system/console, /health/live, /health/ready, /api/v1/status,"
                        + " /api/v1/trip/reset, /api/v1/rollback, /api/v1/rollforward, /api/v1/rollout/pause, resume,"
                        + " promote and abort, and /api/v1/unload/explain.");
    }

    private static Answer away() {
        return Problem.of(
                        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                        "The web console is away",
                        "The console isn't there at the moment. Look at the bundle org.apache.felix.webconsole, and at the"
                                + " log.")
                .with("Retry-After", "1");
    }
}
