package dev.sluice.admin.unload;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Json;
import dev.sluice.admin.http.Problem;
import dev.sluice.unload.Explanation;
import dev.sluice.unload.RootPath;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;

/** An explanation as JSON, or as text for whoever accepts only that. */
final class ExplanationAnswer {

    private record Body(long number, String outcome, String message, List<RootPath> paths, String dump) {}

    private ExplanationAnswer() {}

    static Answer of(long number, Explanation explanation) {
        if (explanation instanceof Explanation.Held held) {
            String message = held.paths().size() == 1
                    ? "This holds it."
                    : held.paths().size() + " things hold it; there may be more.";
            return told(
                    new Body(number, "HELD", message, held.paths(), held.dump().orElse(null)));
        }
        if (explanation instanceof Explanation.NotHeld not) {
            return told(new Body(
                    number, "NOT_HELD", not.message(), not.soft(), not.dump().orElse(null)));
        }
        if (explanation instanceof Explanation.Unknown) {
            return Problem.of(
                    HttpServletResponse.SC_NOT_FOUND,
                    "No such unload",
                    "Nothing that has left has the number " + number
                            + ". GET /api/v1/status shows what has, among its unloads.");
        }
        if (explanation instanceof Explanation.Collected) {
            return Problem.of(
                    HttpServletResponse.SC_CONFLICT,
                    "It has been collected",
                    "Nothing holds it: there is nothing to explain.");
        }
        if (explanation instanceof Explanation.Busy) {
            return Problem.of(
                            HttpServletResponse.SC_CONFLICT,
                            "Another one is being explained",
                            "One heap dump is looked through at a time. Ask again when it is done.")
                    .with("Retry-After", "10");
        }
        String reason = explanation instanceof Explanation.Failed failed ? failed.reason() : "the log says more";
        return Problem.of(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "It can't be explained", reason + ".");
    }

    private static Answer told(Body body) {
        return (request, response) -> {
            String accept = request.getHeader("Accept");
            if (accept != null && accept.contains("text/plain")) {
                Answer.text(response, HttpServletResponse.SC_OK, "text/plain", text(body));
            } else {
                new Json(HttpServletResponse.SC_OK, body).write(request, response);
            }
        };
    }

    private static String text(Body body) {
        List<String> lines = new ArrayList<>();
        lines.add(body.message());
        for (RootPath path : body.paths()) {
            lines.add("");
            lines.addAll(path.lines());
        }
        if (body.dump() != null) {
            lines.add("");
            lines.add("The heap dump is kept: " + body.dump());
        }
        return String.join("\n", lines) + "\n";
    }
}
