package dev.sluice.unload.culprit;

import java.util.List;

/** The JVM doesn't let us look; what was found elsewhere comes along. */
public final class UnseenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Finding> found;

    /**
     * @param sentence where nobody could look, and what to do about it, as {@code "thread-locals: start the JVM with --add-opens
     *     java.base/java.lang=ALL-UNNAMED"}
     * @param found what was found elsewhere
     */
    public UnseenException(String sentence, List<Finding> found) {
        super(sentence);
        this.found = List.copyOf(found);
    }

    /** {@return what was found elsewhere} */
    public List<Finding> found() {
        return found;
    }
}
