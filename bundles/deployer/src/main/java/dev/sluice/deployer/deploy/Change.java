package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Motive;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.RolledBack;
import dev.sluice.deployer.trial.Candidate;
import dev.sluice.deployer.trial.Whole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one publish changes.
 *
 * @param added what comes
 * @param leaving what goes: its file has gone, or has other content now
 * @param moves what stays, though its file has another name now
 * @param lingering what goes, and is kept in the ledger because what stays is wired to it
 * @param motive why
 * @param begins the rollouts that begin with it
 * @param instead why those files deploy nothing any more that haven't gone, as sentences; by file
 */
public record Change(
        List<Candidate> added,
        List<Deployed> leaving,
        List<Move> moves,
        List<Deployed> lingering,
        Motive motive,
        List<Beginning> begins,
        Map<String, String> instead) {

    Change(List<Candidate> added, List<Deployed> leaving, List<Move> moves, List<Deployed> lingering, Motive motive) {
        this(added, leaving, moves, lingering, motive, List.of(), Map.of());
    }

    /**
     * What stays has another name.
     *
     * @param deployed what stays
     * @param file its name from now on
     * @param decision the decision by which it is deployed from there, if it is
     * @param why why
     */
    public record Move(Deployed deployed, String file, Optional<RolledBack> decision, Why why) {

        /** Why something has another name. */
        enum Why {
            /** The same content has another name in the folder. */
            RENAMED,
            /** Its file has other content, which is being rolled out beside it. */
            ASIDE,
            /** What was rolled out beside it was taken back: it stands for its file again. */
            BACK
        }

        static Move renamed(Deployed deployed, Artifact heir) {
            // A release without a name of its own is called after its file, and so is no other one's rival by accident.
            Deployed called = deployed.isRelease() ? deployed.called(heir.symbolicName()) : deployed;
            return new Move(called, heir.file(), heir.rolledBack(), Why.RENAMED);
        }

        /** Of what came in a release that has another name now. */
        static Move withItsRelease(Deployed deployed, String file) {
            return new Move(
                    deployed,
                    ArtifactNames.member(file, ArtifactNames.entry(deployed.file())),
                    deployed.artifact().rolledBack(),
                    Why.RENAMED);
        }

        static Move aside(Deployed deployed) {
            return new Move(deployed, deployed.lingering().file(), Optional.empty(), Why.ASIDE);
        }

        static Move back(Deployed deployed, String file) {
            return new Move(deployed, file, Optional.empty(), Why.BACK);
        }

        Deployed moved() {
            return deployed.renamed(file).with(decision);
        }
    }

    /** {@return a change in which some come and others go} */
    public static Change of(List<Candidate> added, List<Deployed> leaving) {
        return new Change(added, leaving, List.of(), List.of(), Motive.FOLDER);
    }

    Change by(Motive other) {
        return new Change(added, leaving, moves, lingering, other, begins, instead);
    }

    boolean isEmpty() {
        return added.isEmpty() && leaving.isEmpty() && moves.isEmpty();
    }

    /** {@return what is deployed from the candidate's file until now, if it leaves} */
    Optional<Deployed> replacedBy(Candidate candidate) {
        return leaving.stream()
                .filter(deployed -> deployed.file().equals(candidate.file()))
                .findFirst();
    }

    /** {@return what leaves as that comes: what its file deployed until now, and the release that it supersedes} */
    List<Deployed> replacedBy(Whole whole) {
        Set<String> files = leaving.stream()
                .map(Deployed::artifact)
                .filter(artifact ->
                        artifact.file().equals(whole.file()) || Supersession.areRivals(artifact, whole.artifact()))
                .map(PublishedArtifact::inFolder)
                .collect(Collectors.toSet());
        files.add(whole.file());
        return leaving.stream()
                .filter(deployed -> files.contains(deployed.artifact().inFolder())
                        || Deployed.isNamedAfter(whole.file(), deployed.file()))
                .toList();
    }

    /** {@return what comes, by what deploys it: those of a release are one} */
    Map<Whole, List<Candidate>> wholes() {
        return added.stream().collect(Collectors.groupingBy(Candidate::whole, LinkedHashMap::new, Collectors.toList()));
    }

    /** {@return the releases that come, as they are deployed} */
    List<Deployed> releases() {
        return wholes().keySet().stream()
                .filter(Whole::isRelease)
                .map(whole -> whole.deployed(Supersession.superseded(whole.artifact(), replacedBy(whole))))
                .toList();
    }

    /** {@return what was deployed from the candidate's file until now, and stays beside it} */
    Optional<Move> asideOf(Candidate candidate) {
        return moves.stream()
                .filter(move -> move.why() == Move.Why.ASIDE)
                .filter(move -> move.deployed().file().equals(candidate.file()))
                .findFirst();
    }

    /** {@return why, for log and ledger: {@code deploy b.jar; remove a.jar}} */
    String cause() {
        return motive.words().orElseGet(this::whatChanges);
    }

    private String whatChanges() {
        Set<String> comes =
                wholes().keySet().stream().map(Whole::file).collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> sentences = new ArrayList<>();
        say("deploy", comes, sentences);
        Set<String> goes = leaving.stream()
                .map(deployed -> deployed.artifact().inFolder())
                .filter(file -> !comes.contains(file))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        say("remove", goes.stream().filter(file -> !instead.containsKey(file)).toList(), sentences);
        goes.stream().filter(instead::containsKey).map(instead::get).forEach(sentences::add);
        moves.stream()
                .filter(move -> move.why() == Move.Why.RENAMED)
                .filter(move -> !move.deployed().artifact().isMember())
                .forEach(move -> sentences.add(move.deployed().file() + " is " + move.file() + " now"));
        begins.forEach(
                beginning -> sentences.add("roll " + beginning.candidate().file() + " out beside "
                        + beginning.beside().title()));
        return String.join("; ", sentences);
    }

    private static void say(String verb, Collection<String> files, List<String> sentences) {
        if (!files.isEmpty()) {
            sentences.add(verb + " " + String.join(", ", files));
        }
    }

    LedgerRecord.Published record(Instant at) {
        List<PublishedArtifact> put = new ArrayList<>();
        releases().forEach(release -> put.add(release.artifact()));
        added.forEach(candidate -> put.add(candidate.published()));
        moves.forEach(move -> put.add(move.moved().artifact()));
        lingering.forEach(deployed -> put.add(deployed.lingering().artifact()));
        Set<String> files = put.stream().map(PublishedArtifact::file).collect(Collectors.toSet());
        List<String> removed = new ArrayList<>();
        leaving.forEach(deployed -> removed.add(deployed.file()));
        moves.forEach(move -> removed.add(move.deployed().file()));
        removed.removeIf(files::contains);
        removed.addAll(anew());
        return new LedgerRecord.Published(at, motive.cause(), cause(), put, removed);
    }

    /** {@return the files whose content comes anew in its own place: somebody had taken it away, or it was lost} */
    List<String> anew() {
        return wholes().keySet().stream()
                .filter(whole -> leaving.stream()
                        .anyMatch(deployed -> deployed.file().equals(whole.file())
                                && deployed.sha256().equals(whole.artifact().sha256())))
                .map(Whole::file)
                .toList();
    }
}
