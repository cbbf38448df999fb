package dev.sluice.deployer.status;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.ReleaseView;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One deployment: the current picture of it, replaced at each change. This is the only place where a deployment's state
 * changes, and it refuses a change that {@link DeploymentState} doesn't declare. Safe for any thread: the board is the
 * lock of all its entries, so that a view is consistent.
 */
public final class Entry {

    static final Comparator<Entry> BY_FILE =
            Comparator.comparing((Entry entry) -> entry.view.file()).thenComparing(entry -> entry.view.firstSeen());

    private final Board board;
    private DeploymentView view;

    Entry(Board board, DeploymentView view) {
        this.board = board;
        this.view = view;
    }

    /** {@return the picture now} */
    public DeploymentView view() {
        synchronized (board) {
            return view;
        }
    }

    /** {@return where it stands now} */
    public DeploymentState state() {
        return view().state();
    }

    /** Changes the state; there is nothing to say about it. */
    public void to(DeploymentState next) {
        to(next, Optional.empty());
    }

    /** Changes the state, and says why. */
    public void to(DeploymentState next, String reason) {
        to(next, Optional.of(reason));
    }

    /** It has failed, or it has failed again. */
    public void fail(String reason) {
        synchronized (board) {
            if (view.state() == DeploymentState.FAILED) {
                because(reason);
            } else {
                to(DeploymentState.FAILED, reason);
            }
        }
    }

    /**
     * Changes the state if it is still the expected one: for threads that may come too late.
     *
     * @return whether it was
     */
    public boolean advance(DeploymentState expected, DeploymentState next) {
        synchronized (board) {
            if (view.state() != expected) {
                return false;
            }
            to(next);
            return true;
        }
    }

    /**
     * The artifact leaves: by way of a drain, or at once if an operator has uninstalled its bundle already.
     *
     * @return whether it goes by way of a drain
     */
    public boolean leave() {
        synchronized (board) {
            boolean there = view.state() != DeploymentState.REMOVED;
            to(there ? DeploymentState.RETIRED : DeploymentState.RELEASED);
            return there;
        }
    }

    /** It isn't wanted any more, whatever comes of it. */
    public void abandon() {
        synchronized (board) {
            if (view.state().isTried()) {
                to(DeploymentState.FAILED);
            }
            if (view.state() != DeploymentState.RELEASED) {
                to(DeploymentState.RELEASED);
            }
        }
    }

    private void to(DeploymentState next, Optional<String> reason) {
        synchronized (board) {
            if (!view.state().next().contains(next)) {
                throw new IllegalStateException(view.file() + " can't go from " + view.state() + " to " + next);
            }
            OptionalLong bundle = hasBundle(next) ? view.bundleId() : OptionalLong.empty();
            view = new DeploymentView(
                    view.file(),
                    view.sha256(),
                    view.symbolicName(),
                    view.version(),
                    bundle,
                    next,
                    reason,
                    view.middleware(),
                    board.now(),
                    view.firstSeen(),
                    view.verified(),
                    view.release());
            if (next == DeploymentState.RELEASED) {
                board.drop(this);
            }
        }
    }

    private static boolean hasBundle(DeploymentState state) {
        return switch (state) {
            case INSTALLED, CLAIMED, STARTED, PROBED, PUBLISHED, STOPPED, RETIRED, DRAINED -> true;
            case SEEN, INCOMPLETE, VERIFIED, FAILED, DUPLICATE, SUPERSEDED, REMOVED, RELEASED -> false;
        };
    }

    /** Says something else about the same state. */
    public void because(String reason) {
        synchronized (board) {
            change(
                    view.file(),
                    view.sha256(),
                    view.symbolicName(),
                    view.version(),
                    view.bundleId(),
                    Optional.of(reason),
                    view.middleware());
        }
    }

    /** Says something of it while it is published; what else is to be said of another state goes before. */
    public void remark(String remark) {
        synchronized (board) {
            if (view.state() == DeploymentState.PUBLISHED) {
                because(remark);
            }
        }
    }

    /** There is nothing to remark any more. */
    public void unremark() {
        synchronized (board) {
            if (view.state() == DeploymentState.PUBLISHED) {
                change(
                        view.file(),
                        view.sha256(),
                        view.symbolicName(),
                        view.version(),
                        view.bundleId(),
                        Optional.empty(),
                        view.middleware());
            }
        }
    }

    /** The same content has another name in the folder now. */
    public void renamed(String file) {
        synchronized (board) {
            change(
                    file,
                    view.sha256(),
                    view.symbolicName(),
                    view.version(),
                    view.bundleId(),
                    view.reason(),
                    view.middleware());
        }
    }

    /** What has another name in the folder now is a release, and may be called after its file. */
    public void called(String name) {
        synchronized (board) {
            change(
                    view.file(),
                    view.sha256(),
                    view.symbolicName(),
                    view.version(),
                    view.bundleId(),
                    view.reason(),
                    view.middleware(),
                    view.release().map(release -> new ReleaseView(name, release.members())));
        }
    }

    /** It is known what content the file has. */
    public void identified(String sha256, String symbolicName, String version, List<String> middleware) {
        synchronized (board) {
            change(
                    view.file(),
                    Optional.of(sha256),
                    Optional.of(symbolicName),
                    Optional.of(version),
                    view.bundleId(),
                    view.reason(),
                    middleware,
                    Optional.empty());
        }
    }

    /** It is known what content the file has. */
    public void identified(Artifact artifact) {
        artifact.release()
                .ifPresentOrElse(
                        content -> identified(
                                artifact.sha256(),
                                new ReleaseView(artifact.symbolicName(), entries(content.members())),
                                artifact.version(),
                                artifact.declaredNames()),
                        () -> identified(
                                artifact.sha256(),
                                artifact.symbolicName(),
                                artifact.version(),
                                artifact.declaredNames()));
    }

    private static List<String> entries(List<Artifact> members) {
        return members.stream()
                .map(Artifact::file)
                .map(ArtifactNames::entry)
                .sorted()
                .toList();
    }

    /** It is known what content the file has, and that it is a release. */
    public void identified(String sha256, ReleaseView release, String version, List<String> middleware) {
        synchronized (board) {
            change(
                    view.file(),
                    Optional.of(sha256),
                    Optional.empty(),
                    Optional.of(version).filter(text -> !text.isEmpty()),
                    view.bundleId(),
                    view.reason(),
                    middleware,
                    Optional.of(release));
        }
    }

    /** The digest is all that is known of the content. */
    public void digested(Optional<String> sha256) {
        synchronized (board) {
            change(
                    view.file(),
                    sha256,
                    Optional.empty(),
                    Optional.empty(),
                    view.bundleId(),
                    view.reason(),
                    List.of(),
                    Optional.empty());
            verified(List.of());
        }
    }

    /** The framework has the bundle. */
    public void bundle(long bundleId) {
        synchronized (board) {
            change(
                    view.file(),
                    view.sha256(),
                    view.symbolicName(),
                    view.version(),
                    OptionalLong.of(bundleId),
                    view.reason(),
                    view.middleware());
        }
    }

    /** It is known which middleware it brings. */
    public void middleware(List<String> names) {
        synchronized (board) {
            change(
                    view.file(),
                    view.sha256(),
                    view.symbolicName(),
                    view.version(),
                    view.bundleId(),
                    view.reason(),
                    names);
        }
    }

    private void change(
            String file,
            Optional<String> sha256,
            Optional<String> symbolicName,
            Optional<String> version,
            OptionalLong bundleId,
            Optional<String> reason,
            List<String> middleware) {
        change(file, sha256, symbolicName, version, bundleId, reason, middleware, view.release());
    }

    private void change(
            String file,
            Optional<String> sha256,
            Optional<String> symbolicName,
            Optional<String> version,
            OptionalLong bundleId,
            Optional<String> reason,
            List<String> middleware,
            Optional<ReleaseView> release) {
        view = new DeploymentView(
                file,
                sha256,
                symbolicName,
                version,
                bundleId,
                view.state(),
                reason,
                middleware,
                view.since(),
                view.firstSeen(),
                view.verified(),
                release);
    }

    /** What it is now it has been for longer than it is known: since before the container started. */
    public void since(Instant at) {
        synchronized (board) {
            show(at, view.verified());
        }
    }

    /** It is known what its content was verified by. */
    public void verified(List<String> notes) {
        synchronized (board) {
            show(view.since(), notes);
        }
    }

    private void show(Instant since, List<String> verified) {
        view = new DeploymentView(
                view.file(),
                view.sha256(),
                view.symbolicName(),
                view.version(),
                view.bundleId(),
                view.state(),
                view.reason(),
                view.middleware(),
                since,
                view.firstSeen(),
                verified,
                view.release());
    }
}
