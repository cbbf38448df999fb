package dev.sluice.admin.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal, as problem details (RFC 9457); as plain text for a browser that navigates and wants a page.
 *
 * @param status the status code
 * @param title what is wrong, in few words
 * @param detail what is wrong, and what to do about it
 * @param headers further headers
 */
public record Problem(int status, String title, String detail, Map<String, String> headers) implements Answer {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    /** Keeps its own copy of the headers. */
    public Problem {
        headers = Map.copyOf(headers);
    }

    /** {@return a problem without further headers} */
    public static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, Map.of());
    }

    /** {@return a refusal of something that the login doesn't allow either} */
    public static Problem forbidden(String detail) {
        return of(HttpServletResponse.SC_FORBIDDEN, "Refused", detail);
    }

    /** {@return this problem with one header more} */
    public Problem with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Problem(status, title, detail, more);
    }

    @Override
    public void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        headers.forEach(response::setHeader);
        if (wantsPage(request)) {
            Answer.text(response, status, "text/plain", title + "\n\n" + detail + "\n");
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "about:blank");
        fields.put("title", title);
        fields.put("status", status);
        fields.put("detail", detail);
        Answer.text(response, status, "application/problem+json", GSON.toJson(fields));
    }

    private static boolean wantsPage(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("text/html") && !accept.contains("json");
    }
}
