package dev.sluice.deployer.trial;

import dev.sluice.chain.Claim;
import dev.sluice.chain.ProbeResult;
import dev.sluice.conf.Durations;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Thrown;
import dev.sluice.deployer.explain.Unsatisfied;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.status.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done in a trial, one step after the other: start, wait for what the candidate is to bring, probe, ask for its
 * health; and, where a step fails, why. All of it runs code of the candidate. For the trial's thread, but for
 * {@link #current} and {@link #started}, which are for any.
 */
final class TrialSteps {

    private static final Logger LOG = LoggerFactory.getLogger(TrialSteps.class);

    private final Bundle bundle;
    private final Claim claim;
    private final Entry entry;
    private final Set<String> declared;
    private final Set<String> namesBefore;
    private final Set<String> expected;
    private final Unsatisfied unsatisfied;
    private final HealthChecks healthChecks;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private Deadline deadline;
    private volatile String step = "start";

    TrialSteps(Bundle bundle, Candidate candidate, Unsatisfied unsatisfied, HealthChecks healthChecks) {
        this.bundle = bundle;
        this.claim = candidate.claim().orElseThrow();
        this.entry = candidate.entry();
        this.declared = candidate.declaredNames();
        this.namesBefore = candidate.namesBefore();
        this.expected = Stream.concat(declared.stream(), namesBefore.stream()).collect(Collectors.toUnmodifiableSet());
        this.unsatisfied = unsatisfied;
        this.healthChecks = healthChecks;
    }

    /** {@return the step that is under way, for a reader} */
    String current() {
        return step;
    }

    /** {@return completed when its bundle has started, or failed to: from then on it only waits and looks} */
    CompletableFuture<Void> started() {
        return started;
    }

    /** Does them all. */
    Trial.Outcome run(Deadline until) {
        deadline = until;
        Optional<Failure> notStarted = start();
        if (notStarted.isPresent()) {
            return Trial.Outcome.bad(notStarted.get());
        }
        Trial.Outcome probed = probe();
        if (probed instanceof Trial.Outcome.Bad) {
            return probed;
        }
        Optional<Failure> ill = checkHealth();
        if (ill.isPresent()) {
            return Trial.Outcome.bad(ill.get());
        }
        entry.advance(DeploymentState.STARTED, DeploymentState.PROBED);
        return probed;
    }

    private Optional<Failure> start() {
        try {
            // Persistently and eagerly: the chain tells transient stops by the one, and a lazy activator would first
            // run in
            // a request.
            bundle.start();
        } catch (BundleException e) {
            LOG.info("{} failed to start: {}", bundle, Thrown.trace(e));
            return Optional.of(Failure.ofContent("its activator threw " + Thrown.sentence(e)));
        } finally {
            started.complete(null);
        }
        step = "wait for what it is to bring";
        if (!expected.isEmpty() && !await()) {
            return Optional.of(missing());
        }
        Optional<Failure> unsatisfiedOne = awaitMiddlewareComponents();
        if (unsatisfiedOne.isPresent()) {
            return unsatisfiedOne;
        }
        entry.advance(DeploymentState.CLAIMED, DeploymentState.STARTED);
        return Optional.empty();
    }

    private boolean await() {
        CompletableFuture<Void> registered = claim.registered(expected);
        CompletableFuture<Void> late = deadline.after(deadline.limit());
        try {
            CompletableFuture.anyOf(registered, late).get();
            return registered.isDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            late.cancel(false);
        }
    }

    /**
     * What is declared nowhere is waited for too if a component is to bring it: published without it, the bundle would
     * leave open what it is to guard. One that failed to activate is left to the probe, which tries once more.
     */
    private Optional<Failure> awaitMiddlewareComponents() {
        Optional<Failure> unsatisfiedOne =
                unsatisfied.reasonOfMiddleware(bundle).filter(TrialSteps::mayComeUp);
        try {
            while (unsatisfiedOne.isPresent() && !deadline.isOver()) {
                HealthChecks.tick(deadline);
                unsatisfiedOne = unsatisfied.reasonOfMiddleware(bundle).filter(TrialSteps::mayComeUp);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Failure("it was interrupted", new Waits.ForDeployer()));
        }
        return unsatisfiedOne.map(reason -> new Failure(
                "a middleware of it didn't come up within " + Durations.format(deadline.limit()) + " (start.timeout): "
                        + reason.message(),
                reason.waits()));
    }

    private static boolean mayComeUp(Failure failure) {
        return !(failure.waits() instanceof Waits.ForContent);
    }

    /** {@return that what it replaces brings more than it does; empty if only what it declares itself is missing} */
    private Optional<Failure> bringsLess() {
        String names = namesBefore.stream()
                .filter(name -> !declared.contains(name)
                        && !claim.registered(Set.of(name)).isDone())
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(Failure.ofContent("the content before provides " + names
                        + ", and this one doesn't register it: it was waited for " + Durations.format(deadline.limit())
                        + " (start.timeout); to take " + names + " out of the chain delete the file first"));
    }

    private Failure missing() {
        Set<String> away = expected.stream().filter(this::isAway).collect(Collectors.toCollection(TreeSet::new));
        // None is, if the last came between the deadline and this look: it came too late, and which it was can't be
        // told.
        String names = String.join(", ", away.isEmpty() ? new TreeSet<>(expected) : away);
        String waited = " didn't come up within " + Durations.format(deadline.limit()) + " (start.timeout)";
        return unsatisfied
                .reason(bundle)
                .map(reason -> new Failure("middleware " + names + waited + ": " + reason.message(), reason.waits()))
                .or(this::bringsLess)
                .orElseGet(() -> Failure.ofContent("middleware " + names + waited
                        + ": its manifest declares it, and nothing registers it under that name" + hint()));
    }

    /** Annotations for middleware go into the manifest of a class that isn't a component, too. */
    private String hint() {
        boolean components = bundle.getHeaders("").get("Service-Component") != null;
        boolean activator = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATOR) != null;
        return components || activator
                ? ""
                : ". It has neither a component nor an activator: is @Component missing on its class?";
    }

    private boolean isAway(String name) {
        CompletableFuture<Void> registered = claim.registered(Set.of(name));
        // Cancelled if it isn't done: nobody waits for it any more.
        return registered.cancel(false);
    }

    private Optional<Failure> checkHealth() {
        step = "health check";
        try {
            return healthChecks.check(bundle, deadline).map(Failure::ofContent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Failure("it was interrupted", new Waits.ForDeployer()));
        }
    }

    private Trial.Outcome probe() {
        step = "probe";
        List<ProbeResult> results = claim.probe();
        List<ProbeResult.Refused> refused = results.stream()
                .filter(ProbeResult.Refused.class::isInstance)
                .map(ProbeResult.Refused.class::cast)
                .toList();
        if (!refused.isEmpty()) {
            return Trial.Outcome.bad(refused(refused));
        }
        Optional<Failure> without = unsatisfied.reasonOfMiddleware(bundle);
        if (without.isPresent()) {
            return Trial.Outcome.bad(without.get());
        }
        Optional<String> note = results.isEmpty() ? unsatisfied.reason(bundle).map(Failure::message) : Optional.empty();
        return new Trial.Outcome.Good(
                results.stream().map(ProbeResult.Ready.class::cast).toList(), note);
    }

    private Failure refused(List<ProbeResult.Refused> refused) {
        String messages = refused.stream()
                .map(result -> "middleware " + result.name() + ": " + result.message())
                .collect(Collectors.joining("; "));
        boolean owned = refused.stream().anyMatch(result -> result.reason() == ProbeResult.Reason.NAME_OWNED);
        boolean unavailable =
                refused.stream().anyMatch(result -> result.reason() == ProbeResult.Reason.SERVICE_UNAVAILABLE);
        Optional<Failure> why =
                unavailable ? unsatisfied.reason(bundle).or(() -> unsatisfied.lacksClasses(bundle)) : Optional.empty();
        return why.map(reason -> new Failure(messages + ": " + reason.message(), reason.waits()))
                .orElseGet(() -> owned ? Failure.ofBundles(messages) : Failure.ofContent(messages));
    }
}
