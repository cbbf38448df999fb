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
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Defaults of the JVM's that a bundle has set: the handler of uncaught exceptions, the standard streams, system properties. */
public final class Defaults implements Search {

    private static final int CHAIN = 8;
    private static final int BUFFER = 8192;
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
                PrintStream.class,
                () -> System.out,
                () -> print(FileDescriptor.out, "stdout.encoding"),
                System::setOut);
        stream(
                look,
                "System.err",
                PrintStream.class,
                () -> System.err,
                () -> print(FileDescriptor.err, "stderr.encoding"),
                System::setErr);
        stream(
                look,
                "System.in",
                InputStream.class,
                () -> System.in,
                () -> new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                System::setIn);
        properties(look, System.getProperties());
        return look.end();
    }

    /** As the JVM makes it at its start: where what was there before the bundle's can't be seen. */
    private static PrintStream print(FileDescriptor descriptor, String property) {
        String encoding = System.getProperty(property, Charset.defaultCharset().name());
        Charset charset = Charset.isSupported(encoding) ? Charset.forName(encoding) : Charset.defaultCharset();
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER), true, charset);
    }

    private static <T> void stream(
            Look look, String name, Class<T> kind, Supplier<T> now, Supplier<T> first, Consumer<T> set) {
        T stream = now.get();
        List<Object> chain = chain(look, stream);
        List<Object> its = chain.stream().filter(look::owns).toList();
        if (its.isEmpty()) {
            return;
        }
        Object outer = its.get(0);
        String type = Wording.type(outer);
        if (outer != stream && !isPartOf(chain.subList(0, chain.indexOf(outer)), outer)) {
            // Others may have put theirs on top since, as the next version does: that would go with it.
            look.found(Kind.JVM_DEFAULT, name + ", by " + type + " within " + Wording.type(stream), REMEDY);
            return;
        }
        // What the bundle has put its own around was there before: the JVM's own, or that of another bundle.
        Optional<T> within = chain.subList(chain.indexOf(its.get(its.size() - 1)) + 1, chain.size()).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
        look.found(Kind.JVM_DEFAULT, name + ", by " + type, REMEDY, () -> {
            // The JVM sets it without a lock and behind a final field, so nobody can compare and set it in one step.
            // The
            // new stream is made before, and what is left are the few instructions between.
            T other = within.orElseGet(first);
            boolean still = now.get() == stream;
            if (still) {
                set.accept(other);
            }
            return (still ? "set back " : "found set anew ") + name + ", which was left with " + type;
        });
    }

    /** {@return a stream, and those that it is around, one within the other, as far as they can be seen} */
    private static List<Object> chain(Look look, Object stream) {
        List<Object> chain = new ArrayList<>();
        for (Object inner = stream; inner != null && chain.size() < CHAIN; ) {
            chain.add(inner);
            inner = inner instanceof FilterOutputStream
                    ? look.get(FilterOutputStream.class, "out", inner)
                    : inner instanceof FilterInputStream ? look.get(FilterInputStream.class, "in", inner) : null;
        }
        return chain;
    }

    /**
     * {@return whether the whole is surely the bundle's} It is where a print stream of the JDK's alone, buffered or not, is around
     * something that can't have been the standard stream itself: there is no other that anybody could have wrapped.
     *
     * @param around what is around it
     */
    private static boolean isPartOf(List<Object> around, Object inner) {
        return around.get(0).getClass() == PrintStream.class
                && around.stream().skip(1).allMatch(one -> one.getClass() == BufferedOutputStream.class)
                && !(inner instanceof PrintStream);
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
