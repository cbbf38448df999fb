package dev.sluice.deployer.status;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.DeploymentsView;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * All deployments, and the alarms: what the published views are made of. Safe for any thread; each method is one short
 * critical section, and none calls out.
 */
public final class Board {

    private final Path folder;
    private final Clock clock;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> alarms = new TreeMap<>();
    private boolean started;

    /**
     * @param folder the deploy folder
     * @param clock for the times in the views
     */
    public Board(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** {@return a new deployment of a file, in the state {@code SEEN}} */
    public synchronized Entry add(String file) {
        Instant now = now();
        Entry entry = new Entry(
                this,
                new DeploymentView(
                        file,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        DeploymentState.SEEN,
                        Optional.empty(),
                        List.of(),
                        now,
                        now));
        entries.add(entry);
        return entry;
    }

    /** What was last published is back, and the folder was compared once. */
    public synchronized void started() {
        started = true;
    }

    /** Raises an alarm, or says something else in one that stands. */
    public synchronized void alarm(String key, String sentence) {
        alarms.put(key, sentence);
    }

    /** Takes an alarm back, if it stands. */
    public synchronized void calm(String key) {
        alarms.remove(key);
    }

    /** {@return the picture now} */
    public synchronized DeploymentsView view() {
        return new DeploymentsView(
                folder,
                started,
                entries.stream().sorted(Entry.BY_FILE).map(Entry::view).toList(),
                List.copyOf(alarms.values()));
    }

    Instant now() {
        return clock.instant();
    }

    /** What is released is out of sight; the log has it. */
    void drop(Entry entry) {
        entries.remove(entry);
    }
}
