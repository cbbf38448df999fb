package dev.sluice.deployer.status;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * For each file the deployment of the content that it has now, for as long as that isn't published: seen, incomplete,
 * failed, or a duplicate. What an earlier content of the file became is another deployment.
 */
public final class Attempts {

    private final Board board;
    private final Map<String, Entry> byFile = new HashMap<>();
    private final Map<String, DeploymentView> before = new HashMap<>();

    /** Attempts whose content is being tried while the file has changed already, or is changing. */
    private final Map<String, Entry> displaced = new HashMap<>();

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
        if (entry.state().isTried()) {
            displaced.put(file, entry);
            byFile.put(file, board.add(file));
        } else if (entry.state() != DeploymentState.SEEN) {
            before.put(file, entry.view());
            entry.to(DeploymentState.SEEN);
        }
    }

    /** The file has other content, or has gone: what is tried of it isn't wanted any more. */
    public synchronized void superseded(String file) {
        Optional.ofNullable(displaced.remove(file)).ifPresent(Entry::abandon);
        find(file).filter(entry -> entry.state().isTried()).ifPresent(entry -> {
            byFile.remove(file);
            entry.abandon();
        });
    }

    /** The file hasn't changed after all, and its content is tried, or was. */
    public synchronized void restored(String file) {
        Optional.ofNullable(displaced.remove(file)).ifPresent(entry -> {
            find(file).ifPresent(Entry::abandon);
            byFile.put(file, entry);
        });
    }

    /** The file hasn't changed after all: what was said of it holds. */
    public synchronized void unchanged(String file) {
        if (displaced.containsKey(file)) {
            restored(file);
            return;
        }
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

    /**
     * An attempt has succeeded, and is an attempt no more.
     *
     * @return whether it was the last at its file: no other content is waiting there
     */
    public synchronized boolean succeeded(String file, Entry entry) {
        if (displaced.remove(file, entry)) {
            return false;
        }
        before.remove(file);
        byFile.remove(file);
        return true;
    }

    /** There is nothing to attempt any more: the file is gone, or its content is what is deployed from it already. */
    public synchronized void drop(String file) {
        before.remove(file);
        find(file).ifPresent(entry -> {
            byFile.remove(file);
            entry.to(DeploymentState.RELEASED);
        });
    }

    /** {@return a new attempt with content that the file doesn't have itself, beside whatever is said of what it has} */
    public synchronized Entry beside(String file) {
        Optional.ofNullable(displaced.remove(file)).ifPresent(Entry::abandon);
        Entry entry = board.add(file);
        displaced.put(file, entry);
        return entry;
    }

    /** An attempt is over; unless it has succeeded, nothing is said of it any more. */
    public synchronized void withdraw(String file, Entry entry) {
        if (displaced.remove(file, entry) || byFile.remove(file, entry)) {
            entry.abandon();
        }
    }

    /** {@return all attempts} */
    public synchronized Collection<Entry> all() {
        return Stream.concat(byFile.values().stream(), displaced.values().stream())
                .toList();
    }
}
