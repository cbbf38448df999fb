package dev.sluice.deployer.ledger;

import dev.sluice.deployer.store.DurableRename;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which contents were being tried when the process died, so that a bundle which ends the process isn't tried again and
 * again: one small file for each content under trial, named by its digest, which goes when the trial is over. Its second line is
 * the name of the file in the deploy folder: what is known of content goes with that.
 *
 * <p>Content that is known to have called {@code System.exit} is not tried again. Of a death without a word (a halt, a crash
 * of the JVM, a kill) nobody knows whose fault it was, if anybody's: content is only suspected then, tried once more and
 * alone, and given up when the process dies in that trial too.
 *
 * <p>The files are not forced to the disk: they are to outlive the process, and not the machine, whose end is no bundle's
 * fault: what is lost with it is that content ended the process before, and it is tried once or twice more. What can't be
 * written is logged, and no deployment fails for it. Only what a rollout has taken back must not come again whatever ends,
 * and is on the disk before it goes. Safe for any thread.
 */
public final class TrialLog {

    private static final Logger LOG = LoggerFactory.getLogger(TrialLog.class);
    private static final int DEATHS = 2;

    /** What helps where content isn't tried again by itself. */
    public static final String AGAIN = "; copy the file again to try it once more, or put other content there";

    private static final String TEMPORARY = ".tmp";
    private static final String UNDER_WAY = "under way ";
    private static final String DIED = "died ";
    private static final String EXITED = "exited ";
    private static final String TAKEN_BACK = "taken back ";
    private static final String SET_ASIDE = "set aside ";

    private record Past(int deaths, Optional<String> exitedBy, Optional<TakenBack> takenBack) {}

    private record TakenBack(String why, boolean isAlarm, Instant at) {
        String line() {
            return (isAlarm ? TAKEN_BACK : SET_ASIDE) + at + " " + why;
        }

        /** Without the time of the line, of another release, that of its file. */
        static TakenBack read(String line, boolean isAlarm, Instant written) {
            int end = Math.max(0, line.indexOf(' '));
            try {
                return new TakenBack(line.substring(end + 1), isAlarm, Instant.parse(line.substring(0, end)));
            } catch (DateTimeParseException e) {
                return new TakenBack(line, isAlarm, written);
            }
        }
    }

    private final Path dir;
    private final Map<String, Past> pasts = new HashMap<>();

    /** The names of the files with the contents, as far as they are known. */
    private final Map<String, String> names = new HashMap<>();

    /** @param dir where the files lie; made if it is missing */
    public TrialLog(Path dir) {
        this.dir = dir;
        try {
            Files.createDirectories(dir);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
                for (Path file : files) {
                    read(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("What was being tried when the process last ended can't be told from {}: {}", dir, e.toString());
        }
    }

    private void read(Path file) throws IOException {
        String sha256 = file.getFileName().toString();
        if (sha256.endsWith(TEMPORARY)) {
            Files.delete(file);
            return;
        }
        String[] lines = Files.readString(file).strip().split("\n", 2);
        String text = lines[0];
        if (lines.length > 1) {
            names.put(sha256, lines[1]);
        }
        if (text.startsWith(EXITED)) {
            pasts.put(sha256, new Past(0, Optional.of(text.substring(EXITED.length())), Optional.empty()));
        } else if (text.startsWith(TAKEN_BACK)) {
            pasts.put(sha256, takenBack(file, text.substring(TAKEN_BACK.length()), true));
        } else if (text.startsWith(SET_ASIDE)) {
            pasts.put(sha256, takenBack(file, text.substring(SET_ASIDE.length()), false));
        } else if (text.startsWith(DIED)) {
            pasts.put(sha256, new Past(number(text.substring(DIED.length())), Optional.empty(), Optional.empty()));
        } else {
            // Also half a line: the process died as it was written.
            int before = text.startsWith(UNDER_WAY) ? number(text.substring(UNDER_WAY.length())) : 0;
            pasts.put(sha256, new Past(before + 1, Optional.empty(), Optional.empty()));
            write(sha256, DIED + (before + 1));
            LOG.warn("The process died while content {} was tried", sha256);
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * {@return why content isn't to be tried though it never was published; empty if it may be}
     *
     * @param file the name of the file that has it: only the one with which it goes what is known of it can ask for more
     */
    public synchronized Optional<String> condemns(String sha256, String file) {
        Optional<String> other = fileOf(sha256).filter(its -> !its.equals(file));
        return condemns(sha256).map(why -> other.map(its -> why.replace(
                        AGAIN,
                        "; same content as " + its + ": copy that again to try it once more, or put other"
                                + " content here"))
                .orElse(why));
    }

    /** {@return why content isn't to be tried though it never was published; empty if it may be} */
    public synchronized Optional<String> condemns(String sha256) {
        Optional<String> takenBack = past(sha256).takenBack().map(TakenBack::why);
        if (takenBack.isPresent()) {
            return takenBack.map(why -> why + AGAIN);
        }
        Optional<String> exited = exited(sha256);
        return exited.isPresent() || past(sha256).deaths() < DEATHS
                ? exited
                : Optional.of("the container's process died " + past(sha256).deaths()
                        + " times in a row while this bundle was tried, the last time alone (see the container's output"
                        + " and hs_err files); it isn't tried again by itself" + AGAIN);
    }

    /** {@return why content that was published was taken back; empty if it wasn't, or is asked for again} */
    public synchronized Optional<String> takenBack(String sha256) {
        return past(sha256).takenBack().map(TakenBack::why);
    }

    /** {@return why content isn't to be tried even if it was published: it ends the process} */
    public synchronized Optional<String> exited(String sha256) {
        return past(sha256)
                .exitedBy()
                .map(who -> "the container's process ended while this bundle was tried, as " + who
                        + " called System.exit; it isn't tried again by itself" + AGAIN);
    }

    /** {@return whether the process has died in a trial of the content, so that it is to be tried alone} */
    public synchronized boolean suspects(String sha256) {
        return past(sha256).deaths() > 0;
    }

    private Past past(String sha256) {
        return pasts.getOrDefault(sha256, new Past(0, Optional.empty(), Optional.empty()));
    }

    /**
     * A trial begins.
     *
     * @param file the name of the file with the content
     */
    public synchronized void began(String sha256, String file) {
        names.put(sha256, file);
        write(sha256, UNDER_WAY + past(sha256).deaths());
    }

    /** A trial is over, whatever came of it: its bundle doesn't end the process. */
    public synchronized void ended(String sha256) {
        pasts.remove(sha256);
        names.remove(sha256);
        try {
            Files.deleteIfExists(dir.resolve(sha256));
        } catch (IOException e) {
            LOG.warn("{} can't be deleted: {}", dir.resolve(sha256), e.toString());
        }
    }

    /** The bundle under trial is ending the process. */
    public synchronized void exits(String sha256, String who) {
        write(sha256, EXITED + who.replace('\n', ' '));
        LOG.error(
                "{} has called System.exit: the container stops. The bundle isn't tried again at the next start", who);
    }

    /**
     * It was published, and its rollout has taken it back: it isn't tried again by itself.
     *
     * @param file the name of the file with the content
     * @param isAlarm whether somebody should hear of it who doesn't know yet
     * @param at when that was
     * @throws IOException if that can't be written down: the next start would try it again
     */
    public synchronized void takenBack(String sha256, String file, String why, boolean isAlarm, Instant at)
            throws IOException {
        TakenBack now = new TakenBack(why.replace('\n', ' '), isAlarm, at);
        if (past(sha256)
                .takenBack()
                .filter(before -> before.why().equals(now.why()) && before.isAlarm() == isAlarm)
                .isPresent()) {
            // It is asked for each second until the chain takes it, and is on the disk.
            return;
        }
        Past past = past(now);
        names.put(sha256, file);
        Path temporary = dir.resolve(sha256 + TEMPORARY);
        Files.writeString(temporary, withName(sha256, now.line()));
        DurableRename.rename(temporary, dir.resolve(sha256));
        pasts.put(sha256, past);
    }

    /** {@return whether its rollout has taken it back, and somebody should hear of that} */
    public synchronized boolean isAlarming(String sha256) {
        return past(sha256).takenBack().filter(TakenBack::isAlarm).isPresent();
    }

    /** {@return when its rollout took it back; empty if none has} */
    public synchronized Optional<Instant> takenBackAt(String sha256) {
        return past(sha256).takenBack().map(TakenBack::at);
    }

    private static Past takenBack(Path file, String line, boolean isAlarm) throws IOException {
        return past(
                TakenBack.read(line, isAlarm, Files.getLastModifiedTime(file).toInstant()));
    }

    private static Past past(TakenBack takenBack) {
        return new Past(0, Optional.empty(), Optional.of(takenBack));
    }

    /** An operator wants the content tried again, or it isn't there any more. */
    public synchronized void forgive(String sha256) {
        if (pasts.containsKey(sha256)) {
            ended(sha256);
        }
    }

    /** {@return whether anything is known of content} */
    public synchronized boolean knows(String sha256) {
        return pasts.containsKey(sha256);
    }

    /** {@return the name of the file with which it goes what is known of content; empty if nothing is, or nobody knows} */
    public synchronized Optional<String> fileOf(String sha256) {
        return Optional.ofNullable(names.get(sha256)).filter(name -> pasts.containsKey(sha256));
    }

    /** {@return the contents of a file of which something is known} */
    public synchronized List<String> contentsOf(String file) {
        return contents(file::equals);
    }

    /** What is known of content goes with another file from now on, which has it too, or has it now. */
    public synchronized void named(String sha256, String file) {
        if (!pasts.containsKey(sha256) || file.equals(names.put(sha256, file))) {
            return;
        }
        Path kept = dir.resolve(sha256);
        try {
            String line = Files.readString(kept).strip().split("\n", 2)[0];
            Path temporary = dir.resolve(sha256 + TEMPORARY);
            Files.writeString(temporary, withName(sha256, line));
            DurableRename.rename(temporary, kept);
        } catch (IOException e) {
            LOG.warn("That content {} is in {} now can't be written down: {}", sha256, file, e.toString());
        }
    }

    /**
     * Files aren't there, and with them goes all that is known of their contents.
     *
     * @param isThere the names of those that are
     * @param isKept the digests of contents of which it stays known
     */
    public synchronized void forgiveAllBut(Predicate<String> isThere, Predicate<String> isKept) {
        contents(isThere.negate()).stream().filter(isKept.negate()).forEach(this::ended);
    }

    private List<String> contents(Predicate<String> isOfFile) {
        return names.entrySet().stream()
                .filter(one -> pasts.containsKey(one.getKey()))
                .filter(one -> isOfFile.test(one.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private String withName(String sha256, String text) {
        return text
                + Optional.ofNullable(names.get(sha256))
                        .map(name -> "\n" + name)
                        .orElse("");
    }

    private void write(String sha256, String text) {
        try {
            Files.write(dir.resolve(sha256), withName(sha256, text).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("That content {} is tried can't be written down: {}", sha256, e.toString());
        }
    }
}
