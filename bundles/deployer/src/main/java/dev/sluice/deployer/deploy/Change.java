package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.RolledBack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 */
public record Change(
        List<Candidate> added,
        List<Deployed> leaving,
        List<Move> moves,
        List<Deployed> lingering,
        Motive motive,
        List<Beginning> begins) {

    Change(List<Candidate> added, List<Deployed> leaving, List<Move> moves, List<Deployed> lingering, Motive motive) {
        this(added, leaving, moves, lingering, motive, List.of());
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
            return new Move(deployed, heir.file(), heir.rolledBack(), Why.RENAMED);
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
        return new Change(added, leaving, moves, lingering, other, begins);
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
        Set<String> comes = added.stream().map(Candidate::file).collect(Collectors.toSet());
        List<String> sentences = new ArrayList<>();
        say("deploy", added.stream().map(Candidate::file).toList(), sentences);
        say(
                "remove",
                leaving.stream()
                        .map(Deployed::file)
                        .filter(file -> !comes.contains(file))
                        .toList(),
                sentences);
        moves.stream()
                .filter(move -> move.why() == Move.Why.RENAMED)
                .forEach(move -> sentences.add(move.deployed().file() + " is " + move.file() + " now"));
        begins.forEach(
                beginning -> sentences.add("roll " + beginning.candidate().file() + " out beside "
                        + beginning.beside().title()));
        return String.join("; ", sentences);
    }

    private static void say(String verb, List<String> files, List<String> sentences) {
        if (!files.isEmpty()) {
            sentences.add(verb + " " + String.join(", ", files));
        }
    }

    LedgerRecord.Published record(Instant at) {
        List<PublishedArtifact> put = new ArrayList<>();
        added.forEach(candidate -> put.add(candidate.published()));
        moves.forEach(move -> put.add(move.moved().artifact()));
        lingering.forEach(deployed -> put.add(deployed.lingering().artifact()));
        Set<String> files = put.stream().map(PublishedArtifact::file).collect(Collectors.toSet());
        List<String> removed = new ArrayList<>();
        leaving.forEach(deployed -> removed.add(deployed.file()));
        moves.forEach(move -> removed.add(move.deployed().file()));
        removed.removeIf(files::contains);
        return new LedgerRecord.Published(at, motive.cause(), cause(), put, removed);
    }
}
