package dev.sluice.unload.service;

import dev.sluice.unload.LeakCap;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Versions that stay in memory, and nobody knows why. They are no leaks yet, as soft references may hold them; but a leak that no
 * search can name looks the same for hours, and memory may be full by then.
 */
final class Unexplained {

    private Unexplained() {}

    /**
     * {@return an alarm for each middleware with more of them than versions of it may leak}
     *
     * @param unloads what left last comes first
     */
    static List<String> alarms(List<UnloadView> unloads, LeakCap cap) {
        Map<String, List<UnloadView>> byName = new LinkedHashMap<>();
        for (UnloadView unload : unloads) {
            if (unload.verdict() == Verdict.PENDING && unload.note().isPresent()) {
                byName.computeIfAbsent(name(unload), any -> new ArrayList<>()).add(unload);
            }
        }
        return byName.entrySet().stream()
                .filter(entry -> cap.isExceededBy(entry.getValue().size()))
                .map(entry -> entry.getValue().size() + " versions of " + entry.getKey()
                        + " that left are still in memory, and nobody knows yet why: POST /api/v1/unload/explain, with number="
                        + entry.getValue().get(0).number() + ", shows what holds the last of them")
                .toList();
    }

    private static String name(UnloadView unload) {
        return unload.middleware().isEmpty()
                ? "the bundle " + unload.symbolicName()
                : "the middleware " + String.join(", ", unload.middleware());
    }
}
