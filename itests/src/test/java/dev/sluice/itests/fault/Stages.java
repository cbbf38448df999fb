package dev.sluice.itests.fault;

import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Mounts;
import dev.sluice.itests.harness.SluiceProcess;
import java.util.ArrayList;
import java.util.List;

/** The stage that most faults share, and those that a fault has for itself. */
final class Stages implements AutoCloseable {

    private final List<Home> homes = new ArrayList<>();
    private Stage shared;
    private boolean failed;

    /** {@return the stage that a fault is done to} */
    Stage of(Fault fault) throws Exception {
        if (fault.own().isPresent()) {
            return alone(fault.own().get());
        }
        if (shared == null) {
            Home home = home();
            shared = Stage.start(SluiceProcess.on(home), home, new Mounts());
        }
        return shared;
    }

    private Stage alone(Fault.Preparation preparation) throws Exception {
        Home home = home();
        Mounts mounts = new Mounts();
        SluiceProcess.Builder process = SluiceProcess.on(home);
        try {
            preparation.of(home, mounts, process);
            return Stage.start(process, home, mounts);
        } catch (Exception | Error e) {
            mounts.close();
            throw e;
        }
    }

    private Home home() {
        Home home = Home.fresh("stage");
        homes.add(home);
        return home;
    }

    /** Takes a stage back: a failed fault may have left more than files, and the next begins on a new one. */
    void done(Stage stage, boolean passed) {
        failed |= !passed;
        if (stage != shared) {
            stage.close();
        } else if (!passed) {
            shared.close();
            shared = null;
        }
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
        if (!failed) {
            homes.forEach(Home::delete);
        }
    }
}
