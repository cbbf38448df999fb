package dev.sluice.unload.culprit;

/**
 * A task of a bundle's that the container runs for it, on a thread that it has made for that alone: the thread isn't the bundle's, and
 * nobody else's either. It was interrupted when the bundle was released.
 */
public interface ManagedTask extends Runnable {}
