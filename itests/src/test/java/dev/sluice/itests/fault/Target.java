package dev.sluice.itests.fault;

/** What the clients of the oracle ask for. */
public enum Target {
    /** A servlet behind two middleware of one bundle, which it says in its answer. */
    APP("/app"),
    /** A servlet that answers 200, behind a middleware that answers 403: whoever gets through has bypassed it. */
    FORBIDDEN("/forbidden");

    private final String path;

    Target(String path) {
        this.path = path;
    }

    /** {@return the path under which it lies} */
    public String path() {
        return path;
    }
}
