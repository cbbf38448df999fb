package dev.sluice.unload;

/** Whether what was released has gone. */
public enum Verdict {
    /**
     * Nobody knows yet: no collection has come by since that would have taken the class loader. Or one has, nothing that holds it was
     * found, and soft references may.
     */
    PENDING,
    /** Other bundles are wired to it, and have its classes, or requests are in it: it stays until they go, or are wired anew. */
    IN_USE,
    /** Its class loader was collected. Final. */
    COLLECTED,
    /** A collection came by that would have taken the class loader, and something holds it. It may be collected later yet. */
    LEAKED
}
