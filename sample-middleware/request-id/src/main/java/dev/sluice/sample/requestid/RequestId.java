package dev.sluice.sample.requestid;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.MiddlewareName;
import dev.sluice.middleware.MiddlewarePaths;
import dev.sluice.middleware.Next;
import dev.sluice.middleware.OnFailure;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.slf4j.MDC;

/** Gives every request an id that can be followed through log, response and whatever runs after it. */
@Component
@MiddlewareName("request-id")
@MiddlewarePaths("/*")
@ServiceRanking(10_000) // early, so that whatever other middleware logs carries the id
@OnFailure(OnFailure.OPEN) // nice to have, and protects nothing
public final class RequestId implements Middleware {

    static final String HEADER = "X-Request-Id";
    static final String KEY = "requestId";

    /** An id ends up in log lines and in other programs: nothing long, and nothing that means something there. */
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._:+/=-]{1,128}");

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        String id = idOf(request);
        request.setAttribute(KEY, id);
        response.setHeader(HEADER, id);
        String before = MDC.get(KEY);
        MDC.put(KEY, id);
        try {
            next.proceed(request, response);
        } finally {
            // The thread goes back to a pool: what it carries on would be another request's id.
            if (before == null) {
                MDC.remove(KEY);
            } else {
                MDC.put(KEY, before);
            }
        }
    }

    private static String idOf(HttpServletRequest request) {
        // A retry by earlier middleware is still the same request.
        if (request.getAttribute(KEY) instanceof String known) {
            return known;
        }
        String given = request.getHeader(HEADER);
        return given != null && SAFE.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }
}
