package dev.sluice.deployer.deploy;

import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.RolloutView;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.rollout.MiddlewareTally;
import dev.sluice.deployer.rollout.Progress;
import dev.sluice.deployer.rollout.StepOutcome;
import dev.sluice.deployer.rollout.Tally;
import dev.sluice.deployer.rollout.judge.Observed;
import java.util.List;
import java.util.TreeMap;

/** What an observer sees of a rollout. */
final class Showing {

    private static final double HUNDREDTHS = 100.0;

    private Showing() {}

    static RolloutView of(Rolling rolling, Deployed from, Deployed to) {
        Progress progress = rolling.rollout().progress();
        List<RolloutView.Figures> figures = new TreeMap<>(rolling.seen())
                .entrySet().stream()
                        .map(one -> new RolloutView.Figures(
                                one.getKey(),
                                counts(Tally.of(one.getValue().candidate())),
                                counts(Tally.of(one.getValue().beside().orElse(Observed.NONE)))))
                        .toList();
        return new RolloutView(
                rolling.file(),
                to.artifact().places().stream()
                        .map(PublishedPlace::name)
                        .sorted()
                        .toList(),
                content(rolling.isOfOneFile() ? rolling.file() : rolling.besideFile(), from.artifact()),
                content(rolling.file(), to.artifact()),
                RolloutView.Phase.valueOf(progress.state().name()),
                rolling.share() / HUNDREDTHS,
                progress.step() + 1,
                rolling.rollout().policy().steps().size(),
                progress.since(),
                rolling.rollout().waitingFor(),
                figures,
                progress.finished().stream().map(Showing::step).toList());
    }

    private static ContentView content(String file, PublishedArtifact artifact) {
        return new ContentView(file, artifact.symbolicName(), artifact.version(), artifact.sha256());
    }

    private static RolloutView.Step step(StepOutcome outcome) {
        return new RolloutView.Step(
                outcome.step() + 1,
                outcome.share() / HUNDREDTHS,
                outcome.began(),
                outcome.ended(),
                outcome.end().name(),
                outcome.reason(),
                outcome.figures().stream().map(Showing::figures).toList());
    }

    private static RolloutView.Figures figures(MiddlewareTally tally) {
        return new RolloutView.Figures(tally.middleware(), counts(tally.candidate()), counts(tally.beside()));
    }

    private static RolloutView.Counts counts(Tally tally) {
        return new RolloutView.Counts(tally.requests(), tally.failures(), tally.serverErrors(), tally.micros());
    }
}
