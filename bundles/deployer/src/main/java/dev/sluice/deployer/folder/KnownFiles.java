package dev.sluice.deployer.folder;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the listener was told of each file, and what the file looked like then. For one thread. */
final class KnownFiles {

    /**
     * One file.
     *
     * @param stat empty if the file is to be read again, whatever it looks like
     * @param sha256 empty if its content was never read to the end
     * @param refusal why it can't be read at present, if it is tried again at every scan; or the rule that was against it
     */
    record Known(Optional<FileStat> stat, Optional<String> sha256, Optional<String> refusal) {

        private static final Known NOTHING = new Known(Optional.empty(), Optional.empty(), Optional.empty());

        /** A file that was refused so is handed over when it can be, though its content may be that of before. */
        Optional<String> unlessRefused() {
            return refusal.isPresent() ? Optional.empty() : sha256;
        }

        boolean looksLike(FileStat now) {
            return stat.equals(Optional.of(now));
        }

        /** What was handed over, or told, may well be what is still there. */
        boolean isOnlyReadAgain() {
            return stat.isEmpty() && (sha256.isPresent() || refusal.isPresent());
        }

        /** What it says of the file itself is as it was; and what it says of its sidecars concerns nobody now. */
        boolean differsInSidecarsOnly(FileStat now) {
            return refusal.isEmpty()
                    && sha256.isPresent()
                    && stat.filter(now::isOfSameFile).isPresent();
        }

        private Known toBeReadAgain() {
            return new Known(Optional.empty(), sha256, refusal);
        }
    }

    private final Map<String, Known> byFile = new HashMap<>();

    /** @param deployed the digests of what was handed over before this watch began, by file */
    KnownFiles(Map<String, String> deployed) {
        deployed.forEach(
                (file, sha256) -> byFile.put(file, new Known(Optional.empty(), Optional.of(sha256), Optional.empty())));
    }

    private KnownFiles(KnownFiles other) {
        byFile.putAll(other.byFile);
    }

    /** {@return them as they are now} */
    KnownFiles copy() {
        return new KnownFiles(this);
    }

    Set<String> files() {
        return Set.copyOf(byFile.keySet());
    }

    Optional<Known> find(String file) {
        return Optional.ofNullable(byFile.get(file));
    }

    /** {@return what is known of a file, or that nothing is} */
    Known of(String file) {
        return byFile.getOrDefault(file, Known.NOTHING);
    }

    /** The listener was told that there is such a file. */
    void seen(String file) {
        byFile.putIfAbsent(file, Known.NOTHING);
    }

    /** What is there now is to be handed over, though it were the same. */
    void forget(String file) {
        byFile.computeIfPresent(file, (any, old) -> Known.NOTHING);
    }

    void readAgain(String file) {
        byFile.computeIfPresent(file, (any, old) -> old.toBeReadAgain());
    }

    void readAllAgain() {
        byFile.replaceAll((file, old) -> old.toBeReadAgain());
    }

    /** What was noted since doesn't count, and every file is to be read again. */
    void goBackTo(KnownFiles before) {
        byFile.clear();
        byFile.putAll(before.byFile);
        readAllAgain();
    }

    void unchanged(String file, FileStat stat) {
        byFile.computeIfPresent(file, (any, old) -> new Known(Optional.of(stat), old.sha256(), Optional.empty()));
    }

    /** Its content was read to the end, and handed over or refused for good. */
    void judged(String file, FileStat stat, Optional<String> sha256) {
        byFile.put(file, new Known(Optional.of(stat), sha256, Optional.empty()));
    }

    /** What was handed over from the file earlier stays what it is: the file may become that again. */
    void incomplete(String file, FileStat stat) {
        judged(file, stat, of(file).sha256());
    }

    /**
     * It can't be read at present.
     *
     * @return whether that is news, and not what every scan has said
     */
    boolean refusedForNow(String file, String refusal) {
        Known old = of(file);
        byFile.put(file, new Known(Optional.empty(), old.sha256(), Optional.of(refusal)));
        return !old.refusal().equals(Optional.of(refusal));
    }

    /**
     * A rule is against it, and not its content: what is there is judged anew when anything changes.
     *
     * @return whether that is news
     */
    boolean refusedByRule(String file, FileStat stat, Optional<String> sha256, String refusal) {
        Known old = of(file);
        byFile.put(file, new Known(Optional.of(stat), sha256, Optional.of(refusal)));
        return !old.refusal().equals(Optional.of(refusal)) || !old.sha256().equals(sha256);
    }

    void remove(String file) {
        byFile.remove(file);
    }
}
