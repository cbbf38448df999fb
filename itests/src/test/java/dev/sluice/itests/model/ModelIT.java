package dev.sluice.itests.model;

import static org.assertj.core.api.Assertions.fail;

import dev.sluice.itests.harness.Soak;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of changes, while clients run; each request is judged by a model.
 *
 * <p>{@code -Dsluice.soak=2h} goes on for that long. Each sequence has a seed, which is printed:
 * {@code -Dsluice.model.seed=<seed>} does that one alone, and {@code -Dsluice.model.sequences=<n>} that many from it on.
 */
@Tag("process")
class ModelIT {

    private static final Duration BRIEFLY = Duration.ofSeconds(35);
    private static final Duration SHRINK = Duration.ofMinutes(4);
    private static final int LENGTH = 20;

    private Optional<Stage> stage = Optional.empty();
    private long judged;
    private long steps;

    @Test
    void everyRequestSeesWhatTheModelAllows() {
        Optional<Long> given = Optional.ofNullable(Long.getLong("sluice.model.seed"));
        long seed = given.orElseGet(() -> (long) new SecureRandom().nextInt(1_000_000_000));
        Optional<Soak> soak = Soak.asked();
        long sequences = given.isPresent()
                ? Long.getLong("sluice.model.sequences", 1)
                : soak.map(Soak::limit).orElse(Integer.MAX_VALUE);
        long deadline = System.nanoTime() + soak.map(Soak::time).orElse(BRIEFLY).toNanos();
        long count = 0;
        while (count < sequences && (given.isPresent() || System.nanoTime() - deadline < 0)) {
            System.out.println("model: sequence " + (seed + count));
            List<Step> sequence = new Sequences(seed + count).next(LENGTH);
            Run.Outcome outcome = run(sequence);
            if (outcome.failed()) {
                tell(seed + count, outcome);
            }
            count++;
        }
        System.out.println("model: " + count + " sequences from seed " + seed + ", " + steps + " steps, " + judged
                + " answers judged");
    }

    @AfterEach
    void end() {
        stage.ifPresent(Stage::close);
    }

    /** One container serves many sequences: a fresh one for each would take most of the time. */
    private Run.Outcome run(List<Step> sequence) {
        Stage on = stage.orElseGet(Stage::new);
        stage = Optional.of(on);
        Run run = new Run(on);
        Run.Outcome outcome = run.of(sequence);
        judged += outcome.judged();
        steps += outcome.done().size();
        Optional<String> left = outcome.failed() ? Optional.empty() : cleared(run);
        if (outcome.failed() || left.isPresent()) {
            on.keepLog("model.log");
        }
        if (outcome.failed() || left.isPresent() || isConfigured(outcome)) {
            on.close();
            stage = Optional.empty();
        }
        return left.isEmpty() ? outcome : new Run.Outcome(outcome.done(), outcome.judged(), left);
    }

    private static Optional<String> cleared(Run run) {
        try {
            run.clear();
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Overrides of middleware that isn't there can't be seen to go. */
    private static boolean isConfigured(Run.Outcome outcome) {
        return outcome.done().toString().contains("configure ");
    }

    private void tell(long seed, Run.Outcome first) {
        System.out.println(
                "model: sequence " + seed + " fails " + first.complaint().orElseThrow());
        Run.Outcome[] last = {first};
        List<Step> shrunk = new Shrinking(
                        part -> {
                            Run.Outcome outcome = run(part);
                            if (outcome.failed()) {
                                last[0] = outcome;
                            }
                            return outcome.failed();
                        },
                        SHRINK.toNanos())
                .shrunk(first.done());
        fail("sequence " + seed + " (-Dsluice.model.seed=" + seed + ") fails:\n  "
                + first.complaint().orElseThrow()
                + "\nits steps were:\n" + lines(first.done())
                + "\nof which these are enough:\n" + lines(shrunk)
                + "\nwhat the container logged in that is in model.log of the tests' folder, and it says:\n  "
                + last[0].complaint().orElseThrow());
    }

    private static String lines(List<Step> steps) {
        return steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
    }
}
