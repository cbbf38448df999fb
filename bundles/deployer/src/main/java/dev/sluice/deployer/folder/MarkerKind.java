package dev.sluice.deployer.folder;

/** The kinds of small text files that the container puts beside an artifact. */
public enum MarkerKind {
    /** {@code <file>.failed}: it isn't deployed. */
    FAILED(".failed", "is not deployed.", "the file is put right or removed"),
    /** {@code <file>.failed} too: what the file has now isn't deployed, and what it had before is. */
    NOT_REPLACED(
            ".failed",
            "is not deployed with its present content; the content before serves on.",
            "the file is put right or removed"),
    /** {@code <file>.stopped}: an operator has stopped it. */
    STOPPED(".stopped", "is stopped by an operator.", "it is started, or the file is replaced or removed"),
    /** {@code <file>.removed}: an operator has removed it, though its file is still there. */
    REMOVED(".removed", "is uninstalled by an operator.", "the file is replaced or removed"),
    /** {@code <file>.rolledback}: earlier content is in the place of what the file has, by whomever. */
    ROLLED_BACK(
            ".rolledback",
            "is rolled back: earlier content is deployed in its place.",
            "it is rolled forward, or the file is replaced or removed");

    private final String suffix;
    private final String headline;
    private final String end;

    MarkerKind(String suffix, String headline, String end) {
        this.suffix = suffix;
        this.headline = headline;
        this.end = end;
    }

    /** {@return what is said of the file, after its name} */
    String headline() {
        return headline;
    }

    /** {@return what makes the marker go} */
    String end() {
        return end;
    }

    /** {@return what the marker's name has after that of its artifact} */
    public String suffix() {
        return suffix;
    }
}
