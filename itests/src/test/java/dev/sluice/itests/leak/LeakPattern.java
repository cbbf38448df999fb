package dev.sluice.itests.leak;

/**
 * A row of the table.
 *
 * @param name the row's name
 * @param kind the kind of culprit that is expected where it holds, and may be named where it only holds softly; empty text where
 *     nobody can see it from outside
 * @param holdsBefore the feature number of the first JDK on which it holds nothing any more; 0 if it never did
 * @param cleanable whether clean-up has the class loader collected
 * @param minimumJava the feature number of the first JDK that has what it needs
 * @param twinsMinimumJava the feature number of the first JDK on which it can be done right
 * @param source the members of the class {@code leak.Pattern}, which extends {@code leak.Row}: the clean twin's are the same, and
 *     what undoes the rest is called of it alone
 */
record LeakPattern(
        String name,
        String kind,
        int holdsBefore,
        boolean cleanable,
        int minimumJava,
        int twinsMinimumJava,
        String source) {

    private static final int ALWAYS = Integer.MAX_VALUE;

    /** {@return a row that holds, and is found} */
    static LeakPattern found(String name, String kind, String source) {
        return new LeakPattern(name, kind, ALWAYS, false, 0, 0, source);
    }

    /** {@return a row that holds, is found, and is cleaned up} */
    static LeakPattern cleaned(String name, String kind, String source) {
        return new LeakPattern(name, kind, ALWAYS, true, 0, 0, source);
    }

    /** {@return a row that holds, and of which nobody sees how} */
    static LeakPattern unseen(String name, String source) {
        return new LeakPattern(name, "", ALWAYS, false, 0, 0, source);
    }

    /**
     * {@return a row that holds softly, through a cache of the JDK's} Such a cache may be named, if it still had the bundle when it
     * was searched, and cleared; but the bundle goes by itself, and has not leaked.
     */
    static LeakPattern soft(String name, String source) {
        return new LeakPattern(name, "CACHE", 0, false, 0, 0, source);
    }

    /** {@return a row that looks as if it held, and doesn't} */
    static LeakPattern harmless(String name, String source) {
        return new LeakPattern(name, "", 0, false, 0, 0, source);
    }

    /** {@return the same, on newer JDKs alone} */
    LeakPattern from(int java) {
        return new LeakPattern(name, kind, holdsBefore, cleanable, java, java, source);
    }

    /** {@return the same, holding on older JDKs alone} */
    LeakPattern heldBefore(int java) {
        return new LeakPattern(name, kind, java, cleanable, minimumJava, twinsMinimumJava, source);
    }

    /** {@return the same, with a clean twin on newer JDKs alone} */
    LeakPattern twinFrom(int java) {
        return new LeakPattern(name, kind, holdsBefore, cleanable, minimumJava, java, source);
    }

    /** {@return whether the leaky twin holds its class loader on a JDK, and nobody sees how} */
    boolean isUnseen(int java) {
        return holds(java) && kind.isEmpty();
    }

    /** {@return whether the leaky twin holds its class loader on a JDK} */
    boolean holds(int java) {
        return java < holdsBefore;
    }
}
