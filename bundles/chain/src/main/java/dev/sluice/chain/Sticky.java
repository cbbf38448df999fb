package dev.sluice.chain;

import java.util.Locale;

/**
 * By what a client is told again, so that it gets the same version each time. A request without it gets one at random.
 *
 * <p>A sealed set: exactly one of {@link Header}, {@link Cookie}, {@link ClientIp} and {@link None}.
 */
public sealed interface Sticky {

    /** By nothing: each request is on its own. */
    Sticky NONE = new None();

    /**
     * By the first value of a header.
     *
     * @param name the header's name
     */
    record Header(String name) implements Sticky {
        @Override
        public String toString() {
            return "header:" + name;
        }
    }

    /**
     * By the value of a cookie.
     *
     * @param name the cookie's name
     */
    record Cookie(String name) implements Sticky {
        @Override
        public String toString() {
            return "cookie:" + name;
        }
    }

    /** By the address that the connection comes from. */
    record ClientIp() implements Sticky {
        @Override
        public String toString() {
            return "client-ip";
        }
    }

    /** By nothing. */
    record None() implements Sticky {
        @Override
        public String toString() {
            return "none";
        }
    }

    /**
     * Reads it as operators write it.
     *
     * @param text {@code header:NAME}, {@code cookie:NAME}, {@code client-ip} or {@code none}
     * @return what it says
     * @throws IllegalArgumentException if it says nothing of these; the message says what there is
     */
    static Sticky parse(String text) {
        String trimmed = text.trim();
        int colon = trimmed.indexOf(':');
        String kind = (colon < 0 ? trimmed : trimmed.substring(0, colon)).trim().toLowerCase(Locale.ROOT);
        String name = colon < 0 ? "" : trimmed.substring(colon + 1).trim();
        boolean isName = name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        if (colon >= 0 && isName && kind.equals("header")) {
            return new Header(name);
        }
        if (colon >= 0 && isName && kind.equals("cookie")) {
            return new Cookie(name);
        }
        if (colon < 0 && kind.equals("client-ip")) {
            return new ClientIp();
        }
        if (colon < 0 && kind.equals("none")) {
            return NONE;
        }
        throw new IllegalArgumentException("\"" + text
                + "\" doesn't say by what a client is told again: write header:NAME, cookie:NAME, client-ip or none");
    }
}
