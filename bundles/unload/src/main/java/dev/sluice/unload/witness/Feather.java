package dev.sluice.unload.witness;

/** What a canary has: a class, so that the JVM treats it like a bundle's class loader. Used as bytes alone. */
final class Feather {

    private Feather() {}
}
