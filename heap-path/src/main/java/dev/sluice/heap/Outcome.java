package dev.sluice.heap;

/** What the program ends with. The codes are none that a JVM ends with by itself, and are repeated where the program is run. */
enum Outcome {
    /** There is a path, and it was printed. */
    PATH(0),
    /** The arguments make no sense. */
    USAGE(2),
    /** Nothing with that number is watched in the dump. */
    UNKNOWN(10),
    /** The class loader is in the dump, and no strong reference of the dump leads to it. */
    NOT_HELD(11),
    /** It had been collected before the dump. */
    COLLECTED(12),
    /** The dump is cut off, or is none. */
    UNREADABLE(13),
    /** The memory doesn't suffice for a dump of this size. */
    MEMORY(14);

    private final int code;

    Outcome(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
