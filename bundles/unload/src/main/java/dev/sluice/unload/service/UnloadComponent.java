package dev.sluice.unload.service;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Departure;
import dev.sluice.unload.LeakCap;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Unloads;
import dev.sluice.unload.Verdict;
import dev.sluice.unload.explain.Evidence;
import dev.sluice.unload.explain.ExplainRules;
import dev.sluice.unload.managed.StopBudget;
import dev.sluice.unload.managed.TaskRules;
import dev.sluice.unload.witness.BundleWitness;
import dev.sluice.unload.witness.Inbox;
import dev.sluice.unload.witness.Witness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** Sees bundles leave, and tells what became of them. What it knew ends with it: an update of this bundle forgets all. */
@Component(
        service = {Unloads.class, ExplainRules.class, Evidence.class, TaskRules.class},
        immediate = true,
        configurationPid = Settings.PID)
@Designate(ocd = UnloadConfiguration.class)
public final class UnloadComponent implements Unloads, ExplainRules, Evidence, TaskRules {

    private final BundleContext context;
    private final SettingsBook settings;
    private final Witness witness;
    private final BundleWitness bundles;
    private final StopBudget tasks;

    /** Begins to watch. */
    @Activate
    public UnloadComponent(BundleContext context, UnloadConfiguration configuration, Map<String, Object> properties) {
        String data = context.getProperty("sluice.data.dir");
        if (data == null) {
            throw new IllegalStateException(
                    "the framework property sluice.data.dir is missing: start the container through its launcher");
        }
        this.context = context;
        this.settings = new SettingsBook(Path.of(data));
        settings.take(configuration, properties);
        Inbox inbox = new Inbox(InstantSource.system(), System::nanoTime);
        this.witness = new Witness(inbox, () -> settings.settings().rules(), System::nanoTime, Searches.ALL);
        this.bundles = new BundleWitness(inbox, context.getBundle().getBundleId(), id -> context.getBundle(id) != null);
        Bundle container = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        this.tasks = new StopBudget(
                () -> settings.settings().tasksTimeout(),
                () -> container.getState() == Bundle.STOPPING,
                System::nanoTime);
        witness.start();
        context.addBundleListener(bundles);
    }

    @Modified
    void modified(UnloadConfiguration configuration, Map<String, Object> properties) {
        settings.take(configuration, properties);
        witness.rulesChanged();
    }

    @Deactivate
    void deactivate() {
        context.removeBundleListener(bundles);
        witness.close();
    }

    @Override
    public long leaving(long bundleId, Departure departure) {
        return bundles.leaving(bundleId, departure);
    }

    @Override
    public Runnable requestsIn(long bundleId, List<String> requests) {
        return bundles.requestsIn(bundleId, requests);
    }

    @Override
    public List<UnloadView> view() {
        return witness.view();
    }

    @Override
    public int leaked(String middleware) {
        return (int) view().stream()
                .filter(unload -> unload.verdict() == Verdict.LEAKED
                        && unload.middleware().contains(middleware))
                .count();
    }

    @Override
    public LeakCap cap() {
        return settings.settings().cap();
    }

    @Override
    public AutoCloseable listen(Consumer<UnloadView> listener) {
        return witness.listen(listener);
    }

    @Override
    public void held(long number, long nanos, Culprit culprit) {
        witness.held(number, nanos, culprit);
    }

    @Override
    public Duration tasksTimeout() {
        return tasks.tasksTimeout();
    }

    @Override
    public Duration afterInterrupt() {
        return tasks.afterInterrupt();
    }

    @Override
    public int explainMegabytes() {
        return settings.settings().explainMegabytes();
    }

    @Override
    public Duration explainTimeout() {
        return settings.settings().explainTimeout();
    }

    @Override
    public List<String> alarms() {
        return Stream.of(settings.alarms(), witness.alarms(), Unexplained.alarms(view(), cap()))
                .flatMap(List::stream)
                .toList();
    }
}
