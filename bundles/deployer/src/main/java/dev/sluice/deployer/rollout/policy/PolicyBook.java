package dev.sluice.deployer.rollout.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which policies are in force: of each file what it says, or, where that can't be taken, what it said when it last could. Of
 * two files for the same subject the one whose name comes first counts, and the other is refused. Used by one thread.
 */
public final class PolicyBook {

    /** What each file said when it was last taken. Not kept over a restart: then a file with a mistake makes its subject wait. */
    private final Map<String, RolloutPolicy> lastGood = new HashMap<>();

    private List<PolicyLine> lines = List.of();

    /**
     * Takes the files as they are now.
     *
     * @param files all of them; one that is missing has been taken away
     * @return what became of each, by the names of the files
     */
    public List<PolicyLine> take(Collection<PolicyFile> files) {
        lastGood.keySet().retainAll(files.stream().map(PolicyFile::file).toList());
        Map<Subject, String> taken = new HashMap<>();
        List<PolicyLine> now = new ArrayList<>();
        files.stream().sorted(Comparator.comparing(PolicyFile::file)).forEach(file -> {
            PolicyLine line = line(file, PolicyReader.read(file.texts()));
            Subject subject = line.inForce().map(RolloutPolicy::subject).orElse(null);
            String other = subject == null ? null : taken.putIfAbsent(subject, file.file());
            now.add(other == null ? line : refused(line, other));
        });
        lines = List.copyOf(now);
        return lines;
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
        Optional<PolicyLine> found = lines.stream()
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
