package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is known of what holds one class loader: by the searches, and by a heap dump. In texts alone. Used by one thread. */
final class Findings {

    private List<Culprit> searched = List.of();
    private List<String> unseen = List.of();
    private final Set<String> cleaned = new LinkedHashSet<>();
    private boolean looked = true;
    private Optional<Culprit> path = Optional.empty();

    /** {@return whether something was cleaned up that wasn't before, or our own thread has the class loader: no evidence then} */
    boolean search(Left left, Rules rules, Inquiry inquiry) {
        Inquiry.Result found = inquiry.run(left.watched(), left.name(), rules.uncleaned(), Set.copyOf(cleaned));
        searched = found.culprits();
        unseen = found.unseen();
        looked = found.looked();
        return cleaned.addAll(found.cleaned()) || found.tidied() || found.held();
    }

    /** A heap dump shows a path of strong references. */
    void path(Culprit source) {
        path = Optional.of(source);
    }

    /** What a heap dump has shown may have ended since. */
    void forgetPath() {
        path = Optional.empty();
    }

    /** {@return whether what holds it is known} A cache of the JDK's holds softly, or nobody knows which: its name alone is no proof. */
    boolean isNamed() {
        return culprits().stream().anyMatch(culprit -> culprit.kind() != Culprit.Kind.CACHE);
    }

    /** {@return whether all that was found goes by itself, and some of it is threads that end} */
    boolean isEnding() {
        Set<Culprit.Kind> kinds = culprits().stream().map(Culprit::kind).collect(Collectors.toSet());
        return kinds.contains(Culprit.Kind.ENDING)
                && Set.of(Culprit.Kind.ENDING, Culprit.Kind.CACHE).containsAll(kinds);
    }

    /** {@return whether anybody could look, the last time} */
    boolean looked() {
        return looked;
    }

    List<Culprit> culprits() {
        return Stream.concat(searched.stream(), path.stream()).toList();
    }

    List<String> cleaned() {
        return List.copyOf(cleaned);
    }

    List<String> unseen() {
        return unseen;
    }
}
