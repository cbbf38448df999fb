package dev.sluice.benchmark.bundle;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes its version into a header, and hands the request on; or denies it. */
final class StampingMiddleware implements Middleware {

    private final Stamp stamp;

    StampingMiddleware(Stamp stamp) {
        this.stamp = stamp;
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        if (stamp.lets(response)) {
            next.proceed(request, response);
        }
    }
}
