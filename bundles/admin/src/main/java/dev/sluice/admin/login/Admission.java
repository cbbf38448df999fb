package dev.sluice.admin.login;

import jakarta.servlet.ServletRequest;

/** The mark of a request that has come through the door. Compared by identity, so nobody makes one. */
public final class Admission {

    private static final String ATTRIBUTE = "dev.sluice.admin.admission";
    private static final Admission GRANTED = new Admission();

    private Admission() {}

    /** Marks a request that passed every check. */
    public static void grant(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, GRANTED);
    }

    /** {@return whether a request passed every check} */
    static boolean isGranted(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) == GRANTED;
    }
}
