package dev.sluice.unload.managed;

import java.util.concurrent.ScheduledExecutorService;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * The service: one executor for each bundle that uses it. The framework lets go of it for a bundle when the bundle has stopped,
 * that is, after its components were deactivated or its activator's {@code stop} has returned; then it is released, on the thread
 * that stops the bundle.
 */
@Component(
        service = ScheduledExecutorService.class,
        scope = ServiceScope.BUNDLE,
        property = "sluice.managed:Boolean=true")
public final class ManagedTasks extends BundleTasks {

    /** Made for the bundle that asks. */
    @Activate
    public ManagedTasks(ComponentContext context, @Reference TaskRules rules) {
        this(context.getUsingBundle(), rules);
    }

    private ManagedTasks(Bundle user, TaskRules rules) {
        super(
                user.getSymbolicName(),
                user.adapt(BundleWiring.class).getClassLoader(),
                Threads.best(),
                System::nanoTime,
                Threads.timer(user.getSymbolicName()),
                rules);
    }

    @Deactivate
    void deactivate() {
        release();
    }
}
