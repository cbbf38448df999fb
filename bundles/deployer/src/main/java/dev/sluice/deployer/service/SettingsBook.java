package dev.sluice.deployer.service;

import dev.sluice.conf.InForce;
import dev.sluice.conf.LastGood;
import dev.sluice.conf.OneFile;
import dev.sluice.conf.SettingsReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What is in force of the configuration, and on the disk too: neither a mistake in it nor its absence changes anything, over a
 * restart either. Its monitor has one write at a time; any thread may ask.
 */
final class SettingsBook {

    private static final String FILE = Settings.PID + ".cfg";

    private static final String CHAIN = "dev.sluice.chain";

    private final UnreadFiles files;
    private final Supplier<Optional<String>> unreadOfChain;

    // Guarded by this.
    private final LastGood lastGood;
    private final InForce inForce;
    private DeployerConfiguration written;
    private Map<String, ?> properties = Map.of();
    private Map<String, UnreadFiles.Unread> unread = Map.of();
    private Optional<String> ofChain = Optional.empty();

    // Each is replaced as a whole by the thread that writes.
    private volatile Settings settings = Settings.DEFAULT;
    private volatile Set<String> alarms = Set.of();

    /**
     * @param dataDirectory where what is in force is kept
     * @param files those that can't be read
     * @param unreadOfChain why it isn't known what the chain requires, if it isn't
     */
    SettingsBook(Path dataDirectory, UnreadFiles files, Supplier<Optional<String>> unreadOfChain) {
        this.lastGood = new LastGood(
                dataDirectory.resolve("settings"), "deployer's configuration", "nothing new would be let in");
        this.inForce = new InForce(Settings.KEYS, lastGood);
        this.files = files;
        this.unreadOfChain = unreadOfChain;
    }

    synchronized void take(DeployerConfiguration written, Map<String, ?> properties) {
        this.written = written;
        this.properties = properties;
        unread = files.look();
        ofChain = unreadOfChain.get();
        read();
    }

    /** {@return whether files can't be read now that could, or rules aren't known now that were, or the other way round} */
    synchronized boolean look() {
        Map<String, UnreadFiles.Unread> now = new TreeMap<>(files.look());
        now.keySet().removeIf(this::isStrayOfWhatIsKnown);
        if (unread.containsKey(FILE) && !now.containsKey(FILE) && files.isThere(FILE) && !isAsBefore()) {
            // It has been read by now, and what it says will be told in a moment; unless that is what it said before.
            now.put(FILE, unread.get(FILE));
        }
        Optional<String> nowOfChain = unreadOfChain.get();
        if (!inForce.saveAgain() && now.equals(unread) && nowOfChain.equals(ofChain)) {
            return false;
        }
        unread = now;
        ofChain = nowOfChain;
        read();
        return true;
    }

    /** Nobody tells of what is as it was before it was damaged. */
    private boolean isAsBefore() {
        return unread.get(FILE).wasRead() && files.hadTime(FILE);
    }

    /** Of what isn't known it may be the right file under a wrong name. What the chain has read it keeps on the disk. */
    private boolean isStrayOfWhatIsKnown(String file) {
        return OneFile.isStray(file)
                && (file.startsWith(CHAIN)
                        ? lastGood.load(CHAIN)
                                .or(() -> lastGood.outdated(CHAIN))
                                .isPresent()
                        : !inForce.isUnknown());
    }

    private void read() {
        boolean unknown = inForce.isUnknown() && unread.containsKey(FILE) && !SettingsReader.isWritten(properties);
        SettingsReader reader = inForce.reader(properties);
        Settings read = Settings.read(written, reader);
        // First on the disk: no file is let in by a rule that a restart wouldn't know of.
        inForce.keep(reader);
        Set<String> sentences = new TreeSet<>(reader.alarms());
        inForce.unsaved().ifPresent(sentences::add);
        List<String> faults = new ArrayList<>();
        unread.forEach((file, one) -> {
            if (isStrayOfWhatIsKnown(file)) {
                return;
            }
            if (OneFile.isStray(file)) {
                String right = "conf/" + (file.startsWith(CHAIN) ? CHAIN + ".cfg" : FILE);
                String fault = "conf/" + file + " is read by nobody, and what " + right + " asks for isn't known";
                faults.add(fault);
                sentences.add(fault + ", so nothing new is let in. Rename it to " + right
                        + ", or put an empty file there, if the defaults are meant; else take it out.");
                return;
            }
            String fault = "conf/" + file + " can't be read: " + one.why();
            if (one.wasRead() || file.equals(FILE) && !unknown) {
                sentences.add(fault + ". What was in force stays. Mend it.");
            } else {
                faults.add(fault);
                sentences.add(
                        fault + ". What it asks for isn't known, so nothing new is let in. Mend it, or take it out.");
            }
        });
        alarms = Set.copyOf(sentences);
        settings = faults.isEmpty() ? read : lettingNothingIn(read, String.join(". ", faults));
    }

    private static Settings lettingNothingIn(Settings read, String fault) {
        return read.lettingNothingIn(
                read.integrity().unread().map(reason -> reason + ". " + fault).orElse(Settings.NOTHING_NEW + fault));
    }

    /** The chain is asked each time: whatever comes after its file is judged by that. */
    Settings settings() {
        Settings read = settings;
        return unreadOfChain.get().map(why -> lettingNothingIn(read, why)).orElse(read);
    }

    Set<String> alarms() {
        return alarms;
    }
}
