package dev.sluice.chain.split;

import dev.sluice.chain.Sticky;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;

/** Finds in a request what tells its client again. */
final class StickyKey {

    private StickyKey() {}

    /** {@return the key; null if the request has none} */
    static String of(Sticky sticky, HttpServletRequest request) {
        String key;
        try {
            key = read(sticky, request);
        } catch (RuntimeException unreadable) {
            // The servlet container finds the request's head malformed. What comes of that is for whoever needs it.
            return null;
        }
        return key == null || key.isEmpty() ? null : key;
    }

    private static String read(Sticky sticky, HttpServletRequest request) {
        if (sticky instanceof Sticky.Header header) {
            return request.getHeader(header.name());
        }
        if (sticky instanceof Sticky.Cookie cookie) {
            return value(request.getCookies(), cookie.name());
        }
        return sticky instanceof Sticky.ClientIp ? request.getRemoteAddr() : null;
    }

    private static String value(Cookie[] cookies, String name) {
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }
}
