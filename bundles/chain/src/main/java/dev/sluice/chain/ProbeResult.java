package dev.sluice.chain;

/**
 * What came of probing one candidate.
 *
 * <p>A sealed pair: exactly one of {@link Ready} and {@link Refused}.
 */
public sealed interface ProbeResult {

    /** {@return the middleware's name, or the bundle's symbolic name where none could be told} */
    String name();

    /**
     * The candidate can be published.
     *
     * @param name the middleware's name
     * @param unit what the chain knows of it; its state is {@link UnitState#CANDIDATE}
     * @param place the place that it will take, with the operator's overrides applied
     */
    record Ready(String name, UnitView unit, ReservedPlace place) implements ProbeResult {}

    /**
     * The candidate can't be published.
     *
     * @param name the middleware's name
     * @param reason why, for programs
     * @param message why, and what to do about it, for people; no class of the bundle is referred to
     */
    record Refused(String name, Reason reason, String message) implements ProbeResult {}

    /** Why a candidate can't be published. */
    enum Reason {
        /** A middleware name is missing though the bundle registers several, or the name isn't one. */
        BAD_NAME,
        /** A path pattern isn't one of the Servlet specification 12.2. */
        BAD_PATHS,
        /** The failure mode is neither {@code open} nor {@code closed}. */
        BAD_FAILURE_MODE,
        /** The same bundle registers the name twice. */
        DUPLICATE_NAME,
        /** Another symbolic name owns the middleware. */
        NAME_OWNED,
        /** The service could not be had: its component failed to activate, or its factory returned none. */
        SERVICE_UNAVAILABLE,
        /** The filter's {@code init} threw. */
        INIT_FAILED
    }
}
