package dev.sluice.unload.managed;

/** How far the executor of a bundle has come: from the first to the last, some left out, and never back. */
enum Stage {
    /** Takes tasks. */
    OPEN,
    /** An author has shut it down: what runs may end. */
    SHUT_DOWN,
    /** The bundle has stopped: what runs is awaited. */
    RELEASING,
    /** Nothing begins any more. */
    RELEASED;

    /** {@return the later of the two} */
    Stage to(Stage next) {
        return compareTo(next) < 0 ? next : this;
    }

    /** {@return what an author is told whose task isn't taken} */
    String refusal(String bundle) {
        return this == SHUT_DOWN
                ? bundle + " has shut its executor down. It needn't: the container does so when the bundle stops."
                : bundle + " is being released, and so is its executor: it takes no more tasks. Give it none after the"
                        + " component that uses it is deactivated.";
    }
}
