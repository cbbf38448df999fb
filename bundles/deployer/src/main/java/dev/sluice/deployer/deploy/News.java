package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.status.Entry;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a batch says of single files, before anything is undertaken about them: what was tried, waited for or said of a file
 * that has other content, or has gone, is over. Confined to the deployer's thread.
 */
final class News {

    private final Parts parts;
    private final Agenda agenda;
    private final Duplicates duplicates;
    private final Failures failures;

    News(Parts parts, Agenda agenda, Duplicates duplicates, Failures failures) {
        this.parts = parts;
        this.agenda = agenda;
        this.duplicates = duplicates;
        this.failures = failures;
    }

    /**
     * Takes a batch in.
     *
     * @param gone the files that have left the folder
     * @return what is to be deployed
     */
    List<Artifact> take(Batch batch, Set<String> gone) {
        List<Artifact> news = batch.accepted().stream()
                .map(artifact -> meant(artifact, gone))
                .filter(this::isNews)
                .toList();
        gone.forEach(file -> supersede(file, ""));
        gone.forEach(this::leftTheFolder);
        batch.refused().forEach(this::refuse);
        news.forEach(this::accept);
        return news;
    }

    /** {@return what the content of a file stands for: earlier content, if an operator has rolled the file back} */
    private Artifact meant(Artifact artifact, Set<String> gone) {
        return Stream.concat(Stream.of(artifact.file()), gone.stream())
                .flatMap(file -> parts.roster().find(file).stream())
                .map(Deployed::artifact)
                .filter(published -> published
                        .rolledBack()
                        .filter(decision -> decision.from().equals(artifact.sha256()))
                        .isPresent())
                .findFirst()
                .flatMap(published -> Recalled.whole(
                                published, parts.roster().of(published.inFolder()), parts.store()::find)
                        .map(earlier -> earlier.named(artifact.file())))
                .orElse(artifact);
    }

    /** {@return whether it isn't what is about to be deployed, or tried, already} */
    private boolean isNews(Artifact artifact) {
        boolean news = !agenda.has(artifact);
        if (!news) {
            parts.attempts().restored(artifact.file());
        }
        return news;
    }

    /** @param sha256 what it has now: what is known of just that stays known */
    private void supersede(String file, String sha256) {
        parts.attempts()
                .find(file)
                .flatMap(entry -> entry.view().sha256())
                .filter(before -> !before.equals(sha256))
                .ifPresent(parts.trialLog()::forgive);
        duplicates.left(file, sha256);
        agenda.supersede(file);
        parts.wishes().superseded(file);
        parts.attempts().superseded(file);
    }

    /** A file has gone, and with it all that was said of it. What is deployed from it leaves at the publish. */
    private void leftTheFolder(String file) {
        forget(file);
        parts.trialLog().forgiveAllOf(file, isPublished());
        parts.attempts().drop(file);
        parts.wishes().calm(file);
        parts.folder().clearMarker(file);
        parts.reservations().drop(file);
    }

    /** What is published is judged by what becomes of that. */
    private Predicate<String> isPublished() {
        return sha256 -> parts.ledger().state().published().values().stream()
                .anyMatch(published -> published.sha256().equals(sha256));
    }

    private void refuse(Verdict.Refused refused) {
        supersede(refused.file(), refused.sha256().orElse(""));
        forget(refused.file());
        Entry entry = parts.attempts().at(refused.file());
        entry.digested(refused.sha256());
        entry.fail(refused.message());
        failures.refuse(refused.file(), refused.message());
    }

    private void accept(Artifact artifact) {
        supersede(artifact.file(), artifact.sha256());
        forget(artifact.file());
        Entry entry = parts.attempts().at(artifact.file());
        entry.verified(artifact.verified());
        entry.identified(artifact);
    }

    /** What its content waited for doesn't count any more. */
    void forget(String file) {
        parts.awaited().remove(file);
        duplicates.remove(file);
        parts.board().calm(Endings.alarm(file));
    }
}
