package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.RolloutOrder.Outcome;
import dev.sluice.deployer.rollout.Answer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What an operator wants of rollouts. Safe for any thread: each order is carried out on the deployer's, and answered at the
 * latest when the deployer goes.
 */
public final class Orders implements AutoCloseable {

    private final Parts parts;
    private final Stepping stepping;
    private final Consumer<Runnable> steps;
    private final Set<CompletableFuture<RolloutOrder>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param steps runs a step on the deployer's thread, soon */
    Orders(Parts parts, Stepping stepping, Consumer<Runnable> steps) {
        this.parts = parts;
        this.stepping = stepping;
        this.steps = steps;
    }

    /** Pauses a rollout. */
    public CompletableFuture<RolloutOrder> pause(String target, String operator) {
        return ask(target, rolling -> {
            if (rolling.rollout().pause() instanceof Answer.Refused refused) {
                return refused(rolling, refused);
            }
            stepping.alarmIfPaused(rolling);
            return written(
                    rolling,
                    RolloutEvent.Kind.PAUSED,
                    "the rollout of " + rolling.file() + " was paused by operator " + operator);
        });
    }

    /** Lets a paused rollout go on. */
    public CompletableFuture<RolloutOrder> resume(String target, String operator) {
        return ask(target, rolling -> {
            if (rolling.rollout().resume() instanceof Answer.Refused refused) {
                return refused(rolling, refused);
            }
            parts.board().calm(Stepping.pauseAlarm(rolling.file()));
            return written(
                    rolling,
                    RolloutEvent.Kind.RESUMED,
                    "the rollout of " + rolling.file() + " goes on, by operator " + operator);
        });
    }

    /** Ends the steps of a rollout, or its bake. */
    public CompletableFuture<RolloutOrder> promote(String target, String operator) {
        return ask(target, rolling -> {
            boolean wasBaking = rolling.rollout().state().isBaking();
            Answer answer = rolling.rollout().promote("operator " + operator);
            return carriedOut(
                    rolling,
                    answer,
                    wasBaking
                            ? "the rollout of " + rolling.file() + " is over: it stays, and what served before leaves"
                            : "all requests go to what is rolled out from " + rolling.file());
        });
    }

    /** Takes back what is being rolled out. */
    public CompletableFuture<RolloutOrder> abort(String target, String operator) {
        return ask(target, rolling -> {
            Answer answer = rolling.rollout().abort("operator " + operator + " has ended it");
            return carriedOut(rolling, answer, "the rollout of " + rolling.file() + " was taken back");
        });
    }

    private RolloutOrder carriedOut(Rolling rolling, Answer answer, String words) {
        if (answer instanceof Answer.Refused refused) {
            return refused(rolling, refused);
        }
        parts.board().calm(Stepping.pauseAlarm(rolling.file()));
        return stepping.taken(rolling, answer, Cause.OPERATOR) ? new RolloutOrder(Outcome.DONE, words) : notYet(words);
    }

    private RolloutOrder written(Rolling rolling, RolloutEvent.Kind kind, String words) {
        boolean written = stepping.write(rolling);
        parts.rollouts().show();
        parts.rollouts().tell(kind, words, parts.rollouts().view(rolling));
        return written ? new RolloutOrder(Outcome.DONE, words) : delayed(words);
    }

    private static RolloutOrder notYet(String words) {
        return new RolloutOrder(
                Outcome.DELAYED, words + ": not yet, and the alarms say why; it is tried again every second");
    }

    private static RolloutOrder delayed(String words) {
        return new RolloutOrder(
                Outcome.DELAYED, words + ", but that can't be written down: look at the disk of the data directory");
    }

    private static RolloutOrder refused(Rolling rolling, Answer.Refused refused) {
        return new RolloutOrder(Outcome.REFUSED, "the rollout of " + rolling.file() + ": " + refused.reason());
    }

    private CompletableFuture<RolloutOrder> ask(String target, Function<Rolling, RolloutOrder> order) {
        CompletableFuture<RolloutOrder> done = new CompletableFuture<>();
        open.add(done);
        done.whenComplete((answer, never) -> open.remove(done));
        steps.accept(() -> {
            try {
                done.complete(one(target, order));
            } finally {
                done.complete(new RolloutOrder(Outcome.DELAYED, "it isn't done yet: see the log"));
            }
        });
        // Added before, asked now: who closes either sees it or is seen.
        if (closed) {
            done.complete(stopping());
        }
        return done;
    }

    private static RolloutOrder stopping() {
        return new RolloutOrder(Outcome.REFUSED, "the deployer is stopping: ask again when it is back");
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(done -> done.complete(stopping()));
    }

    private RolloutOrder one(String target, Function<Rolling, RolloutOrder> order) {
        if (parts.isGoingAway()) {
            return stopping();
        }
        List<Rolling> found = parts.rollouts()
                .find(target)
                .map(List::of)
                .orElseGet(() -> parts.rollouts().all().stream()
                        .filter(rolling -> rolling.symbolicName().equals(target))
                        .toList());
        if (found.isEmpty()) {
            return new RolloutOrder(
                    Outcome.UNKNOWN,
                    "nothing is being rolled out from a file '" + target
                            + "', or with that symbolic name: GET /api/v1/status shows what is");
        }
        return found.size() == 1
                ? order.apply(found.get(0))
                : new RolloutOrder(
                        Outcome.REFUSED,
                        target + " is being rolled out from "
                                + found.stream().map(Rolling::file).sorted().collect(Collectors.joining(", "))
                                + ": say which file is meant");
    }
}
