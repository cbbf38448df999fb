package dev.sluice.container.options;

/** What a call of the launcher asks for. */
public sealed interface Invocation {

    /** Run the container. */
    record Run(Settings settings) implements Invocation {}

    /** Print something, and end. */
    record Print(String text) implements Invocation {}
}
