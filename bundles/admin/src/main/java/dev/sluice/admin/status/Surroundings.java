package dev.sluice.admin.status;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RolloutView;
import dev.sluice.proxy.Routes;
import dev.sluice.proxy.RoutesView;
import dev.sluice.unload.Explain;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Unloads;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chain, the deployer, the proxy and the verdicts on what has left, as far as they are there. The admin works without each, and says what is away.
 *
 * <p>Each field is written by Declarative Services and read once per question; so a question gets one answer, though the
 * next may get another. That a field is volatile makes its reference a dynamic one.
 */
@Component(service = Surroundings.class, configurationPolicy = ConfigurationPolicy.IGNORE)
public class Surroundings {

    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    @Reference(cardinality = OPTIONAL, policyOption = GREEDY)
    private volatile ChainControl chain;

    @Reference(cardinality = OPTIONAL, policyOption = GREEDY)
    private volatile Deployments deployments;

    @Reference(cardinality = OPTIONAL, policyOption = GREEDY)
    private volatile Routes routes;

    @Reference(cardinality = OPTIONAL, policyOption = GREEDY)
    private volatile Explain explain;

    @Reference(cardinality = OPTIONAL, policyOption = GREEDY)
    private volatile Unloads unloads;

    /** {@return the chain's view of itself; empty while it is away, or can't tell} */
    public Optional<ChainView> chain() {
        return ask(chain, ChainControl::view);
    }

    /** {@return the chain, to change something; empty while it is away} */
    public Optional<ChainControl> chainControl() {
        return Optional.ofNullable(chain);
    }

    /** {@return the deployer's view of its folder; empty while it is away, or can't tell} */
    public Optional<DeploymentsView> deployments() {
        return ask(deployments, Deployments::view);
    }

    /** {@return the last publications, the newest first; none while the deployer is away, or can't tell} */
    public List<PublicationView> history(int most) {
        return ask(deployments, deployer -> deployer.history(most)).orElse(List.of());
    }

    /** {@return the rollouts that are under way; none while the deployer is away, or can't tell} */
    public List<RolloutView> rollouts() {
        return ask(deployments, Deployments::rollouts).orElse(List.of());
    }

    /** {@return the deployer; empty while it is away} */
    public Optional<Deployments> deployer() {
        return Optional.ofNullable(deployments);
    }

    /** {@return the routes to upstreams; empty while the proxy is away, or can't tell} */
    public Optional<RoutesView> routes() {
        return ask(routes, Routes::view);
    }

    /** {@return who says what holds a version that has leaked; empty while it is away} */
    public Optional<Explain> explain() {
        return Optional.ofNullable(explain);
    }

    /** {@return the verdicts on what has left, the last first; empty while nobody watches, or can tell} */
    public Optional<List<UnloadView>> unloads() {
        return ask(unloads, Unloads::view);
    }

    /** {@return what is wrong with the configuration of the verdicts; none while nobody watches, or can tell} */
    public List<String> unloadAlarms() {
        return ask(unloads, Unloads::alarms).orElse(List.of());
    }

    /** {@return whether a bundle belongs to the deployer; no while it is away} */
    public boolean isDeployed(long bundleId) {
        return ask(deployments, deployer -> deployer.owns(bundleId)).orElse(false);
    }

    /** One that is just going, or broken, is as good as away: the operator must get an answer all the same. */
    private static <S, T> Optional<T> ask(S service, Function<S, T> question) {
        if (service == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(service));
        } catch (RuntimeException e) {
            LOG.warn("{} can't be asked", service.getClass().getName(), e);
            return Optional.empty();
        }
    }
}
