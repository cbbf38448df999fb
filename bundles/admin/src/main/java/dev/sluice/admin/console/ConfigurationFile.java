package dev.sluice.admin.console;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.felix.utils.properties.InterpolationHelper;
import org.apache.felix.utils.properties.TypedProperties;
import org.osgi.framework.BundleContext;

/**
 * A file in {@code conf/}, read and written as File Install does it: with its comments and types, and with {@code ${...}}
 * replaced by properties of the framework and variables of the environment.
 *
 * @param path where it lies
 * @param context what knows the framework's properties
 */
record ConfigurationFile(Path path, BundleContext context) {

    /** In every configuration from a file, and in no file. */
    private static final Set<String> ADDED = Set.of("service.pid", "service.factorypid", "felix.fileinstall.filename");

    /**
     * {@return whether it says what a configuration says: no edit of it waits for being taken up}
     *
     * @throws IOException if it can't be read
     */
    boolean says(Dictionary<String, Object> configuration) throws IOException {
        Map<String, Object> inFile = new TreeMap<>();
        read().forEach((key, value) -> inFile.put(key.toLowerCase(Locale.ROOT), comparable(value)));
        inFile.keySet().removeAll(ADDED);
        Map<String, Object> inForce = new TreeMap<>();
        for (String key : Collections.list(configuration.keys())) {
            inForce.put(key.toLowerCase(Locale.ROOT), comparable(configuration.get(key)));
        }
        inForce.keySet().removeAll(ADDED);
        return inFile.equals(inForce);
    }

    /**
     * Makes it say what a configuration is going to say, in one step: whoever reads it finds the old content or the new.
     *
     * @throws IOException if it can't be read or written; it is as it was then
     */
    void write(Dictionary<String, Object> configuration) throws IOException {
        TypedProperties content = read();
        List<String> toRemove = content.keySet().stream()
                .filter(key -> configuration.get(key) == null && !ADDED.contains(key.toLowerCase(Locale.ROOT)))
                .toList();
        for (String key : Collections.list(configuration.keys())) {
            Object value = configuration.get(key);
            // What stays as it is keeps its line, with what is to be replaced in it.
            if (!ADDED.contains(key.toLowerCase(Locale.ROOT))
                    && !comparable(value).equals(comparable(content.get(key)))) {
                content.put(key, value);
            }
        }
        toRemove.forEach(content::remove);
        StringWriter text = new StringWriter();
        content.save(text);
        replace(text.toString());
    }

    private void replace(String text) throws IOException {
        // The file that a link leads to, not the link.
        Path target = path.toRealPath();
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        try {
            // With the permissions of the file.
            Files.copy(target, temporary, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            try (FileChannel out =
                    FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private TypedProperties read() throws IOException {
        InterpolationHelper.SubstitutionCallback properties =
                new InterpolationHelper.BundleContextSubstitutionCallback(context);
        TypedProperties content = new TypedProperties((name, key, value) -> properties.getValue(value));
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            content.load(reader);
        }
        return content;
    }

    /** Arrays are equal only to themselves; and what is an array in the one may be a list in the other. */
    private static Object comparable(Object value) {
        if (value instanceof Collection<?> several) {
            return List.copyOf(several);
        }
        if (value == null || !value.getClass().isArray()) {
            return value == null ? List.of() : value;
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            elements.add(Array.get(value, i));
        }
        return elements;
    }
}
