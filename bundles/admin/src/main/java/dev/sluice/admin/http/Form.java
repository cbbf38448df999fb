package dev.sluice.admin.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;

/** What an operator's order comes in: a form, posted in the request's body. */
public final class Form {

    /** Its media type. */
    public static final String TYPE = "application/x-www-form-urlencoded";

    private Form() {}

    /**
     * {@return why a request can't be an order at all}
     *
     * @param fields which fields an order has, in words
     */
    public static Optional<Answer> refused(HttpServletRequest request, String fields) {
        if (!request.getMethod().equals("POST")) {
            return Optional.of(Problem.of(405, "Method not allowed", "Send a POST, with the " + fields + ".")
                    .with("Allow", "POST"));
        }
        return mediaType(request).equals(TYPE)
                ? Optional.empty()
                : Optional.of(Problem.of(415, "Unsupported media type", "Send a form: " + TYPE + "."));
    }

    /** {@return the media type of a request's body, without parameters and in lower case; empty text if it has none} */
    public static String mediaType(HttpServletRequest request) {
        String type = request.getContentType();
        return type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }
}
