package dev.sluice.deployer.status;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * For each file the deployment of the content that it has now, for as long as that isn't published: seen, incomplete,
 * failed, or a duplicate. What an earlier content of the file became is another deployment.
 */
public final class Attempts {

    private final Board board;
    private final Map<String, Entry> byFile = new HashMap<>();
    private final Map<String, DeploymentView> before = new HashMap<>();

    public Attempts(Board board) {
        this.board = board;
    }

    /** {@return the attempt at a file, a new one if there is none} */
    public synchronized Entry at(String file) {
        return byFile.computeIfAbsent(file, board::add);
    }

    /** A file is new, or has changed. */
    public synchronized void seen(String file) {
        Entry entry = at(file);
        if (entry.state() != DeploymentState.SEEN) {
            before.put(file, entry.view());
            entry.to(DeploymentState.SEEN);
        }
    }

    /** The file hasn't changed after all: what was said of it holds. */
    public synchronized void unchanged(String file) {
        DeploymentView earlier = before.remove(file);
        if (earlier != null) {
            at(file).to(earlier.state(), earlier.reason().orElse(""));
        } else if (find(file)
                .filter(entry -> entry.state() == DeploymentState.SEEN)
                .isPresent()) {
            drop(file);
        }
    }

    /** {@return the attempt at a file, if there is one} */
    public synchronized Optional<Entry> find(String file) {
        return Optional.ofNullable(byFile.get(file));
    }

    /** The attempt has succeeded, and is an attempt no more. */
    public synchronized void succeeded(String file) {
        before.remove(file);
        byFile.remove(file);
    }

    /** There is nothing to attempt any more: the file is gone, or its content is what is deployed from it already. */
    public synchronized void drop(String file) {
        before.remove(file);
        find(file).ifPresent(entry -> {
            byFile.remove(file);
            entry.to(DeploymentState.RELEASED);
        });
    }

    /** {@return all attempts} */
    public synchronized Collection<Entry> all() {
        return List.copyOf(byFile.values());
    }
}
