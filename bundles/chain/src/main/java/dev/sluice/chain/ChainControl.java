package dev.sluice.chain;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The chain, for who changes it and who observes it. Published as a service by the chain's bundle; the deployer is its
 * main user.
 *
 * <p>All methods are safe to call from any thread. Changes are serialised: each makes one new generation. A change never
 * waits for a request.
 */
@ProviderType
public interface ChainControl {

    /**
     * The id of the {@code org.osgi.service.condition.Condition} that is registered while requests are admitted: from
     * {@link #open()} on, as long as the chain's bundle is active.
     */
    String OPEN_CONDITION = "dev.sluice.chain.open";

    /**
     * The request attribute that the chain sets to {@link Boolean#TRUE} on a request which has run through the whole of it,
     * as the admin's door does on its own listener. The gate lets no other request on to a servlet.
     */
    String ADMITTED_ATTRIBUTE = "dev.sluice.chain.admitted";

    /**
     * The property that marks, with the value {@code true}, a {@code java.util.function.BiConsumer} service which the chain
     * calls for each request that goes on without the container's thread, when that thread leaves the chain. It is given
     * the {@code HttpServletRequest} as it came to the chain, and a {@code Runnable} to be run when the request is over,
     * however it ends. That may be run at any time after, and as often as it comes.
     */
    String SUSPENDED = "dev.sluice.chain.suspended";

    /**
     * Says whether the chain knows what operators require of it. While it doesn't, nothing new is to be let in: it might be
     * what a rule was meant for. What is wrong is among the {@link ChainView#alarms() alarms}, too.
     *
     * @return what is wrong with the rules, with what to do; empty if they are known
     */
    Optional<String> unreadRules();

    /**
     * Claims a bundle: from now on the middleware it registers are candidates, and not served until they are published
     * through the claim. To be called before the bundle is started. A bundle that nobody has claimed is published as soon
     * as it registers a middleware.
     *
     * @param bundleId the bundle's id
     * @return the claim; close it to give it up
     * @throws IllegalStateException if the bundle is claimed already, or has registered middleware already
     */
    Claim claim(long bundleId);

    /**
     * Publishes the candidates of claimed bundles and retires the units of others, all in one generation: no request
     * sees a part of it. Published claims are ended. Bundles without middleware, and those to retire that have no unit,
     * are no error. When this returns, new requests run on the new generation.
     *
     * <p>A retired unit takes no new request; requests that hold it keep it. Where another version of the middleware is
     * standby it serves from now on; else the place is gone, as the retirement is an explicit removal.
     *
     * @param publish bundles whose claims are to be published; each probed without a refusal
     * @param retire bundles whose units leave the chain for good
     * @param cause why, for the log: for instance {@code "deploy greeting-2.jar"}
     * @return the generation that holds the change; the current one if nothing changed
     * @throws IllegalStateException if a bundle to publish isn't claimed, or has a candidate that can't be published
     */
    long publish(Set<Long> publish, Set<Long> retire, String cause);

    /**
     * As {@link #publish(Set, Set, String)}, and from the same generation on exactly these splits hold for rollouts. The other
     * one leaves those in force that there are, but for the bundles that it retires: their shares go to the others, and a
     * split that has one bundle left ends. An operator's rule for a middleware, or for its bundle, goes before a split.
     *
     * @param publish bundles whose claims are to be published; each probed without a refusal
     * @param retire bundles whose units leave the chain for good
     * @param splits how rollouts share requests; a bundle may be in one of them, and may be among those to publish
     * @param cause why, for the log
     * @return the generation that holds the change; the current one if nothing changed
     * @throws IllegalStateException if a bundle to publish isn't claimed, or has a candidate that can't be published
     * @throws IllegalArgumentException if a bundle is in two splits
     */
    long publish(Set<Long> publish, Set<Long> retire, Collection<Split> splits, String cause);

    /**
     * As {@link #publish(Set, Set, Collection, String)}, and from the same generation on exactly these rules of releases hold. The
     * other ones leave those in force that there are. An operator's rule for a middleware, or for its bundle, goes before a
     * release's, and that before a split. A version that a release's rule names and that isn't there has no share.
     *
     * @param publish bundles whose claims are to be published; each probed without a refusal
     * @param retire bundles whose units leave the chain for good
     * @param splits how rollouts share requests
     * @param rules how releases share them; of two for the same, the first counts. One with {@link #faults} has no effect
     * @param cause why, for the log
     * @return the generation that holds the change; the current one if nothing changed
     * @throws IllegalStateException if a bundle to publish isn't claimed, or has a candidate that can't be published
     * @throws IllegalArgumentException if a bundle is in two splits
     */
    long publish(
            Set<Long> publish, Set<Long> retire, Collection<Split> splits, Collection<ReleaseRule> rules, String cause);

    /**
     * {@return what is wrong with a traffic rule, as sentences; none if it can be taken}
     *
     * @param texts what it says, with the keys of an operator's rule
     */
    List<String> faults(Map<String, String> texts);

    /**
     * Has bundles observed that are in no split; exactly these from now on.
     *
     * @param bundleIds the bundles
     */
    void observe(Set<Long> bundleIds);

    /**
     * Tells what the units of a bundle have done since they are observed. They are while the bundle is in a {@link Split} that
     * holds, or {@link #observe} says so; what was counted is gone when that is over. Requests count that began while they were observed.
     *
     * @param bundleId the bundle's id
     * @return the figures of each of its middleware, by name; empty if they aren't observed
     */
    List<Figures> figures(long bundleId);

    /**
     * {@return what the units that are there have answered themselves, observed or not, standbys too} It is counted anyway, so
     * asking is all that it costs.
     */
    List<OwnFigures> ownFigures();

    /**
     * Waits for the requests that hold units of a bundle which were retired or went away. The future completes
     * exceptionally never: at the deadline it completes with the number of leases left, after each stuck request was
     * logged (method, path, age, thread, stack), and its units are closed: a request that comes to one afterwards gets
     * 503 if the middleware is fail-closed, and passes if it is fail-open.
     *
     * @param bundleId the bundle's id
     * @param deadline how long from now to wait at the most
     * @return the drain; complete already if nothing holds a unit of the bundle. Asking twice gives drains that agree,
     *     each with its own deadline
     */
    CompletableFuture<DrainOutcome> drain(long bundleId, Duration deadline);

    /**
     * Tells which requests are still in the units of a bundle that have left the chain, and when they are over: those too that
     * {@link #drain} has given up at its deadline.
     *
     * @param bundleId the bundle's id
     * @return a moment's picture; none if nothing holds a unit of the bundle
     */
    OpenRequests requests(long bundleId);

    /**
     * Reserves places that can't be filled at the moment: requests on the paths of a fail-closed one are answered with
     * 503 until a unit of the place is published or the reservation is dropped. Replaces all earlier reservations. One for
     * a place that has a unit, or whose unit is away, has no effect, now or later; unless it is for a higher version: then
     * it describes the place in which the lower one stands in.
     *
     * @param places the places, by what was published earlier or by what a JAR declares
     */
    void reserve(Collection<ReservedPlace> places);

    /**
     * Takes back that a unit has tripped: its failures are forgotten, and it serves again if it is the highest version.
     *
     * @param name the middleware's name
     * @param version the unit's version, as {@link UnitView#version()} gives it
     * @return whether there was such a unit that had tripped
     */
    boolean reset(String name, String version);

    /** Admits requests: until then each is answered with 503. Calling it again does nothing. */
    void open();

    /** {@return what requests run on now, and what surrounds it; consistent, but a moment's picture} */
    ChainView view();
}
