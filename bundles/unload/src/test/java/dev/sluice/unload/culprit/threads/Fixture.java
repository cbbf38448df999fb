package dev.sluice.unload.culprit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A bundle in small: a class loader of its own with the class {@code acme.Leaks}, compiled for the tests. */
final class Fixture {

    private static final Map<String, byte[]> CLASSES = compile();

    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final WeakReference<ClassLoader> watched;
    private ClassLoader loader;

    Fixture() {
        this.loader = new Loader();
        this.watched = new WeakReference<>(loader, collected);
    }

    /** Calls a method of {@code acme.Leaks}, as others call a bundle. */
    Object call(String method, Object argument) {
        try {
            return Class.forName("acme.Leaks", true, loader)
                    .getMethod(method, Object.class)
                    .invoke(null, argument);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    ClassLoader loader() {
        return loader;
    }

    List<Finding> found(Search search) throws UnseenException {
        return search.search(new Suspect(loader, "acme 1.0.0"));
    }

    /** {@return what the findings say} */
    List<String> said(Search search) throws UnseenException {
        return found(search).stream().map(finding -> finding.culprit().what()).toList();
    }

    /** Cleans up all that may be. */
    List<String> clean(Search search) throws Exception {
        List<String> done = new java.util.ArrayList<>();
        for (Finding finding : found(search)) {
            if (finding.cleaning().isPresent()) {
                done.add(finding.cleaning().get().clean());
            }
        }
        return done;
    }

    /** Lets go of the class loader, and tells whether it is collected within the time. */
    boolean goesWithin(int seconds) throws InterruptedException {
        loader = null;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - end < 0) {
            System.gc();
            if (collected.remove(50) != null) {
                return true;
            }
        }
        return watched.get() == null;
    }

    void isCollected() throws InterruptedException {
        assertThat(goesWithin(10)).as("collected").isTrue();
    }

    private static final class Loader extends ClassLoader {

        Loader() {
            super(Fixture.class.getClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = CLASSES.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private static Map<String, byte[]> compile() {
        Map<String, ByteArrayOutputStream> out = new HashMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileManager files =
                new ForwardingJavaFileManager<JavaFileManager>(compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                        return new SimpleJavaFileObject(
                                URI.create("mem:///" + name.replace('.', '/') + ".class"), kind) {
                            @Override
                            public OutputStream openOutputStream() {
                                return out.computeIfAbsent(name, any -> new ByteArrayOutputStream());
                            }
                        };
                    }
                };
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("mem:///acme/Leaks.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return Leaks.SOURCE;
                    }
                };
        assertThat(compiler.getTask(null, files, null, List.of("--release", "17"), null, List.of(source))
                        .call())
                .isTrue();
        Map<String, byte[]> classes = new HashMap<>();
        out.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }
}
