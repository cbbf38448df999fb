package dev.sluice.benchmark.inside;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** The same calls and nothing else: what somebody would write who needs no version, no lease and no containment. */
record HandWritten(Middleware middleware, Next rest) implements Next {

    /** Links the calls, with what stands behind them at the end. */
    static Next link(List<Middleware> all, FilterChain behind) {
        Next next = behind::doFilter;
        for (int i = all.size() - 1; i >= 0; i--) {
            next = new HandWritten(all.get(i), next);
        }
        return next;
    }

    @Override
    public void proceed(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        middleware.handle(request, response, rest);
    }
}
