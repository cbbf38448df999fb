package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RollBack.Outcome;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Motive;
import dev.sluice.deployer.deployed.Wishes;
import dev.sluice.deployer.ledger.RolledBack;
import dev.sluice.deployer.ledger.TrialLog;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys earlier content in the place of what a file has, and ends that again. Such a decision is part of what the ledger
 * says was published, so that the two are never apart: while it holds, the content that the file has stands for the earlier
 * one, and nothing is deployed when it is handed over. Confined to the deployer's thread.
 */
final class RollBacks {

    private static final Logger LOG = LoggerFactory.getLogger(RollBacks.class);

    private final Parts parts;
    private final Agenda agenda;
    private final Duplicates duplicates;
    private final Turnover turnover;
    private final ReleaseGuards guards;
    private final Consumer<String> lookAgain;

    /**
     * @param guards takes releases back by itself, unless an operator wants them to stay
     * @param lookAgain has the watch hand over a file once more, as if it were new
     */
    RollBacks(
            Parts parts,
            Agenda agenda,
            Duplicates duplicates,
            Turnover turnover,
            ReleaseGuards guards,
            Consumer<String> lookAgain) {
        this.parts = parts;
        this.agenda = agenda;
        this.duplicates = duplicates;
        this.turnover = turnover;
        this.guards = guards;
        this.lookAgain = lookAgain;
    }

    /**
     * Puts a roll back on the agenda, unless there is nothing to do.
     *
     * @param earlier the content, under the name of its file
     * @param done takes what comes of it
     */
    void back(Artifact earlier, String operator, CompletableFuture<RollBack> done) {
        String file = earlier.file();
        Optional<Deployed> now = parts.roster().find(file);
        Optional<RollBack> not = hindrance(file, now);
        if (not.isPresent()) {
            done.complete(not.get());
            return;
        }
        if (parts.store().find(earlier.sha256()).isEmpty()) {
            done.complete(new RollBack(Outcome.NOT_KEPT, Earlier.notKept(file, earlier.version())));
            return;
        }
        String from = contentOf(file, now.get());
        boolean stands = now.get().sha256().equals(earlier.sha256())
                && !now.get().isLost()
                && !parts.roster().orAPart(parts.absences().now()).test(now.get());
        boolean isToGo = parts.wishes().isAbout(file) || guards.isToGoBack(file);
        if (stands && !isToGo && now.get().artifact().contentOfFile().equals(from)) {
            parts.wishes().calm(file);
            String beside = parts.rollouts().find(file).isPresent()
                    ? ", and is being rolled out: to have it serve alone, promote it"
                    : "";
            done.complete(new RollBack(
                    Outcome.ALREADY, Wishes.title(earlier) + " is what is deployed from " + file + beside));
        } else if (from.equals(earlier.sha256())
                && parts.trialLog().takenBack(from).isPresent()) {
            done.complete(new RollBack(
                    Outcome.REFUSED,
                    Wishes.title(earlier) + " is what " + file + " has itself, and "
                            + parts.trialLog().takenBack(from).get() + orForward(file, now.get())));
        } else if (from.equals(earlier.sha256())) {
            forward(file, operator, done);
        } else {
            undertake(
                    earlier.by(new RolledBack(from, parts.clock().instant().truncatedTo(ChronoUnit.SECONDS), operator)),
                    done);
        }
    }

    /** Where something else stands for taken back content, copying that again does nothing. */
    private static String orForward(String file, Deployed now) {
        return now.artifact().rolledBack().isPresent()
                ? "; " + ReleaseGuards.remedy(file)
                : TrialLog.AGAIN + "; or roll " + file + " forward (POST /api/v1/rollforward, with file=" + file
                        + "), which is the same";
    }

    private Optional<RollBack> hindrance(String file, Optional<Deployed> now) {
        if (now.isEmpty()) {
            return Optional.of(new RollBack(Outcome.UNKNOWN, "nothing is deployed from " + file));
        }
        if (agenda.isLeaving(file)) {
            return Optional.of(new RollBack(Outcome.REFUSED, file + " was deleted, and is leaving"));
        }
        return parts.rollouts().all().stream()
                .filter(rolling -> rolling.besideFile().equals(file))
                .map(rolling -> new RollBack(
                        Outcome.REFUSED,
                        rolling.symbolicName() + " is being rolled out from " + rolling.file() + " beside " + file
                                + ": promote or abort that rollout first (POST /api/v1/rollout/promote or abort, with file="
                                + rolling.file() + "), and ask again when it is over"))
                .findFirst();
    }

    /** {@return the digest of what was last handed over from the file, whatever came of it} */
    private String contentOf(String file, Deployed now) {
        return parts.attempts()
                .find(file)
                .map(entry -> entry.view())
                .flatMap(DeploymentView::sha256)
                // One that is lost has an attempt for itself.
                .filter(sha256 -> !sha256.equals(now.sha256()))
                .orElseGet(now.artifact()::contentOfFile);
    }

    private void undertake(Artifact artifact, CompletableFuture<RollBack> done) {
        undertake(artifact, Motive.operator("roll " + artifact.file() + " back to " + Wishes.title(artifact)), done);
    }

    private void undertake(Artifact artifact, Motive motive, CompletableFuture<RollBack> done) {
        String file = artifact.file();
        LOG.info(
                "{} is to be rolled back to {} by {}",
                file,
                Wishes.title(artifact),
                artifact.rolledBack().map(RolledBack::who).orElse(""));
        giveUp(file);
        parts.wishes().begin(artifact, done);
        agenda.add(new Undertaking(List.of(artifact), Set.of(), parts.roster()::of).by(motive));
    }

    /**
     * What a file deploys has failed, and nobody asked for what was before.
     *
     * @param earlier what was before, under the name of the file
     * @param reason why
     * @param cause what brought it about
     * @return what comes of it; empty if there is other news of the file, which comes first
     */
    Optional<CompletableFuture<RollBack>> takeBack(Artifact earlier, String reason, Cause cause) {
        String file = earlier.file();
        if (agenda.hasFile(file)) {
            return Optional.empty();
        }
        CompletableFuture<RollBack> done = parts.wishes().open();
        Deployed now = parts.roster().find(file).orElseThrow();
        String from = now.sha256();
        if (!contentOf(file, now).equals(from)) {
            // The file has other content by now, which has failed, and nobody has found fault with it since.
            done.thenAccept(answer -> lookAgain.accept(file));
        }
        String words = "take " + file + " back to " + Wishes.title(earlier) + ": " + reason;
        undertake(
                earlier.by(new RolledBack(from, parts.clock().instant().truncatedTo(ChronoUnit.SECONDS), "")),
                new Motive(cause, Optional.of(words)),
                done);
        return Optional.of(done);
    }

    /** What is tried of a file, or waits to be, isn't wanted any more; nor what it waits for. */
    private void giveUp(String file) {
        agenda.supersede(file);
        parts.attempts().superseded(file);
        parts.awaited().remove(file);
        duplicates.remove(file);
    }

    /** Has a file's own content deployed again. */
    void forward(String file, String operator, CompletableFuture<RollBack> done) {
        Optional<Deployed> now = parts.roster().find(file);
        Optional<RollBack> not = hindrance(file, now);
        if (not.isPresent()) {
            done.complete(not.get());
            return;
        }
        parts.wishes().calm(file);
        parts.board().calm(Endings.alarm(file));
        String content = contentOf(file, now.get());
        // First: that its taking back is given up is no hindrance then, which would pass.
        boolean isKept = content.equals(now.get().sha256()) && guards.keep(file, operator);
        boolean wasUnderWay = parts.wishes().superseded(file);
        if (wasUnderWay) {
            giveUp(file);
        }
        boolean isRolledBack = now.get().artifact().rolledBack().isPresent();
        if (!isRolledBack && !wasUnderWay && !isKept && !hasFailed(file)) {
            done.complete(new RollBack(Outcome.ALREADY, file + " isn't rolled back"));
            return;
        }
        Motive motive = Motive.operator("end the roll back of " + file);
        if (isRolledBack && !turnover.decide(now.get(), Optional.empty(), motive)) {
            done.complete(new RollBack(
                    Outcome.FAILED, "the ledger can't be written: look at the disk of the data directory"));
            return;
        }
        LOG.info("The roll back of {} was ended by operator {}", file, operator);
        // Also what was condemned: it is asked for by hand, as by whoever copies the file again.
        parts.trialLog().forgive(content);
        turnover.asItWas(file);
        lookAgain.accept(file);
        done.complete(new RollBack(
                Outcome.ROLLED_FORWARD,
                isKept
                        ? file + " stays as it is: it isn't taken back, though it fails outright, nor watched any more"
                        : file + " isn't rolled back any more: its own content is"
                                + " tried now; GET /api/v1/status shows what becomes of it"));
    }

    private boolean hasFailed(String file) {
        return parts.attempts()
                .find(file)
                .filter(entry -> entry.state() == DeploymentState.FAILED)
                .isPresent();
    }
}
