package dev.sluice.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A look inside the running JVM, by the JDK's own tool. */
public final class Jvm {

    /** The class of Felix's class loaders: one for each bundle that a class was loaded from. */
    public static final String BUNDLE_CLASS_LOADER = "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";

    private final SluiceProcess process;

    private Jvm(SluiceProcess process) {
        this.process = process;
    }

    /** {@return a look inside a process} */
    public static Jvm of(SluiceProcess process) {
        return new Jvm(process);
    }

    /**
     * {@return how many instances of a class are alive, after a full collection; of all classes with that name together,
     * whatever loader they come from}
     */
    public long instances(String className) {
        Pattern row = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(className) + "(\\s.*)?");
        return jcmd("GC.class_histogram")
                .lines()
                .map(row::matcher)
                .filter(matcher -> matcher.matches())
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .sum();
    }

    /**
     * What is loaded.
     *
     * @param classes how many classes, of all loaders
     * @param usedKilobytes what they use of the metaspace
     */
    public record Metaspace(long classes, long usedKilobytes) {}

    /**
     * What is loaded from files, without what the JVM spins for itself, as it likes and as softly as it likes: hidden classes
     * (lambdas and the forms of method handles), and accessors of reflection.
     *
     * @param loaders how many class loaders
     * @param classes how many classes of theirs
     */
    public record Loaded(long loaders, long classes) {}

    /** {@return what is loaded from files, after a full collection} */
    public Loaded loaded() {
        jcmd("GC.run");
        List<MatchResult> rows = Pattern.compile(
                        "(?m)^0x\\S+\\s+0x\\S+\\s+0x\\S+\\s+(\\d+)\\s+\\d+\\s+\\d+\\s+(\\S.*)$")
                .matcher(jcmd("VM.classloader_stats"))
                .results()
                .filter(row -> !row.group(2).contains("DelegatingClassLoader"))
                .toList();
        if (rows.isEmpty()) {
            throw new AssertionError("jcmd doesn't say what is loaded");
        }
        return new Loaded(
                rows.size(),
                rows.stream().mapToLong(row -> Long.parseLong(row.group(1))).sum());
    }

    /** {@return what is loaded, after a full collection} */
    public Metaspace metaspace() {
        jcmd("GC.run");
        Matcher used = Pattern.compile("Both:\\s+(\\d+)(?:\\.\\d+)? KB used")
                .matcher(jcmd("VM.metaspace", "basic", "scale=KB"));
        Matcher classes = Pattern.compile("Total\\s*=\\s*\\d+\\s+(\\d+)").matcher(jcmd("VM.classloader_stats"));
        if (!used.find() || !classes.find()) {
            throw new AssertionError("jcmd doesn't say what is loaded");
        }
        return new Metaspace(Long.parseLong(classes.group(1)), Long.parseLong(used.group(1)));
    }

    /** {@return the stacks of all threads; virtual ones, which are dumped by a command of their own, after the others} */
    public String threads() {
        return jcmd("Thread.print", "-l") + virtualThreads();
    }

    private String virtualThreads() {
        try {
            if (Shipped.javaFeature() < 21) {
                return "";
            }
            Path file = Files.createTempDirectory("threads").resolve("all");
            try {
                // The process itself writes the file.
                jcmd("Thread.dump_to_file", file.toString());
                return Files.readString(file);
            } finally {
                Home.delete(file.getParent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String jcmd(String... command) {
        try {
            List<String> line = new ArrayList<>(List.of(Shipped.tool("jcmd").toString(), Long.toString(process.pid())));
            line.addAll(List.of(command));
            Process jcmd = new ProcessBuilder(line).redirectErrorStream(true).start();
            String answer = Shipped.read(jcmd.getInputStream());
            if (!jcmd.waitFor(30, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
                throw new AssertionError("jcmd " + line + " failed: " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
