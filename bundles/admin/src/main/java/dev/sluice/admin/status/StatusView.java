package dev.sluice.admin.status;

import dev.sluice.chain.RefusedRule;
import dev.sluice.chain.StuckThread;
import dev.sluice.chain.TrafficView;
import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.ReleaseView;
import dev.sluice.deployer.RolloutView;
import dev.sluice.proxy.RefusedRoute;
import java.util.List;

/**
 * The answer of {@code GET /api/v1/status}; {@code docs/status.md} describes each field, and the names are for good. What
 * isn't known is null.
 */
record StatusView(
        String version,
        double uptimeSeconds,
        List<String> away,
        Long generation,
        Boolean open,
        Boolean stopping,
        Long inFlight,
        Long held,
        List<Place> chain,
        List<Unit> standbys,
        List<Unit> others,
        List<Traffic> traffic,
        List<RefusedRule> refusedTraffic,
        Boolean started,
        String folder,
        List<Deployment> deployments,
        List<Rollout> rollouts,
        List<Publication> history,
        List<Route> routes,
        List<RefusedRoute> refusedRoutes,
        List<Unload> unloads,
        List<String> alarms) {

    /** A place in the chain, and the unit that serves in it. */
    record Place(
            String name,
            String version,
            String state,
            int ranking,
            List<String> paths,
            String onFailure,
            String owner,
            Long bundleId,
            Long leases,
            boolean blocks,
            boolean required,
            List<StuckThread> stuck,
            Tripped trip,
            List<Unit> sharing) {}

    /** A unit that doesn't serve, or that shares a place's requests with others. */
    record Unit(
            String name,
            String version,
            String state,
            String symbolicName,
            long bundleId,
            long leases,
            List<StuckThread> stuck,
            Tripped trip,
            Double share) {}

    /** How requests are shared among versions. */
    record Traffic(
            String origin,
            String middleware,
            String bundle,
            String file,
            List<TrafficView.Part> weights,
            String sticky,
            String canary,
            String canaryHeader) {}

    /** What made a unit's trip switch trip. */
    record Tripped(String since, long calls, long failures, double windowSeconds, String reason) {}

    /** What became of a file in the deploy folder. */
    record Deployment(
            String file,
            String sha256,
            String state,
            String reason,
            String symbolicName,
            String version,
            Long bundleId,
            List<String> middleware,
            String since,
            String firstSeen,
            List<String> verified,
            ReleaseView release) {}

    /** A rollout that is under way; shares in percent. */
    record Rollout(
            String file,
            List<String> middleware,
            ContentView from,
            ContentView to,
            String phase,
            double share,
            int step,
            int steps,
            String since,
            String waitingFor,
            List<RolloutView.Figures> figures,
            List<Step> finished) {}

    /** A step of a rollout that is over. */
    record Step(
            int step,
            double share,
            String began,
            String ended,
            String end,
            String reason,
            List<RolloutView.Figures> figures) {}

    /** Contents that came and went at the same moment. */
    record Publication(
            long number,
            String at,
            String cause,
            String summary,
            List<ContentView> came,
            List<ContentView> went,
            List<Released> unloads) {}

    /** What became of a bundle that left with a publication. */
    record Released(String file, String sha256, String verdict, Double seconds, String heldBy, String summary) {}

    /** A route in force. */
    record Route(String name, String file, List<String> paths, boolean upToDate, List<Upstream> upstreams) {}

    /** Where a route leads. */
    record Upstream(
            String address,
            int weight,
            String state,
            long inFlight,
            long failures,
            String lastFailure,
            String lastFailureAt) {}

    /** What became of a bundle that has left. */
    record Unload(
            long number,
            long bundleId,
            String symbolicName,
            String version,
            String file,
            String sha256,
            List<String> middleware,
            String since,
            String verdict,
            Double seconds,
            List<String> users,
            List<Holder> culprits,
            List<String> cleaned,
            List<String> unseen,
            String note) {}

    /** What holds it, or held it. */
    record Holder(String kind, String what, String remedy) {}
}
