package dev.sluice.unload.witness;

import java.lang.ref.WeakReference;

/** As the unload bundle's: by this name, and by the name of its field, a class loader is found in a dump. */
public final class Watched extends WeakReference<ClassLoader> {

    private final long number;

    public Watched(ClassLoader loader, long number) {
        super(loader);
        this.number = number;
    }

    /** {@return the unload's number} */
    public long number() {
        return number;
    }
}
