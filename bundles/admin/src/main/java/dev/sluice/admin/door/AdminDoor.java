package dev.sluice.admin.door;

import dev.sluice.admin.console.ConsoleGuard;
import dev.sluice.admin.console.ConsoleSettings;
import dev.sluice.admin.console.GuardedFramework;
import dev.sluice.admin.console.UnreadFiles;
import dev.sluice.admin.console.Upload;
import dev.sluice.admin.login.Login;
import dev.sluice.admin.rollback.FileOrder;
import dev.sluice.admin.rollback.RollBacks;
import dev.sluice.admin.rollout.RolloutOrders;
import dev.sluice.admin.status.Health;
import dev.sluice.admin.status.Status;
import dev.sluice.admin.status.Surroundings;
import dev.sluice.admin.trip.TripReset;
import dev.sluice.admin.unload.ExplainOrder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardTarget;

/**
 * The one door of the admin listener: before every servlet, whoever registered it. Puts the {@link Way} together and
 * stands in front of all other Preprocessors.
 *
 * <p>Takes no configuration and no reference that comes and goes, so its service stays as it is as long as the bundle is
 * active: a door that is replaced is a moment without a door.
 */
@Component(service = Preprocessor.class, configurationPolicy = ConfigurationPolicy.IGNORE)
@ServiceRanking(Integer.MAX_VALUE)
@HttpWhiteboardTarget(ConsoleSettings.ADMIN_TARGET)
public final class AdminDoor implements Preprocessor {

    /** Longer than a bundle may take to start, by default; and no longer than usual clients wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final Way way;

    /**
     * Puts the door together.
     *
     * @param context the bundle's context
     * @param settings what the operator has set
     * @param surroundings the chain and the deployer
     * @param console whether the console is there
     * @param configurations for the guard
     * @param components for the guard
     * @param unread for the alarms
     */
    @Activate
    public AdminDoor(
            BundleContext context,
            @Reference AdminSettings settings,
            @Reference Surroundings surroundings,
            @Reference ConsolePresence console,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components,
            @Reference UnreadFiles unread) {
        GuardedFramework framework =
                new GuardedFramework(context, configurations, components, surroundings::isDeployed);
        FileOrder order = new FileOrder(surroundings::deployer, PATIENCE);
        String version = context.getProperty("sluice.version");
        this.way = new Way(
                new HostCheck(settings::hosts),
                new OriginCheck(),
                Login.with(context::getProperty, System::getenv),
                new ConsoleGuard(new Upload(surroundings::deployer, settings::uploadLimit), framework),
                console::isServed,
                new Health(surroundings),
                new Status(version == null ? "" : version, AdminDoor::uptime, surroundings, unread::alarms),
                new TripReset(surroundings::chainControl),
                new RollBacks(order),
                new RolloutOrders(order),
                new ExplainOrder(surroundings::explain));
    }

    @Override
    public void init(FilterConfig config) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        way.go((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    @Override
    public void destroy() {}

    private static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }
}
