package dev.sluice.unload.culprit.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A class loader as a bundle has one, with classes compiled from the text of a test. */
final class FixtureLoader extends ClassLoader {

    private final Map<String, byte[]> classes;

    private FixtureLoader(Map<String, byte[]> classes) {
        super(FixtureLoader.class.getClassLoader());
        this.classes = classes;
    }

    /** {@return a class loader with the class {@code acme.Fixture}} */
    static FixtureLoader of(String body) {
        return new FixtureLoader(compiled("package acme; public class Fixture {" + body + "}"));
    }

    /** Calls a static method of {@code acme.Fixture} that has no parameters, or one. */
    void call(String method, Object... arguments) throws Exception {
        for (var one : loadClass("acme.Fixture").getMethods()) {
            if (one.getName().equals(method)) {
                one.invoke(null, arguments);
                return;
            }
        }
        throw new NoSuchMethodException(method);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    /** {@return whether it is collected before the time is over} */
    static boolean isCollected(WeakReference<?> reference, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        do {
            System.gc();
        } while (reference.get() != null && System.nanoTime() < end);
        return reference.get() == null;
    }

    private static Map<String, byte[]> compiled(String source) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> out = new HashMap<>();
        var unit = new SimpleJavaFileObject(URI.create("string:///acme/Fixture.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignore) {
                return source;
            }
        };
        try (var files =
                new ForwardingJavaFileManager<JavaFileManager>(compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
                        return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                            @Override
                            public OutputStream openOutputStream() {
                                return out.computeIfAbsent(name, any -> new ByteArrayOutputStream());
                            }
                        };
                    }
                }) {
            List<String> options = List.of("-classpath", System.getProperty("java.class.path"), "-Xlint:none");
            if (!compiler.getTask(null, files, null, options, null, List.of(unit))
                    .call()) {
                throw new IllegalArgumentException("doesn't compile: " + source);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Map<String, byte[]> classes = new HashMap<>();
        out.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }
}
