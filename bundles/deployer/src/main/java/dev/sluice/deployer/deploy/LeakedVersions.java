package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.unload.LeakCap;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Unloads;
import dev.sluice.unload.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cap: new versions of a middleware aren't tried as long as too many of its earlier ones are still in memory, or somebody is
 * warned. What served before is never refused, nor what comes back, nor a middleware of which nothing is deployed:
 * protection goes before memory. While nobody
 * judges what has left, nothing counts as leaked. Confined to the deployer's thread.
 */
final class LeakedVersions {

    private static final Logger LOG = LoggerFactory.getLogger(LeakedVersions.class);
    private static final String ALARM = "leaked:";

    private final Parts parts;
    private final Agenda agenda;
    private final Retries retries;
    private final Failures failures;
    private final Consumer<List<Artifact>> undertakes;

    /** What was deployed over the cap, by middleware. */
    private final Map<String, LetIn> warned = new TreeMap<>();

    /**
     * It was deployed over the cap.
     *
     * @param file the file that it came from last
     * @param wasAbsent whether nothing else of the middleware was deployed, so that requests would have passed without it
     */
    private record LetIn(String file, boolean wasAbsent) {}

    /** @param undertakes puts on the agenda what is tried again */
    LeakedVersions(
            Parts parts, Agenda agenda, Retries retries, Failures failures, Consumer<List<Artifact>> undertakes) {
        this.parts = parts;
        this.agenda = agenda;
        this.retries = retries;
        this.failures = failures;
        this.undertakes = undertakes;
    }

    /** {@return why an artifact isn't to be tried now; empty if it is, which may be an alarm} */
    Optional<Failure> against(Artifact artifact) {
        if (artifact.rolledBack().isPresent() || comesBack(artifact) || hasServed(artifact)) {
            return Optional.empty();
        }
        LeakCap cap = cap();
        Map<String, Integer> tooMany = tooMany(artifact, cap);
        Optional<Failure> refusal = refusal(tooMany, cap);
        if (refusal.isPresent()) {
            return refusal;
        }
        tooMany.forEach((name, leaked) -> {
            warned.put(name, new LetIn(artifact.file(), cap.refuse()));
            String sentence = warning(name, leaked, cap);
            LOG.warn("{}", sentence);
            parts.board().alarm(ALARM + name, sentence);
        });
        return Optional.empty();
    }

    /** It is what is deployed from its file, but somebody has taken it away, or it couldn't be brought back. */
    private boolean comesBack(Artifact artifact) {
        return parts.roster()
                .find(artifact.file())
                .filter(deployed -> deployed.sha256().equals(artifact.sha256()))
                .isPresent();
    }

    /** It is what its file had before, as with a roll forward after a roll back: known to serve, and no new version. */
    private boolean hasServed(Artifact artifact) {
        return parts.ledger().history().publications().stream()
                .flatMap(past -> past.came().stream())
                .anyMatch(came ->
                        came.file().equals(artifact.file()) && came.sha256().equals(artifact.sha256()));
    }

    private LeakCap cap() {
        return parts.witness().ask(Unloads::cap).orElse(new LeakCap(0, false));
    }

    private int leaked(String name) {
        return parts.witness().ask(unloads -> unloads.leaked(name)).orElse(0);
    }

    /** {@return of which middleware that an artifact brings more versions have leaked than is tolerated, and how many} */
    private Map<String, Integer> tooMany(Artifact artifact, LeakCap cap) {
        Map<String, Integer> tooMany = new TreeMap<>();
        for (String name : names(artifact)) {
            int leaked = leaked(name);
            if (cap.isExceededBy(leaked)) {
                tooMany.put(name, leaked);
            }
        }
        return tooMany;
    }

    /** What its manifest declares, what its file and its symbolic names deploy now, and what these have brought before. */
    private Set<String> names(Artifact artifact) {
        Set<String> names = new TreeSet<>(artifact.declaredNames());
        Set<String> symbolicNames =
                artifact.bundles().stream().map(Artifact::symbolicName).collect(Collectors.toSet());
        parts.roster().all().stream()
                .map(Deployed::artifact)
                .filter(deployed ->
                        deployed.inFolder().equals(artifact.file()) || symbolicNames.contains(deployed.symbolicName()))
                .forEach(deployed -> names.addAll(Deployed.names(deployed)));
        List<UnloadView> left = parts.witness().ask(Unloads::view).orElse(List.of());
        left.stream()
                .filter(view -> view.verdict() == Verdict.LEAKED && symbolicNames.contains(view.symbolicName()))
                .forEach(view -> names.addAll(view.middleware()));
        return names;
    }

    /** Of those alone that are there: without one that isn't, requests pass by where it should be. */
    private Optional<Failure> refusal(Map<String, Integer> tooMany, LeakCap cap) {
        Map<String, Integer> refused = new TreeMap<>(tooMany);
        refused.keySet().retainAll(deployedNames());
        return refused.isEmpty() || !cap.refuse()
                ? Optional.empty()
                : Optional.of(Failure.ofUnloads(message(refused, cap)));
    }

    private Set<String> deployedNames() {
        return parts.roster().all().stream()
                .map(Deployed::artifact)
                .flatMap(deployed -> Deployed.names(deployed).stream())
                .collect(Collectors.toSet());
    }

    private static String message(Map<String, Integer> tooMany, LeakCap cap) {
        return versions(tooMany) + " have been released and are still in memory, more than the " + cap.most()
                + " that are tolerated (unload.max.leaked). What holds them is said in `unloads` of GET /api/v1/status, and"
                + " POST /api/v1/unload/explain shows it in full: mend that in the middleware, and restart the container to be"
                + " rid of them, which deploys this too. To deploy this before, raise unload.max.leaked in"
                + " conf/dev.sluice.unload.cfg, or set unload.on.max.leaked=warn there; it is tried again by itself then, and"
                + " also when fewer are left";
    }

    private static String versions(Map<String, Integer> tooMany) {
        return tooMany.entrySet().stream()
                .map(one -> one.getValue() + " versions of middleware " + one.getKey())
                .collect(Collectors.joining(" and "));
    }

    private String warning(String name, int leaked, LeakCap cap) {
        LetIn letIn = warned.get(name);
        return letIn.file() + " was let in though " + versions(Map.of(name, leaked))
                + " have been released and are still in memory, more than " + cap.most()
                + (letIn.wasAbsent()
                        ? " (unload.max.leaked), as nothing else of it was deployed"
                        : " (unload.max.leaked, unload.on.max.leaked=warn)")
                + ": look at what holds them in `unloads` of GET /api/v1/status,"
                + " mend that in the middleware, and restart the container before its memory is full";
    }

    /**
     * Has those tried again that aren't refused any more: versions may have been collected after all, and the configuration may
     * have changed. So it is asked for, and what nobody told of can't be missed.
     *
     * @return whether there is something to try
     */
    boolean look() {
        calm();
        LeakCap cap = cap();
        List<Artifact> free = new ArrayList<>();
        for (Artifact artifact : parts.awaited().ofUnloads()) {
            if (agenda.hasFile(artifact.file())) {
                continue;
            }
            Optional<Failure> refusal = refusal(tooMany(artifact, cap), cap);
            if (refusal.isEmpty()) {
                free.add(artifact);
            } else if (!parts.awaited().isAwaiting(artifact, refusal.get())) {
                // There are others by now, or others are tolerated.
                failures.fail(artifact, refusal.get());
            }
        }
        if (free.isEmpty()) {
            return false;
        }
        // What needs one of them failed with it.
        free.addAll(retries.withTheNext());
        undertakes.accept(free);
        return true;
    }

    private void calm() {
        LeakCap cap = cap();
        warned.keySet().removeIf(name -> {
            int leaked = leaked(name);
            boolean isOver = cap.refuse() && !warned.get(name).wasAbsent() || !cap.isExceededBy(leaked);
            if (isOver) {
                parts.board().calm(ALARM + name);
            } else {
                parts.board().alarm(ALARM + name, warning(name, leaked, cap));
            }
            return isOver;
        });
    }
}
