package dev.sluice.deployer.deploy;

import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.trial.Candidate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/**
 * What had better wait for the end of a rollout: it would take the place of the version beside, or stand between the two. If the
 * rollout were taken back then, it had all requests at once, and nobody would have judged it. Confined to the deployer's
 * thread.
 */
final class Between {

    private final Rollouts rollouts;
    private final Predecessors predecessors;

    Between(Rollouts rollouts, Predecessors predecessors) {
        this.rollouts = rollouts;
        this.predecessors = predecessors;
    }

    /** {@return those candidates of a change that wait, for a rollout that is under way or begins with the change} */
    Map<Candidate, Failure> of(Change change) {
        Map<Candidate, Failure> between = new LinkedHashMap<>();
        List<Span> spans = Stream.concat(underWay(change), toBegin(change)).toList();
        for (Candidate candidate : change.added()) {
            spans.stream()
                    .filter(span -> span.holds(candidate))
                    .findFirst()
                    .ifPresent(span -> between.put(candidate, span.failure()));
        }
        return between;
    }

    /**
     * A rollout, from the one version to the other.
     *
     * @param beside the version beside
     * @param besideFile its file
     * @param version the version that is rolled out, which may be the lower one of the two
     * @param file its file
     */
    private record Span(String symbolicName, Version beside, String besideFile, Version version, String file) {

        boolean holds(Candidate candidate) {
            Version other = Version.parseVersion(candidate.artifact().version());
            Version lower = beside.compareTo(version) < 0 ? beside : version;
            Version higher = beside.compareTo(version) < 0 ? version : beside;
            return candidate.artifact().symbolicName().equals(symbolicName)
                    && !candidate.file().equals(file)
                    && other.compareTo(higher) <= 0
                    && (other.compareTo(lower) >= 0 || candidate.file().equals(besideFile));
        }

        Failure failure() {
            return new Failure(
                    symbolicName + " " + version + " is being rolled out from " + file + " beside " + beside
                            + ": this is tried again when that is over; to have that now promote it to its end, or abort it:"
                            + " POST /api/v1/rollout/promote or abort, with file=" + file,
                    new Waits.ForRollout());
        }
    }

    private Stream<Span> underWay(Change change) {
        return rollouts.all().stream().flatMap(rolling -> underWay(rolling, change).stream());
    }

    private Optional<Span> underWay(Rolling rolling, Change change) {
        return rollouts.candidate(rolling)
                .filter(candidate -> !change.leaving().contains(candidate))
                .flatMap(candidate -> rollouts.beside(rolling)
                        .map(beside -> new Span(
                                rolling.symbolicName(),
                                version(beside),
                                rolling.besideFile(),
                                version(candidate),
                                rolling.file())));
    }

    private Stream<Span> toBegin(Change change) {
        return predecessors.toBeginBeside(change).entrySet().stream()
                .map(one -> new Span(
                        one.getKey().artifact().symbolicName(),
                        version(one.getValue()),
                        one.getValue().file(),
                        Version.parseVersion(one.getKey().artifact().version()),
                        one.getKey().file()));
    }

    private static Version version(Deployed deployed) {
        return Version.parseVersion(deployed.artifact().version());
    }
}
