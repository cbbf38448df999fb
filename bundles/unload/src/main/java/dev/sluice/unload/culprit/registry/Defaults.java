package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.PrintStream;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Defaults of the JVM's that a bundle has set: the handler of uncaught exceptions, the standard streams, system properties. */
public final class Defaults implements Search {

    private static final int CHAIN = 8;
    private static final String REMEDY =
            "set it back to what it was when you stop, or leave it alone: it is the whole container's";

    /** Made for the list of searches. */
    public Defaults() {}

    @Override
    public String name() {
        return "defaults";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        // In one step, so that none is lost that the next version has set since we looked
        VarHandle handlers = look.handle(Thread.class, "defaultUncaughtExceptionHandler");
        Object handler = handlers == null ? null : handlers.getVolatile();
        if (look.owns(handler)) {
            String type = Wording.type(handler);
            look.found(Kind.JVM_DEFAULT, "the default handler of uncaught exceptions, " + type, REMEDY, () -> {
                boolean done = handlers.compareAndSet(handler, null);
                return (done ? "removed" : "found set anew")
                        + " the default handler of uncaught exceptions, which was left as " + type;
            });
        }
        stream(
                look,
                "System.out",
                () -> System.out,
                () -> print(FileDescriptor.out, "stdout.encoding"),
                System::setOut);
        stream(
                look,
                "System.err",
                () -> System.err,
                () -> print(FileDescriptor.err, "stderr.encoding"),
                System::setErr);
        stream(
                look,
                "System.in",
                () -> System.in,
                () -> new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                System::setIn);
        properties(look, System.getProperties());
        return look.end();
    }

    /** As the JVM makes it at its start: what was there before the bundle's nobody knows. */
    private static PrintStream print(FileDescriptor descriptor, String property) {
        String encoding = System.getProperty(property, Charset.defaultCharset().name());
        Charset charset = Charset.isSupported(encoding) ? Charset.forName(encoding) : Charset.defaultCharset();
        return new PrintStream(new FileOutputStream(descriptor), true, charset);
    }

    private static <T> void stream(Look look, String name, Supplier<T> now, Supplier<T> first, Consumer<T> set) {
        T stream = now.get();
        Object inner = stream;
        boolean plain = true;
        for (int depth = 0; depth < CHAIN && inner != null; depth++) {
            if (look.owns(inner)) {
                String type = Wording.type(inner);
                if (inner != stream && !isPartOf(stream, inner, plain)) {
                    // Others may have put theirs on top since, as the next version does: that would go with it.
                    look.found(Kind.JVM_DEFAULT, name + ", by " + type + " within " + Wording.type(stream), REMEDY);
                    return;
                }
                look.found(Kind.JVM_DEFAULT, name + ", by " + type, REMEDY, () -> {
                    // The JVM sets it without a lock and behind a final field, so nobody can compare and set it in one
                    // step. The new stream is made before, and what is left are the few instructions between.
                    T other = first.get();
                    boolean still = now.get() == stream;
                    if (still) {
                        set.accept(other);
                    }
                    return (still ? "set back " : "found set anew ") + name + ", which was left with " + type;
                });
                return;
            }
            plain &= inner == stream
                    ? inner.getClass() == PrintStream.class
                    : inner.getClass() == BufferedOutputStream.class;
            if (inner instanceof FilterOutputStream) {
                inner = look.get(FilterOutputStream.class, "out", inner);
            } else if (inner instanceof FilterInputStream) {
                inner = look.get(FilterInputStream.class, "in", inner);
            } else {
                return;
            }
        }
    }

    /**
     * {@return whether the whole is surely the bundle's} It is where a print stream of the JDK's alone, buffered or not, is around
     * something that can't have been the standard stream itself: there is no other that anybody could have wrapped.
     *
     * @param plain whether what is around it is such a print stream, with such a buffer
     */
    private static boolean isPartOf(Object stream, Object inner, boolean plain) {
        return plain && stream instanceof PrintStream && !(inner instanceof PrintStream);
    }

    private static void properties(Look look, Properties properties) {
        if (look.owns(properties)) {
            look.found(Kind.JVM_DEFAULT, "System.getProperties(), " + Wording.aType(properties), REMEDY);
            return;
        }
        for (Map.Entry<Object, Object> entry : properties.entrySet()) {
            Object key = entry.getKey();
            Object value = entry.getValue();
            if (look.owns(key)) {
                // To take it away, its hash would be asked for.
                look.found(Kind.JVM_DEFAULT, "a system property whose key is " + Wording.aType(key), REMEDY);
            } else if (look.owns(value) && key instanceof String name) {
                String what = "system property \"" + name + "\", whose value is " + Wording.aType(value);
                look.found(Kind.JVM_DEFAULT, what, "remove the property when you stop; properties are texts", () -> {
                    properties.computeIfPresent(name, (same, now) -> now == value ? null : now);
                    return "removed " + what;
                });
            }
        }
    }
}
