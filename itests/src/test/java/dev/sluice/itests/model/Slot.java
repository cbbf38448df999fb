package dev.sluice.itests.model;

/** The files of the deploy folder that the model knows. Two of one kind hold versions beside each other. */
enum Slot {
    DENY(Kind.DENY, "deny.jar", 0),
    AUTH(Kind.AUTH, "auth.jar", 0),
    AUTH_B(Kind.AUTH, "auth-b.jar", 1),
    PAIR(Kind.PAIR, "pair.jar", 0),
    PAIR_B(Kind.PAIR, "pair-b.jar", 1),
    TRACE(Kind.TRACE, "trace.jar", 0);

    private final Kind kind;
    private final String file;
    private final int parity;

    Slot(Kind kind, String file, int parity) {
        this.kind = kind;
        this.file = file;
        this.parity = parity;
    }

    Kind kind() {
        return kind;
    }

    String file() {
        return file;
    }

    /** {@return the n-th version for this file: no two files of a kind ever have the same version} */
    int version(int n) {
        return 2 * n + parity;
    }
}
