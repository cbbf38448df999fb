package dev.sluice.itests.model;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * What may be seen, epoch by epoch. A step under way is an epoch, and so is the calm after it. A request may see what any
 * epoch allows that it overlaps: it is judged by those from the one in which it was sent to that in which its answer was
 * complete. One thread writes; clients read.
 */
final class Timeline {

    /** What a client says when there was no answer. */
    static final String BROKEN = "broken";

    /**
     * @param what what is going on
     * @param answers what may be answered, by path
     * @param late what besides, if the step takes longer than requests are held
     */
    private record Epoch(String what, Map<String, Set<String>> answers, Map<String, Set<String>> late) {}

    private final List<String> paths;
    private final List<Epoch> epochs = new CopyOnWriteArrayList<>();

    Timeline(List<String> paths, Model start) {
        this.paths = paths;
        calm(start);
    }

    /** Nothing goes on: there is one answer. */
    void calm(Model model) {
        Map<String, Set<String>> answers = answers(Set.of(model.chain()), Set.of());
        epochs.add(new Epoch("calm", answers, answers));
    }

    /** A step goes on. */
    void during(Model before, Step step) {
        // A process that ends and starts refuses connections, and requests while it isn't open.
        Set<String> besides = step instanceof Step.Restart ? Set.of("503", BROKEN) : Set.of();
        epochs.add(
                new Epoch(step.toString(), answers(before.during(step), besides), answers(before.late(step), besides)));
    }

    private Map<String, Set<String>> answers(Collection<List<View>> chains, Set<String> besides) {
        return paths.stream().collect(Collectors.toMap(path -> path, path -> {
            Set<String> answers = new HashSet<>(besides);
            chains.forEach(chain -> answers.add(View.answer(chain, path)));
            return answers;
        }));
    }

    /** {@return the number of the epoch that it is now} */
    int now() {
        return epochs.size() - 1;
    }

    /** {@return what the model allows a request that overlaps these epochs} */
    Set<String> allowed(String path, int first, int last) {
        return epochs.subList(first, last + 1).stream()
                .flatMap(epoch -> epoch.answers.get(path).stream())
                .collect(Collectors.toSet());
    }

    /** {@return what the model allows besides, if the last of these epochs was a long one} */
    Set<String> allowedLate(String path, int first, int last) {
        return epochs.subList(first, last + 1).stream()
                .flatMap(epoch -> epoch.late.get(path).stream())
                .collect(Collectors.toSet());
    }

    /** {@return what went on} */
    String what(int first, int last) {
        return epochs.subList(first, last + 1).stream().map(Epoch::what).collect(Collectors.joining(", then "));
    }
}
