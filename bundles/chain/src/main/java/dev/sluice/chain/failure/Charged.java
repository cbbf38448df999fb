package dev.sluice.chain.failure;

/** Whom a failure is charged to. */
public interface Charged {

    /** {@return its name, as clients may see it} */
    String name();

    /** {@return it as the log names it when it has failed} */
    String described();
}
