package dev.sluice.admin.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An answer that the admin gives itself. */
@FunctionalInterface
public interface Answer {

    /**
     * Writes the answer.
     *
     * @param request what is answered
     * @param response where to; not committed yet
     */
    void write(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /**
     * Writes a text that no browser runs, frames, stores or takes for something else.
     *
     * @param response where to
     * @param status the status code
     * @param contentType the media type, without a charset
     * @param text the body, sent as UTF-8
     */
    static void text(HttpServletResponse response, int status, String contentType, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        // Not "no-referrer": with it a browser sends "Origin: null" with the console's own forms.
        response.setHeader("Referrer-Policy", "same-origin");
        response.setContentType(contentType + ";charset=utf-8");
        // No Content-Length: Jetty adds it at the end, and Connection: close with it if a body is left unread. Told it
        // now,
        // it would send the answer first and cut the connection silently afterwards.
        response.getOutputStream().write(body);
    }
}
