package dev.sluice.unload.explain;

import dev.sluice.unload.Explain;
import dev.sluice.unload.Explanation;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Unloads;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Explains what has leaked. A value that can't be used leaves the one that was in force. */
@Component(service = Explain.class, immediate = true, configurationPid = "dev.sluice.unload")
public final class ExplainComponent implements Explain {

    private static final Logger LOG = LoggerFactory.getLogger(ExplainComponent.class);

    private static final String MEMORY = "unload.explain.memory";
    private static final String TIMEOUT = "unload.explain.timeout";

    /** Written by Declarative Services alone. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Unloads unloads;

    /** Written by Declarative Services, one change after the other. */
    private volatile ExplainSettings settings = ExplainSettings.DEFAULT;

    private final Explainer explainer;

    /** Deletes what an end in between has left, also where nobody asks. */
    @Activate
    public ExplainComponent(BundleContext context, Map<String, Object> properties) {
        String data = context.getProperty("sluice.data.dir");
        if (data == null) {
            throw new IllegalStateException(
                    "the framework property sluice.data.dir is missing: start the container through its launcher");
        }
        HeapDumps dumps = new HeapDumps(Path.of(data, "heap-dumps"), HeapDumps.ofTheJvm(), HeapDumps.ON_DISK);
        dumps.clear();
        this.explainer = new Explainer(dumps, new HeapPathProgram(), this::known, () -> settings, System::nanoTime);
        take(properties);
    }

    @Modified
    void take(Map<String, Object> properties) {
        ExplainSettings before = settings;
        settings = new ExplainSettings(
                value(properties, MEMORY, ExplainSettings::memory, ExplainSettings.DEFAULT.memory(), before.memory()),
                value(properties, TIMEOUT, ExplainSettings::timeout, ExplainSettings.DEFAULT.timeout(), before.timeout()));
    }

    private static <T> T value(
            Map<String, Object> properties, String key, Function<String, T> parser, T normally, T before) {
        Object text = properties.get(key);
        if (text == null) {
            return normally;
        }
        try {
            return parser.apply(text.toString());
        } catch (IllegalArgumentException e) {
            LOG.warn("{} in conf/dev.sluice.unload.cfg: {}; what was in force stays", key, e.getMessage());
            return before;
        }
    }

    @Deactivate
    void deactivate() {
        explainer.close();
    }

    @Override
    public CompletableFuture<Explanation> explain(long number, boolean keep) {
        return explainer.explain(number, keep);
    }

    /** Without verdicts nobody knows before the dump what it will show. */
    private Explainer.Known known(long number) {
        Unloads verdicts = unloads;
        if (verdicts == null) {
            return Explainer.Known.IN_MEMORY;
        }
        return verdicts.view().stream()
                .filter(unload -> unload.number() == number)
                .map(UnloadView::verdict)
                .map(Explainer.Known::of)
                .findFirst()
                .orElse(Explainer.Known.NO);
    }
}
