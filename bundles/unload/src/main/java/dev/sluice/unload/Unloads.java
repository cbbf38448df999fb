package dev.sluice.unload;

import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The verdicts on what has left. Every bundle that is uninstalled, or updated in place, gets one, whoever does it. Published as a
 * service by this bundle. Safe to call from any thread.
 */
@ProviderType
public interface Unloads {

    /**
     * Says what a bundle that is about to leave was deployed as. To be called before it is uninstalled, or updated in place. It
     * may stay after all: what was said last counts.
     *
     * @param bundleId the bundle's id
     * @param departure what it was deployed as
     * @return the number of the last that left until now, by which {@link UnloadView#number} of this one is greater; 0 if none did
     */
    long leaving(long bundleId, Departure departure);

    /**
     * Says which requests are in a bundle that has stopped, and may be about to leave. They hold it, if it leaves, until they are over.
     *
     * @param bundleId the bundle's id
     * @param requests each as {@code GET /events, since 2026-11-23T17:00:00Z}; more may be in it than are told, and the last one then
     *     says so
     * @return to be run when they are over, by any thread
     */
    Runnable requestsIn(long bundleId, List<String> requests);

    /** {@return those whose verdict isn't final, and the last of the others; what left last comes first} */
    List<UnloadView> view();

    /**
     * How many released versions of a middleware are still in memory and shouldn't be.
     *
     * @param middleware the middleware's name
     * @return how many of them have the verdict {@code LEAKED}
     */
    int leaked(String middleware);

    /** {@return what becomes of deployments of a middleware of which versions have leaked} */
    LeakCap cap();

    /**
     * Hears of each change of a verdict, and of each note, from now on, on a thread of this service, one at a time. A listener that throws is logged;
     * one that takes long delays the others.
     *
     * @param listener gets the view after the change
     * @return ends it
     */
    AutoCloseable listen(Consumer<UnloadView> listener);

    /** {@return what is wrong with the configuration, or keeps verdicts from coming, in sentences that say what to do} */
    List<String> alarms();
}
