package dev.sluice.itests.fault;

import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Mounts;
import dev.sluice.itests.harness.SluiceProcess;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One thing that goes wrong.
 *
 * @param family the family that it belongs to
 * @param name what it is, as the test is called
 * @param strike does it; returns when it is done, not when it has settled
 * @param seen waits until it has settled, and fails unless an operator can see it where the documents say
 * @param mend takes it away as an operator would
 * @param tolerated where 503 is documented while it lasts; nowhere, but for changes in place
 * @param changes whether it may bring a new generation; what fails must not
 * @param ends whether it ends the process
 * @param permitted what the machine has to permit for it, and the reason if it doesn't
 * @param own prepares a process for it alone, if the one that the others share would not do
 */
public record Fault(
        String family,
        String name,
        Act strike,
        Act seen,
        Act mend,
        Set<Target> tolerated,
        boolean changes,
        boolean ends,
        Optional<Permission> permitted,
        Optional<Preparation> own) {

    private static final Act NOTHING = stage -> {};

    /** Something that is done to the stage. */
    @FunctionalInterface
    public interface Act {

        /** Does it. */
        void on(Stage stage) throws Exception;
    }

    /**
     * What the machine has to permit.
     *
     * @param given whether it does
     * @param reason what to say where it doesn't
     */
    public record Permission(BooleanSupplier given, String reason) {}

    /** Prepares a process of its own. */
    @FunctionalInterface
    public interface Preparation {

        /**
         * Prepares.
         *
         * @param home the home, which doesn't exist yet
         * @param mounts undone after the fault
         * @param process how the process is started
         */
        void of(Home home, Mounts mounts, SluiceProcess.Builder process) throws Exception;
    }

    /** {@return a fault that does nothing yet} */
    public static Fault of(String family, String name) {
        return new Fault(
                family,
                name,
                NOTHING,
                NOTHING,
                NOTHING,
                EnumSet.noneOf(Target.class),
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** {@return the same, that does this} */
    public Fault strikes(Act act) {
        return new Fault(family, name, act, seen, mend, tolerated, changes, ends, permitted, own);
    }

    /** {@return the same, that is settled and seen when this returns} */
    public Fault seen(Act act) {
        return new Fault(family, name, strike, act, mend, tolerated, changes, ends, permitted, own);
    }

    /** {@return the same, that is cleaned up by this} */
    public Fault mended(Act act) {
        return new Fault(family, name, strike, seen, act, tolerated, changes, ends, permitted, own);
    }

    /** {@return the same, with 503 documented for these while it lasts; it changes the chain} */
    public Fault tolerating(Target... targets) {
        Set<Target> all = EnumSet.noneOf(Target.class);
        all.addAll(Set.of(targets));
        return new Fault(family, name, strike, seen, mend, all, true, ends, permitted, own);
    }

    /** {@return the same, that rightly brings new generations} */
    public Fault thatChangesTheChain() {
        return new Fault(family, name, strike, seen, mend, tolerated, true, ends, permitted, own);
    }

    /** {@return the same, skipped where the machine doesn't permit it} */
    public Fault where(BooleanSupplier given, String reason) {
        return new Fault(
                family,
                name,
                strike,
                seen,
                mend,
                tolerated,
                changes,
                ends,
                Optional.of(new Permission(given, reason)),
                own);
    }

    /** {@return the same, on a process of its own} */
    public Fault onItsOwn(Preparation preparation) {
        return new Fault(
                family, name, strike, seen, mend, tolerated, changes, ends, permitted, Optional.of(preparation));
    }

    /** {@return the same, that ends the process: {@link #seen} starts it again} */
    public Fault thatEndsTheProcess() {
        return new Fault(
                family,
                name,
                strike,
                seen,
                mend,
                tolerated,
                true,
                true,
                permitted,
                Optional.of((home, mounts, process) -> {}));
    }

    @Override
    public String toString() {
        return family + ": " + name;
    }
}
