package dev.sluice.deployer.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A bundle made of source text and a manifest written by hand: what an author without any tool would pack. */
public final class BundleJar {

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> resources = new LinkedHashMap<>();
    private final Map<String, byte[]> classes = new LinkedHashMap<>();

    public BundleJar(String symbolicName, String version) {
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", symbolicName);
        headers.put("Bundle-Version", version);
        headers.put("Import-Package", "org.osgi.framework,dev.sluice.middleware,jakarta.servlet,jakarta.servlet.http");
    }

    public BundleJar header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public BundleJar imports(String packages) {
        return header("Import-Package", headers.get("Import-Package") + "," + packages);
    }

    public BundleJar resource(String name, String text) {
        resources.put(name, text);
        return this;
    }

    public BundleJar source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /** Classes that sources refer to, and that come from another bundle. */
    public BundleJar compiledAgainst(BundleJar other) {
        classes.putAll(other.compile());
        return this;
    }

    /** Declares a middleware in the manifest. */
    public BundleJar declares(String name) {
        String capability = "dev.sluice.middleware;dev.sluice.middleware=" + name + ";name=" + name
                + ";paths:List<String>=\"/*\";component=" + name;
        return header("Provide-Capability", capability);
    }

    /** An activator whose start and stop have these bodies; {@code register("name")} registers a middleware. */
    public BundleJar activator(String start, String stop) {
        header("Bundle-Activator", "a.Activator");
        return source(
                "a.Activator",
                """
                package a;
                import org.osgi.framework.*;
                import dev.sluice.middleware.*;
                import java.util.*;
                public class Activator implements BundleActivator {
                    BundleContext context;
                    void register(String name) {
                        Hashtable<String, Object> properties = new Hashtable<>();
                        properties.put("middleware.name", name);
                        Middleware middleware = (request, response, next) -> next.proceed(request, response);
                        context.registerService(Middleware.class, middleware, properties);
                    }
                    public void start(BundleContext context) throws Exception { this.context = context; %s }
                    public void stop(BundleContext context) throws Exception { %s }
                }
                """
                        .formatted(start, stop));
    }

    /** {@return a bundle whose activator registers one middleware} */
    public static BundleJar middleware(String symbolicName, String version, String name) {
        return new BundleJar(symbolicName, version).activator("register(\"%s\");".formatted(name), "");
    }

    /** Writes it, whole and at once, as a careful author's build does. */
    public Path writeTo(Path file) {
        Path partial = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(partial)) {
                write(out);
            }
            return Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(OutputStream out) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        Map<String, byte[]> foreign = Map.copyOf(classes);
        try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> one : compile().entrySet()) {
                if (!foreign.containsKey(one.getKey())) {
                    put(jar, one.getKey().replace('.', '/') + ".class", one.getValue());
                }
            }
            for (Map.Entry<String, String> one : resources.entrySet()) {
                put(jar, one.getKey(), one.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }

    private Map<String, byte[]> compile() {
        if (sources.isEmpty()) {
            return classes;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> compiled = new LinkedHashMap<>();
        try (JavaFileManager files = new InMemory(compiler, compiled, classes)) {
            boolean good = compiler.getTask(
                            null,
                            files,
                            null,
                            List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "--release", "17"),
                            null,
                            sources.entrySet().stream()
                                    .map(source -> new Source(source.getKey(), source.getValue()))
                                    .toList())
                    .call();
            if (!good) {
                throw new IllegalArgumentException("the sources don't compile: " + sources);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, byte[]> all = new LinkedHashMap<>(classes);
        compiled.forEach((name, bytes) -> all.put(name, bytes.toByteArray()));
        return all;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Compiled extends SimpleJavaFileObject {
        private final byte[] bytes;
        private final String name;

        Compiled(String name, byte[] bytes) {
            super(URI.create("mem:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public java.io.InputStream openInputStream() {
            return new java.io.ByteArrayInputStream(bytes);
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> compiled;
        private final Map<String, byte[]> known;

        InMemory(JavaCompiler compiler, Map<String, ByteArrayOutputStream> compiled, Map<String, byte[]> known) {
            super(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8));
            this.compiled = compiled;
            this.known = known;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return compiled.computeIfAbsent(className, name -> new ByteArrayOutputStream());
                }
            };
        }

        @Override
        public Iterable<JavaFileObject> list(
                Location location, String packageName, java.util.Set<JavaFileObject.Kind> kinds, boolean recurse)
                throws IOException {
            List<JavaFileObject> files = new java.util.ArrayList<>();
            super.list(location, packageName, kinds, recurse).forEach(files::add);
            if (location == javax.tools.StandardLocation.CLASS_PATH) {
                known.forEach((name, bytes) -> {
                    if (name.startsWith(packageName + ".")) {
                        files.add(new Compiled(name, bytes));
                    }
                });
            }
            return files;
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Compiled one ? one.name : super.inferBinaryName(location, file);
        }
    }
}
