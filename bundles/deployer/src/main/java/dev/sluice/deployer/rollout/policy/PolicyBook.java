package dev.sluice.deployer.rollout.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which policies are in force: of each file what it says, or, where that can't be taken, what it said when it last could. Of
 * two files for the same subject the one whose name comes first counts, and the other is refused.
 *
 * <p>A policy goes only when its file has stayed away for a while: a file that is renamed, or saved by an editor that puts a new
 * one in its place, is gone for a moment, in which a new version would get all requests at once. Nobody need be woken for that:
 * whoever asks is told how it is by then. Used by one thread at a time.
 */
public final class PolicyBook {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyBook.class);

    /** Longer than File Install takes to see a file again: it looks each second. */
    static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** What each file said when it was last taken. Not kept over a restart: then a file with a mistake makes its subject wait. */
    private final Map<String, RolloutPolicy> lastGood = new HashMap<>();

    /** Since when files are away of which there is a policy. */
    private final Map<String, Long> goneAt = new TreeMap<>();

    private final LongSupplier nanos;
    private List<PolicyFile> present = List.of();
    private List<PolicyLine> lines = List.of();

    /**
     * Knows no file yet.
     *
     * @param nanos a monotonic clock
     */
    public PolicyBook(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Takes the files as they are now.
     *
     * @param files all of them; one that is missing is away
     * @return what became of each, by the names of the files; then those that are away, as long as that means nothing
     */
    public List<PolicyLine> take(Collection<PolicyFile> files) {
        present = files.stream().sorted(Comparator.comparing(PolicyFile::file)).toList();
        List<String> names = present.stream().map(PolicyFile::file).toList();
        goneAt.keySet().removeAll(names);
        lastGood.keySet().stream()
                .filter(file -> !names.contains(file))
                .forEach(file -> goneAt.putIfAbsent(file, nanos.getAsLong()));
        draw();
        return lines();
    }

    /** {@return what became of each file, as things are by now} */
    public List<PolicyLine> lines() {
        long now = nanos.getAsLong();
        List<String> lapsed = goneAt.entrySet().stream()
                .filter(gone -> now - gone.getValue() >= SETTLE_NANOS)
                .map(Map.Entry::getKey)
                .toList();
        if (!lapsed.isEmpty()) {
            lapsed.forEach(this::drop);
            draw();
        }
        return lines;
    }

    private void drop(String file) {
        LOG.info("The rollout policy in {} is taken away", file);
        goneAt.remove(file);
        lastGood.remove(file);
    }

    /** Those that are there go before those that are away; else they count in the order of their names. */
    private void draw() {
        Map<Subject, String> taken = new HashMap<>();
        List<PolicyLine> now = new ArrayList<>();
        present.forEach(file -> {
            PolicyLine line = line(file, PolicyReader.read(file.texts()));
            Subject subject = line.inForce().map(RolloutPolicy::subject).orElse(null);
            String other = subject == null ? null : taken.putIfAbsent(subject, file.file());
            now.add(other == null ? line : refused(line, other));
        });
        for (String file : List.copyOf(goneAt.keySet())) {
            RolloutPolicy policy = lastGood.get(file);
            if (taken.putIfAbsent(policy.subject(), file) == null) {
                now.add(new PolicyLine(file, Optional.of(policy.subject()), Optional.of(policy), Optional.empty()));
            } else {
                // Renamed, or another is for the same.
                drop(file);
            }
        }
        lines = List.copyOf(now);
    }

    private PolicyLine line(PolicyFile file, PolicyReading reading) {
        if (reading instanceof PolicyReading.Bad bad) {
            Optional<RolloutPolicy> before = Optional.ofNullable(lastGood.get(file.file()));
            return new PolicyLine(
                    file.file(),
                    before.map(RolloutPolicy::subject).or(bad::subject),
                    before,
                    Optional.of(String.join("; ", bad.faults())));
        }
        RolloutPolicy policy = ((PolicyReading.Good) reading).policy();
        lastGood.put(file.file(), policy);
        return new PolicyLine(file.file(), Optional.of(policy.subject()), Optional.of(policy), Optional.empty());
    }

    private static PolicyLine refused(PolicyLine line, String other) {
        String conflict = other + " is for " + line.subject().orElseThrow()
                + " too, and counts, as its name comes first: keep one of the two";
        return new PolicyLine(
                line.file(),
                line.subject(),
                Optional.empty(),
                Optional.of(line.refusal().map(fault -> fault + "; " + conflict).orElse(conflict)));
    }

    /**
     * Chooses the policy for a bundle: one for the bundle, else one for a middleware of it, else one for all, else the standard.
     *
     * @param symbolicName the bundle's
     * @param middleware the names of its middleware
     * @return the policy, if that can be told
     */
    public Choice choose(String symbolicName, Collection<String> middleware) {
        Optional<PolicyLine> found = lines().stream()
                .filter(line -> line.inForce().isPresent())
                .filter(line -> line.subject().orElseThrow().matches(symbolicName, middleware))
                .min(Comparator.comparing(line -> line.subject().orElseThrow().kind()));
        return lines.stream()
                .filter(line -> mayHaveBeenMeant(line, found, symbolicName, middleware))
                .findFirst()
                .<Choice>map(
                        line -> new Choice.Unclear(line.file() + " has a mistake in it, and what it said before isn't"
                                + " known: " + line.refusal().orElseThrow() + ". Mend the file, or delete it"))
                .orElseGet(() ->
                        new Choice.Chosen(found.flatMap(PolicyLine::inForce).orElseGet(RolloutPolicy::standard)));
    }

    /** Whether a file that nothing is in force by would have had its say, before what was found. */
    private boolean mayHaveBeenMeant(
            PolicyLine line, Optional<PolicyLine> found, String symbolicName, Collection<String> middleware) {
        if (line.inForce().isPresent() || lines.stream().anyMatch(other -> isOtherFor(line, other))) {
            return false;
        }
        Optional<Subject.Kind> kind = found.flatMap(PolicyLine::subject).map(Subject::kind);
        return line.subject()
                .map(subject -> subject.matches(symbolicName, middleware)
                        && kind.filter(nearer -> nearer.compareTo(subject.kind()) < 0)
                                .isEmpty())
                .orElse(kind.filter(Subject.Kind.BUNDLE::equals).isEmpty());
    }

    private static boolean isOtherFor(PolicyLine line, PolicyLine other) {
        return other.inForce().isPresent()
                && line.subject().isPresent()
                && other.subject().equals(line.subject());
    }
}
