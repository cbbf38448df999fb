package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedArtifact;
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
 */
public record Change(
        List<Candidate> added, List<Deployed> leaving, List<Move> moves, List<Deployed> lingering, Motive motive) {

    /** The same content has another name in the folder: that of an artifact, which says whether it is the file's own. */
    public record Move(Deployed deployed, Artifact heir) {
        String file() {
            return heir.file();
        }

        Deployed moved() {
            return deployed.renamed(file()).with(heir.rolledBack());
        }
    }

    /** {@return a change in which some come and others go} */
    public static Change of(List<Candidate> added, List<Deployed> leaving) {
        return new Change(added, leaving, List.of(), List.of(), Motive.FOLDER);
    }

    Change by(Motive other) {
        return new Change(added, leaving, moves, lingering, other);
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
        moves.forEach(move -> sentences.add(move.deployed().file() + " is " + move.file() + " now"));
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
