package dev.sluice.admin.status;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Json;
import dev.sluice.chain.ChainView;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.proxy.RoutesView;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code GET /health/live} and {@code GET /health/ready}, for orchestrators and balancers. */
public final class Health {

    private record Live(boolean live) {}

    private record Ready(boolean ready, List<String> missing) {}

    private final Surroundings surroundings;

    /**
     * Reports on a container.
     *
     * @param surroundings the chain, the deployer and the proxy
     */
    public Health(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** {@return 200: the process answers. What else may be wrong, a restart wouldn't mend} */
    public Answer live() {
        return new Json(HttpServletResponse.SC_OK, new Live(true));
    }

    /** {@return 200 if every request is served as the operator means it; else 503, and what is missing} */
    public Answer ready() {
        List<String> missing = missing();
        return new Json(
                missing.isEmpty() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                new Ready(missing.isEmpty(), missing));
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>();
        Optional<ChainView> chain = surroundings.chain();
        chain.ifPresentOrElse(view -> addMissing(view, missing), () -> missing.add("The chain is away."));
        Optional<DeploymentsView> deployer = surroundings.deployments();
        if (deployer.isEmpty()) {
            missing.add("The deployer is away.");
        } else if (!deployer.get().started()) {
            missing.add(
                    "The deployer hasn't brought back what was last published, or not looked through the deploy folder,"
                            + " yet.");
        }
        surroundings
                .routes()
                .ifPresentOrElse(
                        routes -> addMissing(routes, missing),
                        () -> missing.add("The proxy is away: requests to upstreams are answered with 404."));
        // An alarm alone takes no instance out of service; but it says why, and what to do, where something is missing.
        if (!missing.isEmpty()) {
            chain.ifPresent(view -> missing.addAll(view.alarms()));
            deployer.ifPresent(view -> missing.addAll(view.alarms()));
        }
        return missing;
    }

    private static void addMissing(ChainView chain, List<String> missing) {
        if (chain.stopping()) {
            missing.add("The container is stopping.");
        } else if (!chain.open()) {
            missing.add("The chain doesn't admit requests yet.");
        }
        missing.addAll(PlaceAlarms.missing(chain));
    }

    /** A file that is refused, and takes no request its way, is an alarm and nothing that is missing. */
    private static void addMissing(RoutesView routes, List<String> missing) {
        routes.refused().stream()
                .filter(RouteAlarms::takesRequestsTheirWay)
                .map(RouteAlarms::refused)
                .forEach(missing::add);
    }
}
