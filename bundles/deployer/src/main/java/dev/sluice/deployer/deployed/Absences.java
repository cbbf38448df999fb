package dev.sluice.deployer.deployed;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Unsatisfied;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * What is published and isn't there all the same, though neither the deployer nor an operator took it away: somebody has
 * stopped or uninstalled its bundle, or its component has gone. Also says of what is there that it has tripped. Found by
 * looking, each time anew, so that nothing has to be kept in step with what happens in the framework. Safe for any thread.
 */
public final class Absences {

    private static final String OR_COPY = "; or copy the file again, or restart the container";

    private final BundleContext context;
    private final ChainControl chain;
    private final Unsatisfied unsatisfied;

    public Absences(BundleContext context, ChainControl chain, Unsatisfied unsatisfied) {
        this.context = context;
        this.chain = chain;
        this.unsatisfied = unsatisfied;
    }

    /** {@return a view in which each deployment that is away, or has tripped, says why, and what to do} */
    public DeploymentsView explained(DeploymentsView view) {
        Optional<Map<Long, List<UnitView>>> units = units();
        List<DeploymentView> deployments = view.deployments().stream()
                .map(one -> reason(one, units)
                        .or(() -> tripped(one, units))
                        .map(one::because)
                        .orElse(one))
                .toList();
        return new DeploymentsView(view.folder(), view.started(), deployments, view.alarms());
    }

    /** {@return what tells whether a deployment is away, as things are now} */
    public Predicate<Deployed> now() {
        Optional<Map<Long, List<UnitView>>> units = units();
        return deployed -> reason(deployed.entry().view(), units).isPresent();
    }

    private Optional<String> reason(DeploymentView deployment, Optional<Map<Long, List<UnitView>>> units) {
        if (deployment.state() != DeploymentState.PUBLISHED
                || deployment.bundleId().isEmpty()
                || units.isEmpty()) {
            return Optional.empty();
        }
        long id = deployment.bundleId().getAsLong();
        Bundle bundle = context.getBundle(id);
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
            return Optional.of(
                    "its bundle was uninstalled, and not by an operator; to have it back copy the file again,"
                            + " or restart the container");
        }
        if (bundle.getState() != Bundle.ACTIVE) {
            String what = isToRunAgain(bundle)
                    ? "its bundle doesn't run at the moment: it is being updated or refreshed, or somebody other than an"
                            + " operator has stopped it; if this stays, start it in the console"
                    : "its bundle was stopped, and not by an operator; start it in the console";
            return Optional.of(what + OR_COPY);
        }
        if (!deployment.version().map(Version::parseVersion).equals(Optional.of(bundle.getVersion()))) {
            return Optional.of("its bundle was updated in place, past the folder, and is " + bundle.getVersion()
                    + " now; to have the file's content back copy it again, or restart the container");
        }
        Set<String> present = units.get().getOrDefault(id, List.of()).stream()
                .map(UnitView::name)
                .collect(Collectors.toSet());
        List<String> away = deployment.middleware().stream()
                .filter(name -> !present.contains(name))
                .toList();
        return away.isEmpty() ? Optional.empty() : Optional.of(away(away, bundle));
    }

    /** One that has tripped is there: copying its file again wouldn't bring it back. */
    private static Optional<String> tripped(DeploymentView deployment, Optional<Map<Long, List<UnitView>>> units) {
        if (deployment.state() != DeploymentState.PUBLISHED
                || deployment.bundleId().isEmpty()
                || units.isEmpty()) {
            return Optional.empty();
        }
        String sentences = units.get().getOrDefault(deployment.bundleId().getAsLong(), List.of()).stream()
                .flatMap(unit ->
                        unit
                                .trip()
                                .map(trip -> "middleware " + unit.name() + " has tripped: " + trip.reason())
                                .stream())
                .sorted()
                .collect(Collectors.joining("; "));
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(sentences + "; deploy a version that has these failures mended, or have this one serve"
                        + " again with POST /api/v1/trip/reset; the alarm says what serves now");
    }

    private String away(List<String> names, Bundle bundle) {
        String why = unsatisfied
                .reason(bundle)
                .map(Failure::message)
                .orElse("its component was disabled, or its service unregistered");
        return "middleware " + String.join(", ", names) + " is away though its bundle runs: " + why
                + "; mend that, or stop and start the bundle in the console" + OR_COPY;
    }

    /** An update in place, a refresh or a transient stop. */
    private static boolean isToRunAgain(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        return level != null && level.isPersistentlyStarted();
    }

    /** {@return each bundle's units, in whatever state but draining; empty if the chain is away and can't tell} */
    private Optional<Map<Long, List<UnitView>>> units() {
        try {
            ChainView view = chain.view();
            Stream<UnitView> placed = view.places().stream().flatMap(PlaceView::units);
            return Optional.of(Stream.concat(placed, view.others().stream())
                    .filter(unit -> unit.state() != UnitState.DRAINING)
                    .collect(Collectors.groupingBy(UnitView::bundleId)));
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }
}
