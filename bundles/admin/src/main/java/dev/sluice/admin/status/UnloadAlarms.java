package dev.sluice.admin.status;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says of each middleware, or bundle, whose versions stay in memory which there are, what holds the newest, and what to do. */
final class UnloadAlarms {

    /** So many characters of what holds it, and of what to do. */
    private static final int MOST = 800;

    /** So many versions are told one by one. */
    private static final int MOST_VERSIONS = 10;

    private UnloadAlarms() {}

    /**
     * One for each.
     *
     * @param unloads what left last comes first
     */
    static List<String> of(List<UnloadView> unloads) {
        Map<String, List<UnloadView>> leaked = new LinkedHashMap<>();
        unloads.stream().filter(unload -> unload.verdict() == Verdict.LEAKED).forEach(unload -> leaked.computeIfAbsent(
                        name(unload), any -> new ArrayList<>())
                .add(unload));
        return leaked.entrySet().stream()
                .map(entry -> alarm(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String name(UnloadView unload) {
        Collection<String> middleware = unload.middleware();
        return middleware.isEmpty()
                ? "the bundle " + unload.symbolicName()
                : "the middleware " + String.join(", ", middleware);
    }

    private static String alarm(String name, List<UnloadView> leaked) {
        UnloadView newest = leaked.get(0);
        int count = leaked.size();
        return (count == 1 ? "One version" : count + " versions") + " of " + name + " that left "
                + (count == 1 ? "is still in memory. " : "are still in memory: " + versions(leaked) + ". ")
                + culprits(newest)
                + " POST /api/v1/unload/explain, with number=" + newest.number()
                + ", shows the path to what holds it. Mend it in the next version; a restart of the container frees the memory.";
    }

    /** {@return each with the number by which it can be asked for} One version may have left more than once. */
    private static String versions(List<UnloadView> leaked) {
        String told = leaked.stream()
                .limit(MOST_VERSIONS)
                .map(unload -> unload.version() + " (unload " + unload.number() + ")")
                .collect(Collectors.joining(", "));
        int untold = leaked.size() - MOST_VERSIONS;
        return untold > 0 ? told + " and " + untold + " more" : told;
    }

    private static String culprits(UnloadView newest) {
        if (newest.culprits().isEmpty()) {
            return "What holds " + newest.version() + " wasn't found.";
        }
        return newest.version() + " is held by "
                + bounded(newest.culprits().stream().map(Culprit::what).collect(Collectors.joining("; "))) + ". "
                + bounded(newest.culprits().stream()
                        .map(Culprit::advice)
                        .distinct()
                        .collect(Collectors.joining(" ")));
    }

    /** The status has all of it; an alarm is to be read. */
    private static String bounded(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + "...";
    }
}
