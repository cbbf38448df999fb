package dev.sluice.benchmark.bundle;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Hands each request on. */
public final class PassingMiddleware implements Middleware {

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        next.proceed(request, response);
    }
}
