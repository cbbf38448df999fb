package dev.sluice.deployer.deployed;

import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.status.Attempts;
import dev.sluice.deployer.status.Board;
import dev.sluice.deployer.status.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roll backs that an operator waits for. One that fails is over: it isn't tried again as a file is, and leaves nothing
 * but an alarm; what its file has itself is looked at anew, as its own attempt may have been given up for it. Confined to the
 * deployer's thread, but for {@link #open} and {@link #close}.
 */
public final class Wishes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Wishes.class);

    private record Wish(Artifact artifact, Entry entry, CompletableFuture<RollBack> done) {}

    private final Board board;
    private final Attempts attempts;
    private final Consumer<String> lookAgain;
    private final Map<String, Wish> byFile = new HashMap<>();
    private final Set<CompletableFuture<RollBack>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param lookAgain has the watch hand over a file once more, as if it were new */
    public Wishes(Board board, Attempts attempts, Consumer<String> lookAgain) {
        this.board = board;
        this.attempts = attempts;
        this.lookAgain = lookAgain;
    }

    /** {@return the answer to an operator who asks; given at the latest when the deployer goes} */
    public CompletableFuture<RollBack> open() {
        CompletableFuture<RollBack> done = new CompletableFuture<>();
        open.add(done);
        done.whenComplete((outcome, never) -> open.remove(done));
        // Added before, asked now: who closes either sees it or is seen.
        if (closed) {
            done.complete(stopping());
        }
        return done;
    }

    /** Earlier content is to be tried in the place of what its file has. */
    public void begin(Artifact artifact, CompletableFuture<RollBack> done) {
        superseded(artifact.file());
        calm(artifact.file());
        Entry entry = attempts.beside(artifact.file());
        entry.identified(artifact);
        byFile.put(artifact.file(), new Wish(artifact, entry, done));
    }

    /** {@return the entry of an artifact that is tried by such a wish} */
    public Optional<Entry> entry(Artifact artifact) {
        return find(artifact).map(Wish::entry);
    }

    private Optional<Wish> find(Artifact artifact) {
        return Optional.ofNullable(byFile.get(artifact.file()))
                .filter(wish -> wish.artifact().equals(artifact));
    }

    /** An artifact is published. */
    public void published(Artifact artifact) {
        calm(artifact.file());
        find(artifact)
                .ifPresent(wish -> end(
                        wish,
                        RollBack.Outcome.ROLLED_BACK,
                        artifact.file() + " is rolled back to " + title(artifact) + " (sha256 " + artifact.sha256()
                                + ")"));
    }

    /** {@return whether the artifact that has failed was tried by such a wish: all is told then} */
    public boolean failed(Artifact artifact, Failure failure) {
        Optional<Wish> wish = find(artifact);
        if (wish.isEmpty()) {
            return false;
        }
        if (failure.waits() instanceof Waits.ForDeployer) {
            end(wish.get(), RollBack.Outcome.REFUSED, failure.message());
            return true;
        }
        String message = artifact.file() + " can't be rolled back to " + title(artifact) + ": " + failure.message()
                + "; what served before serves on";
        LOG.warn("{}", message);
        board.alarm(alarm(artifact.file()), message);
        end(wish.get(), RollBack.Outcome.FAILED, message);
        lookAgain.accept(artifact.file());
        return true;
    }

    /** {@return whether the artifact, which needn't be tried, was to be by such a wish} */
    public boolean refused(Artifact artifact, String why) {
        Optional<Wish> wish = find(artifact);
        wish.ifPresent(one -> {
            end(one, RollBack.Outcome.REFUSED, why);
            lookAgain.accept(artifact.file());
        });
        return wish.isPresent();
    }

    /** {@return whether there is a wish about a file} */
    public boolean isAbout(String file) {
        return byFile.containsKey(file);
    }

    /** {@return whether there was a wish about a file; there is other news of it} */
    public boolean superseded(String file) {
        Wish wish = byFile.get(file);
        if (wish != null) {
            end(
                    wish,
                    RollBack.Outcome.REFUSED,
                    file + " has changed, or something else was asked for, before it was rolled back to "
                            + title(wish.artifact()) + ": look at what it is now, and ask again");
        }
        return wish != null;
    }

    private void end(Wish wish, RollBack.Outcome outcome, String message) {
        byFile.remove(wish.artifact().file());
        attempts.withdraw(wish.artifact().file(), wish.entry());
        wish.done().complete(new RollBack(outcome, message));
    }

    /** Nobody needs to know any more that a roll back has failed. */
    public void calm(String file) {
        board.calm(alarm(file));
    }

    private static String alarm(String file) {
        return "rollback:" + file;
    }

    public static String title(Artifact artifact) {
        return (artifact.symbolicName() + " " + artifact.version()).strip();
    }

    private static RollBack stopping() {
        return new RollBack(RollBack.Outcome.REFUSED, "the deployer is stopping: ask again when it is back");
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(done -> done.complete(stopping()));
    }
}
