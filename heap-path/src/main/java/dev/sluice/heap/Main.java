package dev.sluice.heap;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import shark.CloseableHeapGraph;
import shark.HprofHeader;
import shark.HprofIndex;
import shark.HprofRecordTag;

/**
 * Reads a heap dump, and prints what holds the class loader of an unload. Arguments: the dump, and the unload's number. Ends with
 * an {@link Outcome}'s code.
 */
public final class Main {

    private Main() {}

    /** Runs the program. It ends when its input does: then whoever has started it has gone. */
    public static void main(String[] arguments) {
        Thread watch = new Thread(Main::endWithInput, "input");
        watch.setDaemon(true);
        watch.start();
        System.exit(run(arguments, new PrintStream(System.out, false, StandardCharsets.UTF_8), System.err)
                .code());
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(Outcome.USAGE.code());
    }

    static Outcome run(String[] arguments, PrintStream out, PrintStream err) {
        if (arguments.length != 2 || !arguments[1].matches("\\d{1,18}")) {
            err.println("Say which heap dump and which number: <file> <number>.");
            return Outcome.USAGE;
        }
        try {
            Outcome outcome = explain(new File(arguments[0]), Long.parseLong(arguments[1]), out);
            out.flush();
            return outcome;
        } catch (OutOfMemoryError e) {
            err.println("The memory doesn't suffice: " + e.getMessage());
            return Outcome.MEMORY;
        } catch (IOException | RuntimeException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                // So Shark's maps say it.
                err.println("The memory doesn't suffice: " + e.getMessage());
                return Outcome.MEMORY;
            }
            // Shark throws whatever comes of it when a dump ends too early.
            err.println("The heap dump can't be read: it is cut off, or it is none.");
            e.printStackTrace(err);
            return Outcome.UNREADABLE;
        }
    }

    private static Outcome explain(File file, long number, PrintStream out) throws IOException {
        HprofHeader header = HprofHeader.Companion.parseHeaderOf(file);
        MappedFile source = new MappedFile(file);
        try (CloseableHeapGraph graph = HprofIndex.Companion.indexRecordsOf(source, header, null, roots())
                .openHeapGraph()) {
            OptionalLong loader = Watched.find(graph, number);
            if (loader.isEmpty()) {
                return Outcome.UNKNOWN;
            }
            if (loader.getAsLong() == 0) {
                return Outcome.COLLECTED;
            }
            Explainer explainer = new Explainer(new Heap(graph), new Frames(source, header), loader.getAsLong());
            List<String> paths = explainer.paths(false);
            if (!paths.isEmpty()) {
                paths.forEach(out::println);
                return Outcome.PATH;
            }
            List<String> soft = explainer.paths(true);
            if (!soft.isEmpty()) {
                out.println(Protocol.soft());
                soft.forEach(out::println);
            }
            return Outcome.NOT_HELD;
        }
    }

    /** All that hold. A monitor that is or was in use isn't one of them: the JVM refers to its object weakly. */
    private static Set<HprofRecordTag> roots() {
        return EnumSet.of(
                HprofRecordTag.ROOT_UNKNOWN,
                HprofRecordTag.ROOT_VM_INTERNAL,
                HprofRecordTag.ROOT_JNI_GLOBAL,
                HprofRecordTag.ROOT_JNI_LOCAL,
                HprofRecordTag.ROOT_JNI_MONITOR,
                HprofRecordTag.ROOT_JAVA_FRAME,
                HprofRecordTag.ROOT_NATIVE_STACK,
                HprofRecordTag.ROOT_STICKY_CLASS,
                HprofRecordTag.ROOT_THREAD_BLOCK,
                HprofRecordTag.ROOT_THREAD_OBJECT);
    }
}
