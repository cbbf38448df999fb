package dev.sluice.unload.explain;

import dev.sluice.unload.Explain;
import dev.sluice.unload.Explanation;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Unloads;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Explains what has leaked. */
@Component(service = Explain.class, immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class ExplainComponent implements Explain {

    private final Unloads unloads;
    private final Explainer explainer;

    /** Deletes what an end in between has left, also where nobody asks. */
    @Activate
    public ExplainComponent(
            BundleContext context,
            @Reference Unloads unloads,
            @Reference ExplainRules rules,
            @Reference Evidence evidence) {
        String data = context.getProperty("sluice.data.dir");
        if (data == null) {
            throw new IllegalStateException(
                    "the framework property sluice.data.dir is missing: start the container through its launcher");
        }
        this.unloads = unloads;
        HeapDumps dumps = new HeapDumps(Path.of(data, "heap-dumps"), HeapDumps.ofTheJvm(), HeapDumps.ON_DISK);
        dumps.clear();
        this.explainer = new Explainer(
                dumps,
                new HeapPathProgram(),
                this::known,
                () -> ExplainSettings.of(rules),
                evidence,
                System::nanoTime,
                Explainer::onItsOwnThread);
    }

    @Deactivate
    void deactivate() {
        explainer.close();
    }

    @Override
    public CompletableFuture<Explanation> explain(long number, boolean keep) {
        return explainer.explain(number, keep);
    }

    private Explainer.Known known(long number) {
        return unloads.view().stream()
                .filter(unload -> unload.number() == number)
                .map(UnloadView::verdict)
                .map(Explainer.Known::of)
                .findFirst()
                .orElse(Explainer.Known.NO);
    }
}
