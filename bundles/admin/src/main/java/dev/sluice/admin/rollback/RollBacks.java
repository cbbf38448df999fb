package dev.sluice.admin.rollback;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Form;
import dev.sluice.admin.http.Problem;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.RollBack;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * {@code POST /api/v1/rollback}, a form with file and to: earlier content in the place of what a file has; and {@code POST
 * /api/v1/rollforward}, a form with file: the file's own content again.
 */
public final class RollBacks {

    private static final int UNPROCESSABLE = 422;

    private final FileOrder order;

    /**
     * Takes orders.
     *
     * @param order by which the deployer is asked
     */
    public RollBacks(FileOrder order) {
        this.order = order;
    }

    /**
     * Rolls a file back.
     *
     * @param request a request that has passed the login
     * @return what came of it
     */
    public Answer back(HttpServletRequest request) {
        return Form.refused(request, "fields file and to").orElseGet(() -> {
            String to = request.getParameter("to");
            return to == null
                    ? FileOrder.missing("Say which file, and to what: file, and to, a version or a sha256. The history"
                            + " of GET /api/v1/status has both.")
                    : order.answer(
                            request, (deployments, file) -> deployments.rollBack(file, to.strip()), RollBacks::answer);
        });
    }

    /**
     * Ends a roll back.
     *
     * @param request a request that has passed the login
     * @return what came of it
     */
    public Answer forward(HttpServletRequest request) {
        return order.answer(request, Deployments::rollForward, RollBacks::answer);
    }

    private static Answer answer(RollBack rollBack) {
        int status =
                switch (rollBack.outcome()) {
                    case ROLLED_BACK, ROLLED_FORWARD, ALREADY -> HttpServletResponse.SC_OK;
                    case UNKNOWN -> HttpServletResponse.SC_NOT_FOUND;
                    case NOT_KEPT -> HttpServletResponse.SC_GONE;
                    case REFUSED -> HttpServletResponse.SC_CONFLICT;
                    case FAILED -> UNPROCESSABLE;
                };
        return rollBack.isDone()
                ? FileOrder.done(status, rollBack.outcome().name(), rollBack.message())
                : Problem.of(status, rollBack.outcome().name(), rollBack.message());
    }
}
