package dev.sluice.sample.greeting;

import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.MiddlewareName;
import dev.sluice.middleware.MiddlewarePaths;
import dev.sluice.middleware.Next;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** Puts a greeting into every response. */
@Component
@MiddlewareName("greeting")
@MiddlewarePaths("/*")
@ServiceRanking(100)
public final class Greeting implements Middleware {

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
            throws IOException, ServletException {
        response.setHeader("X-Greeting", "hello again, from version 2");
        next.proceed(request, response);
    }
}
