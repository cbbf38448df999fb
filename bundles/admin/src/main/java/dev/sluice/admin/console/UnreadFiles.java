package dev.sluice.admin.console;

import dev.sluice.admin.status.Surroundings;
import dev.sluice.conf.Nearest;
import dev.sluice.conf.OneFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in {@code conf/} that are called as if they were the container's, and that nobody reads: most likely misspelt, so
 * that what an operator meant isn't in force. File Install takes any name, and leaves other extensions alone without a word.
 *
 * <p>Each look is one listing of a small folder; safe for use by many threads.
 */
@Component(service = UnreadFiles.class, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class UnreadFiles {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadFiles.class);
    private static final String PREFIX = "dev.sluice";
    private static final String EXTENSION = ".cfg";
    private static final Pattern OTHER_EXTENSION =
            Pattern.compile("(?i)\\.(cfg|conf|config|cnf|properties|props|ini|txt|ya?ml|json|xml|toml)$");
    private static final int LOOK_SECONDS = 5;

    private static final Set<String> OWN = Stream.concat(
                    OneFile.PIDS.stream(), ConfigurationActions.OF_OPERATORS.stream())
            .collect(Collectors.toCollection(TreeSet::new));

    private final Path folder;
    private final Supplier<Boolean> complete;
    private final Supplier<Collection<String>> componentPids;
    private final Consumer<String> warnings;
    private final ScheduledExecutorService timer;

    /** The files that were warned of and are still there; used by the timer's thread. */
    private Set<String> warned = Set.of();

    /**
     * Looks from now on.
     *
     * @param context for the framework's properties
     * @param surroundings tell when all that was published is back
     * @param components know the PIDs that components are configured by
     */
    @Activate
    public UnreadFiles(
            BundleContext context,
            @Reference Surroundings surroundings,
            @Reference ServiceComponentRuntime components) {
        this(
                Path.of(
                        context.getProperty("sluice.conf.dir") == null
                                ? "conf"
                                : context.getProperty("sluice.conf.dir")),
                () -> surroundings.deployments().filter(view -> view.started()).isPresent(),
                () -> components.getComponentDescriptionDTOs().stream()
                        .filter(one -> !"ignore".equals(one.configurationPolicy))
                        .flatMap(one -> Stream.of(one.configurationPid))
                        .toList(),
                LOG::warn,
                Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(null, task, "sluice-admin-conf", 0, false);
                    thread.setDaemon(true);
                    return thread;
                }));
        timer.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    UnreadFiles(
            Path folder,
            Supplier<Boolean> complete,
            Supplier<Collection<String>> componentPids,
            Consumer<String> warnings,
            ScheduledExecutorService timer) {
        this.folder = folder;
        this.complete = complete;
        this.componentPids = componentPids;
        this.warnings = warnings;
        this.timer = timer;
    }

    @Deactivate
    void deactivate() {
        timer.shutdownNow();
    }

    /** Logs what there is new. */
    void look() {
        try {
            Map<String, String> now = unread();
            now.forEach((file, sentence) -> {
                if (!warned.contains(file)) {
                    warnings.accept(sentence);
                }
            });
            warned = Set.copyOf(now.keySet());
        } catch (RuntimeException e) {
            // A look that fails must not be the last one.
            LOG.debug("conf/ can't be looked through", e);
        }
    }

    /** {@return for each such file what is wrong with it, and what to do} */
    public List<String> alarms() {
        return List.copyOf(unread().values());
    }

    private Map<String, String> unread() {
        // Before everything is back, a file may be for a component that is still to come.
        if (!complete.get()) {
            return Map.of();
        }
        Set<String> pids = new HashSet<>(componentPids.get());
        pids.addAll(OWN);
        Map<String, String> unread = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .forEach(name -> judge(name, pids).ifPresent(reason -> unread.put(name, reason)));
        } catch (IOException e) {
            LOG.debug("{} can't be listed", folder, e);
        }
        return unread;
    }

    private static Optional<String> judge(String name, Set<String> pids) {
        boolean cfg = name.endsWith(EXTENSION);
        String stem = cfg ? name.substring(0, name.length() - EXTENSION.length()) : name;
        if (!cfg) {
            // What only has something behind it was put aside by its owner: .cfg.bak, .cfg~
            if (name.contains(EXTENSION) || !name.startsWith(PREFIX + ".")) {
                return Optional.empty();
            }
            return Optional.of("conf/" + name + " is read by nobody: files there end in " + EXTENSION + ". Call it "
                    + meant(OTHER_EXTENSION.matcher(name).replaceFirst("")) + EXTENSION + ", or delete it.");
        }
        String pid = pid(stem);
        if (OneFile.isStray(name)) {
            String right = pid.split("\\|")[0] + EXTENSION;
            return Optional.of("conf/" + name + " is read by nobody, and changes nothing: of conf/" + right
                    + " there is one,"
                    + " and not several. Put into that file what is to count, and delete this one, or call it " + name
                    + ".bak.");
        }
        boolean own = pid.startsWith(PREFIX + ".") || Nearest.of(pid, OWN, 2).isPresent();
        if (pids.contains(pid) || !own) {
            return Optional.empty();
        }
        Optional<String> nearest = Nearest.of(pid, OWN, Math.max(1, (pid.length() - PREFIX.length()) / 3));
        return Optional.of("conf/" + name + " is read by nobody: there is no configuration \"" + pid + "\". "
                + nearest.map(near -> "Probably conf/" + meant(stem) + EXTENSION + " is meant: rename it.")
                        .orElse("There are " + String.join(", ", OWN) + ".")
                + " If it is for a component whose bundle is still to come, it waits for it.");
    }

    /** As File Install reads a name without its extension: what stands behind the first hyphen or tilde names an instance. */
    private static String pid(String stem) {
        return stem.split("[-~]", 2)[0];
    }

    private static String meant(String stem) {
        String pid = pid(stem);
        return Nearest.of(pid, OWN, Math.max(1, (pid.length() - PREFIX.length()) / 3))
                .map(near -> near + (OneFile.PIDS.contains(near) ? "" : stem.substring(pid.length())))
                .orElse(stem);
    }
}
