package dev.sluice.middleware.author;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.MiddlewareName;
import dev.sluice.middleware.MiddlewarePaths;
import dev.sluice.middleware.Next;
import dev.sluice.middleware.OnFailure;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;

/** A middleware whose annotations leave everything but the name to their defaults. */
@Component
@MiddlewareName("defaults")
@MiddlewarePaths
@OnFailure
public final class Defaults implements Middleware {
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        next.proceed(request, response);
    }
}
