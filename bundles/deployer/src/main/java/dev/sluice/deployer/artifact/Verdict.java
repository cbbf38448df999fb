package dev.sluice.deployer.artifact;

import java.util.Optional;

/** What verification says of a file. */
public sealed interface Verdict {

    /** {@return the file's name in the deploy folder} */
    String file();

    /**
     * It is a bundle that may be deployed.
     *
     * @param artifact the bundle
     */
    record Accepted(Artifact artifact) implements Verdict {
        @Override
        public String file() {
            return artifact.file();
        }
    }

    /**
     * It looks like a ZIP of which something is missing still. More of it may come, however late.
     *
     * @param file the file's name in the deploy folder
     * @param message what is missing
     */
    record Incomplete(String file, String message) implements Verdict {}

    /**
     * It isn't to be deployed yet: something beside it is missing still, such as its signature.
     *
     * @param file the file's name in the deploy folder
     * @param message what it waits for
     */
    record Waiting(String file, String message) implements Verdict {}

    /**
     * It won't be deployed.
     *
     * @param file the file's name in the deploy folder
     * @param sha256 the digest of the content, if it was read
     * @param message what is wrong with it, and what to do about it
     * @param retry what brings the next attempt
     */
    record Refused(String file, Optional<String> sha256, String message, Retry retry) implements Verdict {

        /**
         * A refusal that stands until the file's content changes.
         *
         * @param file the file's name in the deploy folder
         * @param sha256 the digest of the content, if it was read
         * @param message what is wrong with it, and what to do about it
         */
        public Refused(String file, Optional<String> sha256, String message) {
            this(file, sha256, message, Retry.AT_OTHER_CONTENT);
        }
    }

    /** What brings the next attempt at a refused file. */
    enum Retry {
        /** The content is at fault: nothing happens until it changes. */
        AT_OTHER_CONTENT,
        /** The machine is at fault (a full disk, a permission): every scan of the folder tries again. */
        AT_NEXT_SCAN,
        /** A rule is against it: when its content or a sidecar changes, or a rule, a key or a check, it is tried again. */
        AT_OTHER_RULES
    }
}
