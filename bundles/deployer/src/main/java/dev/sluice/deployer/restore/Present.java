package dev.sluice.deployer.restore;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.trial.Installation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The bundles of ours that are installed already when the deployer starts: it was away, and they were not. */
public final class Present {

    private final List<Bundle> bundles;
    private final Set<Long> inTheChain;

    public Present(BundleContext context, ChainControl chain) {
        // The highest id first: where content is there twice, the older is draining.
        this.bundles = new ArrayList<>(Arrays.stream(context.getBundles())
                .filter(Installation::isOurs)
                .sorted(Comparator.comparingLong(Bundle::getBundleId).reversed())
                .toList());
        this.inTheChain = inTheChain(chain.view());
    }

    private static Set<Long> inTheChain(ChainView view) {
        Stream<UnitView> placed = view.places().stream().flatMap(PlaceView::units);
        Stream<UnitView> disabled = view.others().stream().filter(unit -> unit.state() == UnitState.DISABLED);
        return Stream.concat(placed, disabled).map(UnitView::bundleId).collect(Collectors.toUnmodifiableSet());
    }

    /** Takes the bundle of published content that runs, and whose middleware the chain has. */
    OptionalLong takeRunning(PublishedArtifact published) {
        return take(bundle -> Installation.digest(bundle).equals(published.sha256())
                && bundle.getState() == Bundle.ACTIVE
                && (published.places().isEmpty() || inTheChain.contains(bundle.getBundleId())));
    }

    /** Takes the bundle of content that an operator has stopped. */
    OptionalLong takeStopped(String sha256) {
        return take(bundle -> Installation.digest(bundle).equals(sha256)
                && (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0);
    }

    private OptionalLong take(Predicate<Bundle> wanted) {
        Optional<Bundle> found = bundles.stream().filter(wanted).findFirst();
        found.ifPresent(bundles::remove);
        return found.map(bundle -> OptionalLong.of(bundle.getBundleId())).orElseGet(OptionalLong::empty);
    }

    /**
     * Takes the bundle that holds the places of published content which doesn't run: the one before it, if the publish was
     * interrupted, or its own, stopped by somebody. Its places stay as they are until its successor is published.
     */
    OptionalLong takeHolder(PublishedArtifact published) {
        if (published.places().isEmpty()) {
            return OptionalLong.empty();
        }
        Predicate<Bundle> named = bundle -> published.symbolicName().equals(bundle.getSymbolicName());
        Predicate<Bundle> serving = bundle -> inTheChain.contains(bundle.getBundleId());
        Predicate<Bundle> away = bundle -> bundle.getState() != Bundle.ACTIVE;
        Predicate<Bundle> same = bundle -> Installation.digest(bundle).equals(published.sha256());
        return Stream.of(named.and(serving), named.and(same), named.and(away))
                .map(this::take)
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElseGet(OptionalLong::empty);
    }

    /** {@return what nobody has taken: candidates and leavers of the deployer's earlier run} */
    List<Bundle> strays() {
        return List.copyOf(bundles);
    }
}
