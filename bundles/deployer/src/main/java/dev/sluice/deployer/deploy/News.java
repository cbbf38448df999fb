package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.status.Entry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        Remembered remembered = new Remembered(parts, batch, gone);
        Map<Artifact, Artifact> news = new LinkedHashMap<>();
        Set<String> standIns = new HashSet<>();
        for (Artifact artifact : batch.accepted()) {
            Optional<Artifact> servesOn = remembered.servesOn(artifact);
            Artifact meant = servesOn.orElseGet(() -> meant(artifact, gone));
            if (isNews(meant)) {
                news.put(meant, artifact);
                servesOn.ifPresent(one -> standIns.add(one.file()));
            }
        }
        gone.forEach(remembered::left);
        gone.forEach(file -> supersede(file, ""));
        gone.forEach(this::leftTheFolder);
        batch.refused().forEach(refused -> refuse(refused, remembered));
        news.forEach((meant, artifact) -> accept(meant, artifact.sha256(), remembered));
        standIns.forEach(duplicates::standsIn);
        return List.copyOf(news.keySet());
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
    private void supersede(String file, String sha256, Remembered remembered) {
        parts.attempts()
                .find(file)
                .flatMap(entry -> entry.view().sha256())
                .filter(before -> !before.equals(sha256))
                .ifPresent(before -> remembered.hasOther(file));
        supersede(file, sha256);
    }

    private void supersede(String file, String sha256) {
        duplicates.left(file, sha256);
        agenda.supersede(file);
        parts.wishes().superseded(file);
        parts.attempts().superseded(file);
    }

    /** A file has gone, and with it all that was said of it. What is deployed from it leaves at the publish. */
    private void leftTheFolder(String file) {
        forget(file);
        parts.attempts().drop(file);
        parts.wishes().calm(file);
        parts.folder().clearMarker(file);
        parts.reservations().drop(file);
    }

    private void refuse(Verdict.Refused refused, Remembered remembered) {
        supersede(refused.file(), refused.sha256().orElse(""), remembered);
        forget(refused.file());
        Entry entry = parts.attempts().at(refused.file());
        entry.digested(refused.sha256());
        entry.fail(refused.message());
        failures.refuse(refused.file(), refused.message());
    }

    private void accept(Artifact artifact, String sha256, Remembered remembered) {
        supersede(artifact.file(), sha256, remembered);
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
