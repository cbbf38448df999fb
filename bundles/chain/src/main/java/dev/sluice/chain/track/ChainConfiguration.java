package dev.sluice.chain.track;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** PID {@code dev.sluice.chain}, file {@code conf/dev.sluice.chain.cfg}. Takes effect at once. */
@ObjectClassDefinition(
        name = "Sluice chain",
        description = "The request path. Besides these, chain.owner.<middleware> = <symbolic name>[, ...] says which"
                + " bundles may provide a middleware.")
@interface ChainConfiguration {

    @AttributeDefinition(
            name = "inplace.drain.timeout",
            description =
                    "How long a change in place (an update, a stop, a re-activation) waits for running requests, as"
                            + " 500ms, 5s or 1m")
    String inplace_drain_timeout() default "5s";
}
