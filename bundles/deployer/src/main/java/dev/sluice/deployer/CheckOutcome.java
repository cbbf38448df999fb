package dev.sluice.deployer;

import java.util.Optional;

/** What an {@link ArtifactCheck} says of a file. */
public sealed interface CheckOutcome {

    /**
     * There is nothing against it.
     *
     * @param note what was verified, for log and status, as {@code signature by release.pem}; empty if there is nothing to say
     */
    record Passed(Optional<String> note) implements CheckOutcome {}

    /**
     * It must not be deployed. It is looked at again when the file or one of its sidecars changes, or what decides about it: a
     * check, a key, the deployer's configuration.
     *
     * @param reason a sentence that says what is wrong, and what to do about it
     */
    record Refused(String reason) implements CheckOutcome {}

    /**
     * It isn't to be deployed yet, for something that is to come. It is looked at again as one that is refused.
     *
     * @param reason what it waits for, as the end of a sentence that begins with <q>It waits:</q>
     */
    record Waiting(String reason) implements CheckOutcome {}

    /** {@return that there is nothing against it} */
    static CheckOutcome passed() {
        return new Passed(Optional.empty());
    }

    /**
     * {@return that there is nothing against it, and why}
     *
     * @param note what was verified
     */
    static CheckOutcome passed(String note) {
        return new Passed(Optional.of(note));
    }

    /**
     * {@return that it must not be deployed}
     *
     * @param reason what is wrong, and what to do about it
     */
    static CheckOutcome refused(String reason) {
        return new Refused(reason);
    }

    /**
     * {@return that it isn't to be deployed yet}
     *
     * @param reason what it waits for
     */
    static CheckOutcome waiting(String reason) {
        return new Waiting(reason);
    }
}
