package dev.sluice.itests.model;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Does a sequence to a container while clients run, and tells what went wrong. */
final class Run {

    /**
     * How it went.
     *
     * @param done the steps that made sense
     * @param judged how many answers were judged
     * @param complaint what went wrong, if anything did
     */
    record Outcome(List<Step> done, long judged, Optional<String> complaint) {

        boolean failed() {
            return complaint.isPresent();
        }
    }

    /** hold.timeout, less what a busy machine adds: the container's clock starts a little after ours. */
    private static final Duration HOLD = Duration.ofMillis(1_800);

    private final Stage stage;
    private final List<Step> done = new ArrayList<>();

    Run(Stage stage) {
        this.stage = stage;
    }

    /** Does the steps, on a container that is empty. */
    Outcome of(List<Step> steps) {
        Model model = Model.EMPTY;
        Timeline timeline = new Timeline(Clients.PATHS, model);
        Clients clients = new Clients(timeline, stage::data);
        Optional<String> complaint = Optional.empty();
        try (clients) {
            clients.awaitRound();
            for (Step step : steps) {
                if (!model.permits(step)) {
                    continue;
                }
                done.add(step);
                timeline.during(model, step);
                long begun = System.nanoTime();
                stage.does(model, step);
                boolean over = System.nanoTime() - begun > HOLD.toNanos();
                boolean away = staysAway(step);
                model = model.after(step);
                converge(model);
                timeline.calm(model);
                clients.awaitRound();
                clients.tookLong(over || away);
                if (clients.complaint().isPresent()) {
                    break;
                }
            }
        } catch (AssertionError | RuntimeException e) {
            complaint = Optional.of(after() + e.getMessage());
        }
        if (clients.complaint().isPresent()) {
            // What a client saw says more than what became of it.
            complaint = Optional.of(after() + String.join("\n  ", clients.complaints()));
        } else if (complaint.isEmpty()) {
            complaint = leases();
        }
        return new Outcome(List.copyOf(done), clients.judged(), complaint);
    }

    /** Who is stopped and not started is away for as long as it takes. */
    private static boolean staysAway(Step step) {
        if (step instanceof Step.Together both) {
            return staysAway(both.first()) || staysAway(both.second());
        }
        return step instanceof Step.Sabotage sabotage && !sabotage.isBackAtOnce();
    }

    private String after() {
        return done.isEmpty() ? "" : "at \"" + done.get(done.size() - 1) + "\": ";
    }

    private void converge(Model model) {
        Await.until(() -> none("P8, what runs isn't what should", Convergence.differences(model, stage.status())));
    }

    private Optional<String> leases() {
        try {
            Await.until(() -> none("leases are left without a request", Convergence.leases(stage.status())));
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Empties the folder, and waits until nothing is left of the sequence. */
    void clear() {
        stage.clear();
        Await.until(() -> {
            Status status = stage.status();
            none("the folder is empty, and this is left", Convergence.differences(Model.EMPTY, status));
        });
    }

    private static void none(String what, List<String> differences) {
        if (!differences.isEmpty()) {
            throw new AssertionError(what + ": " + String.join("; ", differences));
        }
    }
}
