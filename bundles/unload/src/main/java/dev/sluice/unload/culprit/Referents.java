package dev.sluice.unload.culprit;

import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;

/**
 * What soft references refer to, read from the field: {@link SoftReference#get} would prolong the life of what it returns, others'
 * as well as the bundle's. Safe for any thread.
 */
public final class Referents {

    private final VarHandle referent;

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if the package isn't opened
     */
    public Referents(Opened opened) throws UnseenException {
        this.referent = opened.handle(Reference.class, "referent");
    }

    /** {@return what a soft reference refers to; null if it was cleared, or the object isn't one} */
    public Object of(Object reference) {
        return reference instanceof SoftReference<?> soft ? referent.get((Reference<?>) soft) : null;
    }
}
