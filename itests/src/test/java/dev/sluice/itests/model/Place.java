package dev.sluice.itests.model;

import java.util.Optional;

/**
 * What the model knows of one file.
 *
 * @param folder what lies in the folder
 * @param published what was last published from it
 * @param running what its bundle holds: another bundle may have updated it in place
 * @param condition what became of the bundle
 */
record Place(Optional<Content> folder, Optional<Content> published, Optional<Content> running, Condition condition) {

    /** What became of a bundle. */
    enum Condition {
        /** Never published, or removed through the folder. */
        NONE,
        /** It runs. */
        RUNS,
        /** Somebody who is no operator has stopped it. */
        STOPPED_BY_OTHERS,
        /** Somebody who is no operator has uninstalled it. */
        UNINSTALLED_BY_OTHERS,
        /** An operator has stopped it. */
        STOPPED,
        /** An operator has uninstalled it. */
        UNINSTALLED
    }

    static final Place EMPTY = new Place(Optional.empty(), Optional.empty(), Optional.empty(), Condition.NONE);

    boolean is(Condition other) {
        return condition == other;
    }

    /** {@return whether its place waits for it: nobody who may has taken it out} */
    boolean isAway() {
        return is(Condition.STOPPED_BY_OTHERS) || is(Condition.UNINSTALLED_BY_OTHERS);
    }

    Place become(Condition other) {
        return new Place(folder, published, running, other);
    }

    Place run(Content content) {
        return new Place(folder, published, Optional.of(content), Condition.RUNS);
    }

    /** Something that can't be deployed comes to lie in the folder, and changes nothing else. */
    Place refuse(Content content) {
        return new Place(Optional.of(content), published, running, condition);
    }

    Place publish(Content content) {
        Optional<Content> now = Optional.of(content);
        // What is published already isn't deployed again: the bundle stays what it is.
        return published.equals(now) && is(Condition.RUNS) ? refuse(content) : new Place(now, now, now, Condition.RUNS);
    }

    /** What was published comes back; what an operator decided stays decided. */
    Place restart() {
        return is(Condition.RUNS) || isAway() ? run(published.orElseThrow()) : this;
    }
}
