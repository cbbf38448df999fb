package dev.sluice.chain.track;

import dev.sluice.chain.Claim;
import dev.sluice.chain.Operator;
import dev.sluice.chain.ProbeResult;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Unit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the coming and going of middleware services into changes of the chain.
 *
 * <p>Its monitor makes a service's going and a publication exclude each other, so that no unit is published whose service
 * has just gone. Inside it the chain is changed, which never waits; bundles' code and drains run outside. Events come on
 * the thread that registers or stops, and a drain blocks that thread: so a bundle's stop waits for its requests.
 */
final class MiddlewareTracker implements ServiceTrackerCustomizer<Object, Registration> {

    private static final Logger LOG = LoggerFactory.getLogger(MiddlewareTracker.class);

    private final BundleContext context;
    private final Chain chain;
    private final Settings settings;

    // Guarded by this.
    private final Map<Long, ClaimedBundle> claims = new HashMap<>();
    private final Set<Registration> registrations = new LinkedHashSet<>();
    private boolean opening = true;
    private boolean closing;

    MiddlewareTracker(BundleContext context, Chain chain, Settings settings) {
        this.context = context;
        this.chain = chain;
        this.settings = settings;
    }

    // ---- services come

    @Override
    public Registration addingService(ServiceReference<Object> reference) {
        Registration registration = new Registration(context, reference);
        ClaimedBundle claim;
        synchronized (this) {
            registrations.add(registration);
            claim = claims.get(registration.bundleId());
            if (claim == null && opening) {
                return registration;
            }
        }
        if (claim != null) {
            claim.added(registration);
        } else {
            join(registration.bundleId(), List.of(registration));
        }
        return registration;
    }

    /** Publishes what was there before this tracker, in one generation. To be called once, when all of it is known. */
    void opened() {
        Map<Long, List<Registration>> present;
        synchronized (this) {
            opening = false;
            present = registrations.stream()
                    .filter(registration -> !claims.containsKey(registration.bundleId()))
                    .collect(Collectors.groupingBy(Registration::bundleId));
        }
        List<Provider> ready = new ArrayList<>();
        present.forEach((bundleId, several) -> ready.addAll(probed(bundleId, several)));
        publishPresent(ready, "what was registered before the chain started");
    }

    private void join(long bundleId, List<Registration> unclaimed) {
        publishPresent(probed(bundleId, unclaimed), "registered by bundle " + bundleId);
    }

    private List<Provider> probed(long bundleId, List<Registration> unclaimed) {
        List<Registration> all = registrationsOf(bundleId);
        List<Provider> ready = new ArrayList<>();
        List<ProbeResult> results = probe().all(all);
        for (int i = 0; i < all.size(); i++) {
            if (results.get(i) instanceof ProbeResult.Refused refused && unclaimed.contains(all.get(i))) {
                LOG.error("{} is not served: {}", all.get(i), refused.message());
            } else if (unclaimed.contains(all.get(i))) {
                providerOf(all.get(i)).ifPresent(ready::add);
            }
        }
        return ready;
    }

    private static Optional<Provider> providerOf(Registration registration) {
        try {
            return Optional.of(registration.provider());
        } catch (Description.Unusable e) {
            LOG.error("{} is not served: {}", registration, e.getMessage());
            return Optional.empty();
        }
    }

    /** A service that has gone between its probe and this call is left out: its going has been handled already. */
    private synchronized void publishPresent(List<Provider> ready, String cause) {
        Set<Unit> present = registrations.stream()
                .flatMap(registration -> registration.unit().stream())
                .collect(Collectors.toSet());
        chain.change(
                roster -> joined(
                        roster,
                        ready.stream().filter(p -> present.contains(p.unit())).toList()),
                cause);
    }

    private static Roster joined(Roster roster, Collection<Provider> providers) {
        Roster changed = roster;
        for (Provider provider : providers) {
            changed = changed.join(provider);
        }
        return changed;
    }

    // ---- the deployer's way

    synchronized Claim claim(long bundleId) {
        boolean known = registrations.stream().anyMatch(registration -> registration.bundleId() == bundleId);
        if (known || claims.containsKey(bundleId)) {
            throw new IllegalStateException("bundle " + bundleId + " is claimed or published already");
        }
        ClaimedBundle claim = new ClaimedBundle(bundleId, this::probe, this::forget);
        claims.put(bundleId, claim);
        return claim;
    }

    private synchronized void forget(ClaimedBundle claim) {
        claims.remove(claim.bundleId(), claim);
    }

    long publish(Set<Long> publish, Set<Long> retire, String cause) {
        Map<Long, List<Registration>> late = new HashMap<>();
        long generation;
        synchronized (this) {
            Roster roster = chain.roster().retire(retire);
            for (long bundleId : publish) {
                roster = joined(roster, publishable(bundleId, roster));
            }
            Roster changed = roster;
            generation = chain.change(before -> changed, cause);
            for (long bundleId : publish) {
                late.put(bundleId, claims.remove(bundleId).end().stream()
                        .filter(registration -> registration.unit().isEmpty())
                        .toList());
            }
        }
        late.forEach((bundleId, several) -> {
            if (!several.isEmpty()) {
                join(bundleId, several);
            }
        });
        return generation;
    }

    private List<Provider> publishable(long bundleId, Roster roster) {
        ClaimedBundle claim = claims.get(bundleId);
        if (claim == null) {
            throw new IllegalStateException("bundle " + bundleId + " isn't claimed");
        }
        List<Provider> providers = new ArrayList<>();
        for (Registration registration : claim.registrations()) {
            if (registration.unit().isPresent()) {
                String name = registration.name();
                settings.ownership()
                        .objection(name, registration.symbolicName(), roster.owner(name))
                        .ifPresent(objection -> {
                            throw new IllegalStateException(objection);
                        });
                providerOf(registration).ifPresent(providers::add);
            }
        }
        return providers;
    }

    private Probe probe() {
        return new Probe(chain.roster(), settings.ownership());
    }

    private synchronized List<Registration> registrationsOf(long bundleId) {
        return registrations.stream()
                .filter(registration -> registration.bundleId() == bundleId)
                .toList();
    }

    /** {@return what is claimed and not published} */
    synchronized List<Registration> candidates() {
        return claims.values().stream()
                .flatMap(claim -> claim.registrations().stream())
                .toList();
    }

    // ---- services change and go

    @Override
    public void modifiedService(ServiceReference<Object> reference, Registration registration) {
        try {
            var spec = registration.spec();
            registration.unit().ifPresent(unit -> chain.change(roster -> roster.describe(unit, spec), unit + " changed"));
        } catch (Description.Unusable e) {
            LOG.error("{} stays where it was, as its new properties can't be used: {}", registration, e.getMessage());
        }
    }

    @Override
    public void removedService(ServiceReference<Object> reference, Registration registration) {
        leave(reference.getBundle() == null ? null : reference.getBundle(), List.of(registration), "is unregistered");
        synchronized (this) {
            registrations.remove(registration);
        }
        registration.release();
    }

    /** The bundle is about to stop: its units leave the chain, and this waits for the requests that hold them. */
    void stopping(Bundle bundle) {
        leave(bundle, registrationsOf(bundle.getBundleId()), "stops");
    }

    /** An operator has uninstalled the bundle: a place that its unit left vacant goes, too. */
    void uninstalled(Bundle bundle) {
        if (Operator.current().isPresent()) {
            chain.change(roster -> roster.retire(Set.of(bundle.getBundleId())), bundle + " was uninstalled by an operator");
        }
    }

    private void leave(Bundle bundle, List<Registration> leaving, String how) {
        if (leaving.isEmpty()) {
            return;
        }
        synchronized (this) {
            leaving.forEach(registration ->
                    Optional.ofNullable(claims.get(registration.bundleId())).ifPresent(claim -> claim.removed(registration)));
            if (closing) {
                return;
            }
            boolean forGood = isRemoval(bundle);
            for (Registration registration : leaving) {
                registration.unit().ifPresent(unit -> leave(unit, forGood, how));
            }
        }
        settings.awaitDrain(chain, leaving.get(0).bundleId());
    }

    private void leave(Unit unit, boolean forGood, String how) {
        long before = chain.current().generation();
        long after = chain.change(roster -> forGood ? roster.leave(unit) : roster.away(unit), unit + " " + how);
        if (after != before) {
            LOG.info("{} {}{}", unit, how, forGood ? ", by an operator: removed" : ": its place stays");
        }
    }

    /**
     * Only an operator removes, by stopping a bundle for good or disabling a component; everything else that makes a
     * service go is expected to bring it back. An update stops a bundle that stays persistently started.
     */
    private static boolean isRemoval(Bundle bundle) {
        if (bundle == null || Operator.current().isEmpty()) {
            return false;
        }
        return bundle.getState() == Bundle.ACTIVE
                || !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }

    /** From now on services go because the chain does, and not because their bundles do. */
    synchronized void closing() {
        closing = true;
    }
}
