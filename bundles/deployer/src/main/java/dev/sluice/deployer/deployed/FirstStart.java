package dev.sluice.deployer.deployed;

import dev.sluice.chain.ChainControl;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.status.Attempts;
import dev.sluice.deployer.status.Board;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When requests are admitted. Once a first start is complete, what was published is back when the deployer starts, and
 * nothing is waited for. Until it is, every start is a first one, and the files in the folder come first: one that fails and
 * declares its middleware leaves their places closed; one that declares nothing could be a guard of any path, and keeps the
 * chain closed. Safe for any thread.
 */
public final class FirstStart {

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);
    private static final String ALARM = "start";

    private final ChainControl chain;
    private final Board board;
    private final Attempts attempts;
    private final Reservations reservations;
    private final BooleanSupplier openOnFailure;
    private final BooleanSupplier stopping;
    private boolean open;
    private boolean folderAvailable = true;
    private String lastBlocking = "";

    /**
     * @param openOnFailure whether an operator wants requests admitted though files of the first start failed
     * @param stopping whether the deployer is going away, and what failed says nothing
     */
    public FirstStart(
            ChainControl chain,
            Board board,
            Attempts attempts,
            Reservations reservations,
            BooleanSupplier openOnFailure,
            BooleanSupplier stopping) {
        this.chain = chain;
        this.board = board;
        this.attempts = attempts;
        this.reservations = reservations;
        this.openOnFailure = openOnFailure;
        this.stopping = stopping;
    }

    /** Until they are, why requests aren't admitted yet. */
    public synchronized void waits(String why) {
        if (!open) {
            board.alarm(ALARM, why);
        }
    }

    /** Admits requests. */
    public synchronized void open() {
        if (!open) {
            open = true;
            board.calm(ALARM);
            // A crash before the next line makes the next start an ordinary one, with the same places kept.
            reservations.record();
            reservations.opened();
            chain.open();
        }
    }

    /** Before artifacts are tried: at a first start their places are closed until they are filled. */
    public synchronized void reserve(Collection<Artifact> artifacts) {
        if (!open) {
            reservations.putDeclared(artifacts);
        } else {
            reservations.redeclare(artifacts);
        }
    }

    /** Whether what is in the folder can be told. */
    public synchronized void folder(boolean available) {
        folderAvailable = available;
    }

    /** Admits requests if nothing that was there at the first start stands against it. */
    public synchronized void openIfComplete() {
        if (open) {
            // It may have been opened with nothing published, and there is something now.
            reservations.opened();
            return;
        }
        if (stopping.getAsBoolean() || (!folderAvailable && !openOnFailure.getAsBoolean())) {
            return;
        }
        List<String> blocking = attempts.all().stream()
                .map(entry -> entry.view())
                .filter(view -> isOutstanding(view.state()) || isUnknown(view.state(), view.file()))
                .map(view -> view.file())
                .sorted()
                .toList();
        if (blocking.isEmpty()) {
            open();
            return;
        }
        List<String> failed = attempts.all().stream()
                .map(entry -> entry.view())
                .filter(view -> isUnknown(view.state(), view.file()))
                .map(view -> view.file())
                .sorted()
                .toList();
        if (failed.isEmpty()) {
            // What blocks is still being copied or tried: there is nothing that an operator should do.
            return;
        }
        String files = String.join(", ", failed);
        String message = "No request is admitted: " + files
                + " can't be deployed, and nothing tells what it would guard. See " + failed.get(0)
                + ".failed; fix or remove the file, or set start.on.failure=open in conf/dev.sluice.deployer.cfg";
        board.alarm(ALARM, message);
        if (!files.equals(lastBlocking)) {
            lastBlocking = files;
            LOG.error("{}", message);
        }
    }

    private static boolean isOutstanding(DeploymentState state) {
        return state == DeploymentState.SEEN || state.isTried();
    }

    private boolean isUnknown(DeploymentState state, String file) {
        boolean failed = state == DeploymentState.FAILED || state == DeploymentState.INCOMPLETE;
        return failed && !reservations.has(file) && !openOnFailure.getAsBoolean();
    }
}
