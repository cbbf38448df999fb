package dev.sluice.admin.status;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Json;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.UnitView;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.ReleasedView;
import dev.sluice.deployer.RolloutView;
import dev.sluice.proxy.RouteView;
import dev.sluice.proxy.RoutesView;
import dev.sluice.proxy.UpstreamView;
import dev.sluice.unload.Departure;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /api/v1/status}: what runs, what stands by, what became of each file in the deploy folder, and where
 * requests are forwarded to. */
public final class Status {

    private static final int HISTORY = 20;

    private final String version;
    private final Supplier<Duration> uptime;
    private final Surroundings surroundings;
    private final Supplier<List<String>> configurationAlarms;

    /**
     * Reports on a container.
     *
     * @param version the container's version
     * @param uptime how long its process runs
     * @param surroundings the chain, the deployer, the proxy and the verdicts
     * @param configurationAlarms what is wrong with files of configurations that nobody else looks at
     */
    public Status(
            String version,
            Supplier<Duration> uptime,
            Surroundings surroundings,
            Supplier<List<String>> configurationAlarms) {
        this.version = version;
        this.uptime = uptime;
        this.surroundings = surroundings;
        this.configurationAlarms = configurationAlarms;
    }

    /** {@return the status as it is now} */
    public Answer answer() {
        return new Json(HttpServletResponse.SC_OK, view());
    }

    StatusView view() {
        Optional<ChainView> chain = surroundings.chain();
        Optional<DeploymentsView> deployer = surroundings.deployments();
        Optional<RoutesView> routes = surroundings.routes();
        Optional<List<UnloadView>> unloads = surroundings.unloads();
        List<PlaceView> places = chain.map(ChainView::places).orElse(List.of());
        return new StatusView(
                version,
                uptime.get().toMillis() / 1000.0,
                away(chain, deployer, routes, unloads),
                chain.map(ChainView::generation).orElse(null),
                chain.map(ChainView::open).orElse(null),
                chain.map(ChainView::stopping).orElse(null),
                chain.map(ChainView::inFlight).orElse(null),
                chain.map(ChainView::held).orElse(null),
                places.stream().map(Status::place).toList(),
                places.stream()
                        .flatMap(place -> place.standbys().stream())
                        .map(Status::unit)
                        .toList(),
                chain.map(ChainView::others).orElse(List.of()).stream()
                        .map(Status::unit)
                        .toList(),
                chain.map(ChainView::traffic).orElse(List.of()).stream()
                        .map(Status::traffic)
                        .toList(),
                chain.map(ChainView::refusedRules).orElse(List.of()),
                deployer.map(DeploymentsView::started).orElse(null),
                deployer.map(view -> view.folder().toString()).orElse(null),
                deployer.map(DeploymentsView::deployments).orElse(List.of()).stream()
                        .map(Status::deployment)
                        .toList(),
                surroundings.rollouts().stream().map(Status::rollout).toList(),
                surroundings.history(HISTORY).stream().map(Status::publication).toList(),
                routes.map(RoutesView::routes).orElse(List.of()).stream()
                        .map(Status::route)
                        .toList(),
                routes.map(RoutesView::refused).orElse(List.of()),
                unloads.orElse(List.of()).stream().map(Status::unload).toList(),
                alarms(chain, deployer, routes, unloads));
    }

    private static List<String> away(
            Optional<ChainView> chain,
            Optional<DeploymentsView> deployer,
            Optional<RoutesView> routes,
            Optional<List<UnloadView>> unloads) {
        List<String> away = new ArrayList<>();
        if (chain.isEmpty()) {
            away.add("chain");
        }
        if (deployer.isEmpty()) {
            away.add("deployer");
        }
        if (routes.isEmpty()) {
            away.add("proxy");
        }
        if (unloads.isEmpty()) {
            away.add("unload");
        }
        return away;
    }

    private List<String> alarms(
            Optional<ChainView> chain,
            Optional<DeploymentsView> deployer,
            Optional<RoutesView> routes,
            Optional<List<UnloadView>> unloads) {
        List<String> alarms = new ArrayList<>();
        if (chain.isEmpty()) {
            alarms.add(
                    "The chain is away, so every request on the data listener is answered with 503. Look at the bundle"
                            + " dev.sluice.chain, and at the log.");
        }
        if (deployer.isEmpty()) {
            alarms.add(
                    "The deployer is away: what runs goes on, but the deploy folder isn't watched. Look at the bundle"
                            + " dev.sluice.deployer, and at the log.");
        }
        if (routes.isEmpty()) {
            alarms.add("The proxy is away, so requests to upstreams are answered with 404. Look at the bundle"
                    + " dev.sluice.proxy, and at the log.");
        }
        if (unloads.isEmpty()) {
            alarms.add(
                    "Nobody watches whether what leaves goes from memory. Look at the bundle dev.sluice.unload, and at the"
                            + " log.");
        }
        chain.ifPresent(view -> alarms.addAll(view.alarms()));
        chain.ifPresent(view -> alarms.addAll(PlaceAlarms.of(view)));
        chain.ifPresent(view -> alarms.addAll(TripAlarms.of(view)));
        deployer.ifPresent(view -> alarms.addAll(view.alarms()));
        deployer.ifPresent(view -> alarms.addAll(FileAlarms.of(view)));
        routes.ifPresent(view -> alarms.addAll(RouteAlarms.of(view)));
        unloads.ifPresent(view -> alarms.addAll(UnloadAlarms.of(view)));
        alarms.addAll(surroundings.unloadAlarms());
        alarms.addAll(configurationAlarms.get());
        return alarms;
    }

    private static StatusView.Place place(PlaceView place) {
        Optional<UnitView> unit = place.serving();
        return new StatusView.Place(
                place.name(),
                unit.map(UnitView::version).orElse(null),
                unit.map(serving -> serving.state().name()).orElse(place.held() ? "HELD" : "MISSING"),
                place.ranking(),
                place.paths(),
                place.onFailure().name().toLowerCase(Locale.ROOT),
                place.owner(),
                unit.map(UnitView::bundleId).orElse(null),
                unit.map(UnitView::leases).orElse(null),
                place.blocks(),
                place.required(),
                unit.map(UnitView::stuck).orElse(List.of()),
                unit.map(Status::trip).orElse(null),
                place.sharing().stream().map(Status::unit).toList());
    }

    private static StatusView.Unit unit(UnitView unit) {
        return new StatusView.Unit(
                unit.name(),
                unit.version(),
                unit.state().name(),
                unit.symbolicName(),
                unit.bundleId(),
                unit.leases(),
                unit.stuck(),
                trip(unit),
                unit.share().isPresent() ? unit.share().getAsDouble() : null);
    }

    private static StatusView.Traffic traffic(TrafficView traffic) {
        return new StatusView.Traffic(
                traffic.origin().name(),
                traffic.byBundle() ? null : traffic.name(),
                traffic.byBundle() ? traffic.name() : null,
                traffic.file().orElse(null),
                traffic.parts(),
                traffic.sticky().toString(),
                traffic.canary().orElse(null),
                traffic.canaryHeader().orElse(null));
    }

    private static StatusView.Tripped trip(UnitView unit) {
        return unit.trip()
                .map(trip -> new StatusView.Tripped(
                        trip.since().toString(),
                        trip.calls(),
                        trip.failures(),
                        trip.window().toMillis() / 1000.0,
                        trip.reason()))
                .orElse(null);
    }

    private static StatusView.Route route(RouteView route) {
        return new StatusView.Route(
                route.name(),
                route.file(),
                route.paths(),
                route.upToDate(),
                route.upstreams().stream().map(Status::upstream).toList());
    }

    private static StatusView.Upstream upstream(UpstreamView upstream) {
        return new StatusView.Upstream(
                upstream.address(),
                upstream.weight(),
                upstream.state().name(),
                upstream.inFlight(),
                upstream.failures(),
                upstream.lastFailure().orElse(null),
                upstream.lastFailureAt().map(Object::toString).orElse(null));
    }

    private static StatusView.Unload unload(UnloadView unload) {
        return new StatusView.Unload(
                unload.number(),
                unload.bundleId(),
                unload.symbolicName(),
                unload.version(),
                unload.departure().map(Departure::file).orElse(null),
                unload.departure().map(Departure::sha256).orElse(null),
                unload.middleware(),
                unload.since().toString(),
                unload.verdict().name(),
                unload.took().map(took -> took.toMillis() / 1000.0).orElse(null),
                unload.users(),
                unload.culprits().stream()
                        .map(culprit -> new StatusView.Holder(culprit.kind().name(), culprit.what(), culprit.remedy()))
                        .toList(),
                unload.cleaned(),
                unload.unseen(),
                unload.note().orElse(null));
    }

    private static StatusView.Rollout rollout(RolloutView rollout) {
        return new StatusView.Rollout(
                rollout.file(),
                rollout.middleware(),
                rollout.from(),
                rollout.to(),
                rollout.phase().name(),
                rollout.share(),
                rollout.step(),
                rollout.steps(),
                rollout.since().toString(),
                rollout.waitingFor(),
                rollout.figures(),
                rollout.finished().stream().map(Status::step).toList());
    }

    private static StatusView.Step step(RolloutView.Step step) {
        return new StatusView.Step(
                step.step(),
                step.share(),
                step.began().toString(),
                step.ended().toString(),
                step.end(),
                step.reason(),
                step.figures());
    }

    private static StatusView.Publication publication(PublicationView publication) {
        return new StatusView.Publication(
                publication.number(),
                publication.at().toString(),
                publication.cause().map(Cause::name).orElse(null),
                publication.summary(),
                publication.came(),
                publication.went(),
                publication.unloads().stream().map(Status::released).toList());
    }

    private static StatusView.Released released(ReleasedView released) {
        return new StatusView.Released(
                released.file(),
                released.sha256(),
                released.verdict().map(Verdict::name).orElse(null),
                released.took().map(took -> took.toMillis() / 1000.0).orElse(null),
                released.heldBy().orElse(null),
                released.summary());
    }

    private static StatusView.Deployment deployment(DeploymentView deployment) {
        return new StatusView.Deployment(
                deployment.file(),
                deployment.sha256().orElse(null),
                deployment.state().name(),
                deployment.reason().orElse(null),
                deployment.symbolicName().orElse(null),
                deployment.version().orElse(null),
                deployment.bundleId().isPresent() ? deployment.bundleId().getAsLong() : null,
                deployment.middleware(),
                deployment.since().toString(),
                deployment.firstSeen().toString(),
                deployment.verified(),
                deployment.release().orElse(null));
    }
}
