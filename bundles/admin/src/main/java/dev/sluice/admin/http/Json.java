package dev.sluice.admin.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * A record as JSON. Every field is there whatever its value, so a reader need not ask for it.
 *
 * @param status the status code
 * @param body a record of strings, numbers, booleans, lists and records
 */
public record Json(int status, Object body) implements Answer {

    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    @Override
    public void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answer.text(response, status, "application/json", GSON.toJson(body));
    }
}
