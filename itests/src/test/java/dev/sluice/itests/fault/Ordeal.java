package dev.sluice.itests.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/**
 * The way that a fault goes, or several that strike at once: calm load; the fault; settled, with nothing failed and nothing
 * bypassed on what ran already, and seen by the operator; cleaned up, with everything as it was before; and then a good
 * deployment works.
 */
final class Ordeal {

    private static final int CALM = 50;
    private static final int SETTLED = 50;

    private final Stages stages;
    private final List<Fault> faults;
    private Stage stage;
    private Oracle oracle;
    private long generation;
    private boolean passed = true;

    /** @param faults one, or several that share a stage */
    Ordeal(Stages stages, List<Fault> faults) {
        this.stages = stages;
        this.faults = List.copyOf(faults);
    }

    /** The whole way of one fault. */
    void whole() throws Exception {
        strike();
        seen(faults.get(0));
        end();
    }

    /** Calm load, and then the faults. */
    void strike() throws Exception {
        faults.forEach(fault -> fault.permitted()
                .ifPresent(permission -> Assumptions.assumeTrue(permission.given(), permission.reason())));
        stage = stages.of(faults.get(0));
        attempt(() -> {
            oracle = stage.play();
            oracle.awaitAnswers(CALM);
            assertThat(oracle.complaints()).as("in calm").isEmpty();
            generation = stage.sluice().status().generation();
            stage.mark();
            Set<Target> tolerated = EnumSet.noneOf(Target.class);
            faults.forEach(fault -> tolerated.addAll(fault.tolerated()));
            oracle.tolerates(tolerated);
            if (ends()) {
                oracle.expectsTheEnd();
            }
            for (Fault fault : faults) {
                fault.strike().on(stage);
            }
        });
    }

    /** One of the faults has settled, and is seen by the operator. */
    void seen(Fault fault) throws Exception {
        Assumptions.assumeTrue(oracle != null, "it never struck");
        attempt(() -> fault.seen().on(stage));
    }

    /** Nothing was lost, all is cleaned up, and the container isn't hurt. */
    void end() throws Exception {
        Assumptions.assumeTrue(oracle != null, "it never struck");
        boolean whole = false;
        try {
            settled();
            if (ends()) {
                oracle.close();
                assertThat(oracle.complaints()).as("until the process ended").isEmpty();
                oracle = stage.play();
            }
            mended();
            oracle.close();
            assertThat(oracle.complaints()).as("of all requests").isEmpty();
            whole = passed;
            System.out.println(faults + ": " + oracle.figures());
        } finally {
            oracle.close();
            if (!whole) {
                tell();
            }
            stages.done(stage, whole);
        }
    }

    private void settled() {
        if (!ends()) {
            oracle.awaitAnswers(SETTLED);
        }
        assertThat(oracle.complaints()).as("after it has settled").isEmpty();
        if (faults.stream().noneMatch(Fault::changes)) {
            assertThat(stage.sluice().status().generation())
                    .as("what fails changes nothing: the generation")
                    .isEqualTo(generation);
        }
    }

    private void mended() throws Exception {
        for (Fault fault : faults) {
            fault.mend().on(stage);
        }
        oracle.awaitRight();
        oracle.tolerates(Set.of());
        stage.assertUnhurt();
        stage.swap();
        stage.assertUnhurt();
        assertThat(oracle.complaints()).as("after it was cleaned up").isEmpty();
    }

    private boolean ends() {
        return faults.stream().anyMatch(Fault::ends);
    }

    private interface Part {
        void run() throws Exception;
    }

    /** What fails here is told with what the clients saw, and ends the stage. */
    private void attempt(Part part) throws Exception {
        try {
            part.run();
        } catch (Exception | Error e) {
            passed = false;
            if (oracle != null && !oracle.complaints().isEmpty()) {
                e.addSuppressed(new AssertionError("the clients say: " + oracle.complaints()));
            }
            if (faults.size() == 1) {
                tell();
                if (oracle != null) {
                    oracle.close();
                }
                stages.done(stage, false);
            }
            throw e;
        }
    }

    private void tell() {
        System.err.println("---- " + faults + ": the log since it struck\n" + stage.log() + "\n---- end");
        try {
            System.err.println("---- its status: " + stage.sluice().status().json() + " files "
                    + stage.home().files());
        } catch (RuntimeException | AssertionError e) {
            System.err.println("its status can't be had: " + e);
        }
    }
}
