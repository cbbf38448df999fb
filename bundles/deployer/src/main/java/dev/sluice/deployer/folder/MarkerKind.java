package dev.sluice.deployer.folder;

/** The kinds of small text files that the container puts beside an artifact. */
public enum MarkerKind {
    /** {@code <file>.failed}: it isn't deployed. */
    FAILED(".failed"),
    /** {@code <file>.stopped}: an operator has stopped it. */
    STOPPED(".stopped"),
    /** {@code <file>.removed}: an operator has removed it, though its file is still there. */
    REMOVED(".removed");

    private final String suffix;

    MarkerKind(String suffix) {
        this.suffix = suffix;
    }

    /** {@return what the marker's name has after that of its artifact} */
    public String suffix() {
        return suffix;
    }
}
