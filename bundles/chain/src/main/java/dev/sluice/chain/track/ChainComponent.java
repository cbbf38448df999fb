package dev.sluice.chain.track;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.Claim;
import dev.sluice.chain.DrainOutcome;
import dev.sluice.chain.Figures;
import dev.sluice.chain.OpenRequests;
import dev.sluice.chain.OwnFigures;
import dev.sluice.chain.ReleaseRule;
import dev.sluice.chain.ReservedPlace;
import dev.sluice.chain.Split;
import dev.sluice.chain.conf.ChainConfiguration;
import dev.sluice.chain.conf.Configured;
import dev.sluice.chain.conf.OperatorRules;
import dev.sluice.chain.conf.ReleaseRules;
import dev.sluice.chain.conf.TrafficReading;
import dev.sluice.chain.serve.ChainFilter;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Entrance;
import dev.sluice.chain.snapshot.LongStays;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Spec;
import dev.sluice.chain.snapshot.Traffic;
import dev.sluice.chain.snapshot.WaitingRoom;
import dev.sluice.chain.trip.Trips;
import dev.sluice.conf.Durations;
import dev.sluice.middleware.Middleware;
import dev.sluice.middleware.MiddlewareProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the chain together, and is its face to the deployer and to observers. */
@Component(service = ChainControl.class, immediate = true, configurationPid = Configured.PID)
@Designate(ocd = ChainConfiguration.class)
@Capability(
        namespace = "osgi.implementation",
        name = MiddlewareProperties.IMPLEMENTATION,
        version = "1.0.0",
        uses = Middleware.class)
public final class ChainComponent implements ChainControl {

    private static final Logger LOG = LoggerFactory.getLogger(ChainComponent.class);

    /** How often requests that stay long are looked for. */
    private static final long LONG_STAYS_SECONDS = 10;

    /** How often it is tried to keep on the disk what couldn't be kept there. */
    private static final long SAVE_AGAIN_SECONDS = 10;

    private static final String TRACKED = "(|(objectClass=dev.sluice.middleware.Middleware)"
            + "(&(objectClass=jakarta.servlet.Filter)(" + MiddlewareProperties.NAME + "=*)))";

    private final BundleContext context;
    private final Trips trips;
    private final ExecutorService answers;
    private final Chain chain;
    private final Settings settings;
    private final WaitingRoom waitingRoom;
    private final MiddlewareTracker tracker;
    private final ServiceTracker<Object, Registration> services;
    private final StopHook stopHook;
    private final StartHook startHook;
    private final ContainerStop containerStop;
    private final ServiceRegistration<Runnable> hurry;
    private final ServiceRegistration<Preprocessor> filter;
    private final OperatorRules rules;
    private final ServiceRegistration<ConfigurationListener> ruling;
    private final OpenSign openSign;

    /** Who watches suspended requests, if anybody does; a request that is suspended meanwhile does without. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + SUSPENDED + "=true)")
    private volatile BiConsumer<HttpServletRequest, Runnable> watch;

    /**
     * Tracks middleware from now on; requests are admitted when {@link #open()} is called.
     *
     * @param context this bundle's context
     * @param configuration the typed part of the configuration
     * @param properties the whole of it
     */
    @Activate
    public ChainComponent(BundleContext context, ChainConfiguration configuration, Map<String, Object> properties)
            throws InvalidSyntaxException {
        this.context = context;
        ScheduledExecutorService timer = ChainThreads.timer();
        this.answers = ChainThreads.answers();
        this.trips = new Trips(System::nanoTime, InstantSource.system(), timer);
        this.chain = new Chain(System::nanoTime, timer, answers, trips);
        this.settings = new Settings(kept(context, "settings"));
        Configured configured = settings.take(configuration, properties);
        this.rules = new OperatorRules(
                chain, folder -> kept(context, folder), settings::overrideSettle, System::nanoTime, timer);
        this.waitingRoom = new WaitingRoom(limits(configured));
        take(configured);
        this.openSign = new OpenSign(context);
        this.ruling = context.registerService(ConfigurationListener.class, rules, new Hashtable<>());
        this.containerStop = new ContainerStop(
                chain,
                duration("sluice.shutdown.delay", "0s"),
                duration("sluice.drain.timeout", "30s"),
                openSign::takeAway);
        this.hurry = context.registerService(Runnable.class, containerStop::hurry, hurries());
        Holds holds = new Holds(chain, timer, settings);
        this.tracker = new MiddlewareTracker(context, chain, settings, holds);
        this.stopHook = new StopHook(tracker, holds, containerStop);
        this.startHook = new StartHook(holds);
        // In this order: a start that only the first hears of makes later ones count too little, never too much.
        context.addBundleListener(stopHook);
        context.addBundleListener(startHook);
        Filter tracked = FrameworkUtil.createFilter(TRACKED);
        this.services = new ServiceTracker<>(context, tracked, tracker);
        services.open();
        tracker.opened();
        timer.scheduleWithFixedDelay(
                new LongStays(chain, System::nanoTime), LONG_STAYS_SECONDS, LONG_STAYS_SECONDS, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(settings::saveAgain, SAVE_AGAIN_SECONDS, SAVE_AGAIN_SECONDS, TimeUnit.SECONDS);
        this.filter = context.registerService(
                Preprocessor.class, new ChainFilter(new Entrance(chain, waitingRoom, this::suspended)), whiteboard());
    }

    /** Where no container runs it, this bundle has a place of its own. */
    private static Path kept(BundleContext context, String folder) {
        String data = context.getProperty("sluice.data.dir");
        return data == null || data.isBlank() ? context.getDataFile(folder).toPath() : Path.of(data, folder);
    }

    /** The launcher finds it by this. */
    private static Hashtable<String, Object> hurries() {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("dev.sluice.hurries", "stop");
        return properties;
    }

    private static Hashtable<String, Object> whiteboard() {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(HttpWhiteboardConstants.HTTP_WHITEBOARD_TARGET, "(org.apache.felix.http.name=sluice-data)");
        // Before other Preprocessors, so that what they do to a request is done behind the chain.
        properties.put(Constants.SERVICE_RANKING, Integer.MAX_VALUE);
        return properties;
    }

    /** Takes a changed configuration over, without a moment without the chain. */
    @Modified
    void modified(ChainConfiguration configuration, Map<String, Object> properties) {
        take(settings.take(configuration, properties));
    }

    private void take(Configured configured) {
        waitingRoom.limit(limits(configured));
        if (trips.defaults(configured.trip())) {
            chain.rearm("the rules for trip switches have changed");
        }
        chain.change(roster -> roster.require(configured.required()), "required: " + configured.required());
        rules.logDisabledButRequired();
    }

    /**
     * A request that waits keeps its thread. Where threads are few, half of them are left to requests that needn't wait.
     */
    private WaitingRoom.Limits limits(Configured configured) {
        String threads = context.getProperty("sluice.threads");
        boolean fewThreads = Runtime.version().feature() < 21 && threads != null;
        int places =
                fewThreads ? Math.min(configured.holdLimit(), Integer.parseInt(threads) / 2) : configured.holdLimit();
        return new WaitingRoom.Limits(places, configured.longestHold());
    }

    private Duration duration(String key, String otherwise) {
        String value = context.getProperty(key);
        return Durations.parse(value == null || value.isBlank() ? otherwise : value);
    }

    /** Requests that come from now on meet the gate; those that are in the chain get the time of a change in place. */
    @Deactivate
    void deactivate() {
        filter.unregister();
        ruling.unregister();
        rules.close();
        if (!containerStop.isBegun()) {
            settings.awaitRefused(chain);
        }
        openSign.takeAway();
        tracker.closing();
        services.close();
        context.removeBundleListener(startHook);
        context.removeBundleListener(stopHook);
        hurry.unregister();
        chain.close();
        answers.shutdownNow();
    }

    /**
     * It may go and come: the chain serves on with what is in force. It is here before this component is to be had, or the
     * opening waits for it.
     */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindConfigurations(ConfigurationAdmin configurations) {
        rules.readFrom(configurations);
    }

    void unbindConfigurations(ConfigurationAdmin configurations) {
        rules.forget(configurations);
    }

    private void suspended(HttpServletRequest request, Runnable whenOver) {
        BiConsumer<HttpServletRequest, Runnable> present = watch;
        if (present == null) {
            return;
        }
        try {
            present.accept(request, whenOver);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("a suspended request can't be watched", e);
        }
    }

    @Override
    public Optional<String> unreadRules() {
        return settings.now().unread();
    }

    @Override
    public Claim claim(long bundleId) {
        return tracker.claim(bundleId);
    }

    @Override
    public long publish(Set<Long> publish, Set<Long> retire, String cause) {
        return tracker.publish(publish, retire, cause);
    }

    @Override
    public long publish(Set<Long> publish, Set<Long> retire, Collection<Split> splits, String cause) {
        return tracker.publish(publish, retire, Optional.of(splits), Optional.empty(), cause);
    }

    @Override
    public long publish(
            Set<Long> publish,
            Set<Long> retire,
            Collection<Split> splits,
            Collection<ReleaseRule> rules,
            String cause) {
        List<Traffic.OfRelease> read = rules.stream()
                .flatMap(rule -> new TrafficReading(rule.texts())
                        .rule().map(one -> new Traffic.OfRelease(rule.file(), one)).stream())
                .toList();
        return tracker.publish(publish, retire, Optional.of(splits), Optional.of(read), cause);
    }

    @Override
    public List<String> faults(Map<String, String> texts) {
        return new TrafficReading(texts).faults();
    }

    @Override
    public void observe(Set<Long> bundleIds) {
        chain.change(roster -> roster.watch(bundleIds), "observe what has just come");
    }

    @Override
    public List<Figures> figures(long bundleId) {
        return chain.figures(bundleId);
    }

    @Override
    public List<OwnFigures> ownFigures() {
        return chain.ownFigures();
    }

    @Override
    public CompletableFuture<DrainOutcome> drain(long bundleId, Duration deadline) {
        return chain.drains().drain(bundleId, deadline);
    }

    @Override
    public OpenRequests requests(long bundleId) {
        return chain.drains().requests(bundleId);
    }

    @Override
    public void reserve(Collection<ReservedPlace> places) {
        List<Roster.Reservation> reservations = places.stream()
                .map(place -> new Roster.Reservation(
                        place.name(),
                        place.owner(),
                        new Spec(place.ranking(), Spec.patterns(place.paths()), place.onFailure()),
                        place.version().map(Version::parseVersion).map(Registration::version)))
                .toList();
        chain.change(roster -> roster.reserve(reservations), "reserved places");
    }

    @Override
    public boolean reset(String name, String version) {
        return trips.reset(chain, name, version);
    }

    @Override
    public void open() {
        rules.whenKnown(() -> {
            chain.open();
            openSign.putUp();
        });
    }

    @Override
    public ChainView view() {
        List<Registration> candidates = tracker.candidates();
        List<String> names = candidates.stream().map(Registration::name).toList();
        List<String> alarms = Stream.of(settings.alarms(), rules.alarms(names), ReleaseRules.alarms(chain.roster()))
                .flatMap(List::stream)
                .toList();
        return new Views(chain, rules).draw(containerStop.isBegun(), candidates, waitingRoom.waiting(), alarms);
    }
}
