package dev.sluice.deployer.restore;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.deploy.Installation;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.release.Leaver;
import dev.sluice.deployer.release.Release;
import dev.sluice.deployer.status.Board;
import dev.sluice.deployer.status.Entry;
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

    private final ChainControl chain;
    private final Board board;
    private final Release release;
    private final List<Bundle> bundles;
    private final Set<Long> inTheChain;

    public Present(BundleContext context, ChainControl chain, Board board, Release release) {
        this.chain = chain;
        this.board = board;
        this.release = release;
        // The highest id first: where content is there twice, the older is draining.
        this.bundles = new ArrayList<>(Arrays.stream(context.getBundles())
                .filter(Installation::isOurs)
                .sorted(Comparator.comparingLong(Bundle::getBundleId).reversed())
                .toList());
        this.inTheChain = inTheChain(chain.view());
    }

    private static Set<Long> inTheChain(ChainView view) {
        Stream<UnitView> placed = view.places().stream()
                .flatMap(place -> Stream.concat(place.serving().stream(), place.standbys().stream()));
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

    /** Lets go what nobody has taken: candidates and leavers of the deployer's earlier run. */
    void releaseStrays() {
        if (bundles.isEmpty()) {
            return;
        }
        chain.publish(
                Set.of(),
                bundles.stream().map(Bundle::getBundleId).collect(Collectors.toUnmodifiableSet()),
                "release what isn't deployed any more");
        for (Bundle bundle : bundles) {
            String title = bundle.getSymbolicName() + " " + bundle.getVersion();
            Entry entry = board.add(title);
            entry.identified(
                    Installation.digest(bundle),
                    bundle.getSymbolicName(),
                    bundle.getVersion().toString(),
                    List.of());
            entry.bundle(bundle.getBundleId());
            entry.to(DeploymentState.PUBLISHED);
            entry.to(DeploymentState.RETIRED);
            release.release(new Leaver(bundle.getBundleId(), title, title, Optional.empty(), entry));
        }
        bundles.clear();
    }
}
