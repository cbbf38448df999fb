package dev.sluice.unload.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A class loader as a bundle has one, with classes compiled from the text of a test. */
public class CompiledLoader extends ClassLoader {

    private final Map<String, byte[]> classes;

    /** @param classes the class files, by the names of the classes */
    public CompiledLoader(Map<String, byte[]> classes) {
        super(CompiledLoader.class.getClassLoader());
        this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    /** {@return the class files of a class and those within it, by the names of the classes} */
    public static Map<String, byte[]> compile(String name, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> out = new HashMap<>();
        try (JavaFileManager files = new InMemory(compiler.getStandardFileManager(null, null, null), out)) {
            List<String> options =
                    List.of("--release", "17", "-classpath", System.getProperty("java.class.path"), "-Xlint:none");
            if (!compiler.getTask(null, files, null, options, null, List.of(new Source(name, source)))
                    .call()) {
                throw new IllegalArgumentException("doesn't compile: " + source);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Map<String, byte[]> classes = new HashMap<>();
        out.forEach((each, bytes) -> classes.put(each, bytes.toByteArray()));
        return classes;
    }

    private static URI uri(String name, JavaFileObject.Kind kind) {
        return URI.create("memory:///" + name.replace('.', '/') + kind.extension);
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(uri(name, Kind.SOURCE), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> out;

        InMemory(JavaFileManager standard, Map<String, ByteArrayOutputStream> out) {
            super(standard);
            this.out = out;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(uri(name, kind), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return out.computeIfAbsent(name, any -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
