package dev.sluice.admin.console;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.felix.utils.properties.InterpolationHelper;
import org.apache.felix.utils.properties.TypedProperties;
import org.apache.felix.webconsole.spi.ValidationException;
import org.osgi.framework.BundleContext;

/**
 * A file in {@code conf/}, read and written as File Install does it: with its comments and types, and with {@code ${...}}
 * replaced by properties of the framework and variables of the environment.
 *
 * @param path where it lies
 * @param context what knows the framework's properties
 */
record ConfigurationFile(Path path, BundleContext context) {

    private static final UnaryOperator<String> NO_REPLACEMENT = text -> text.replace("${", "$\\{");
    private static final UnaryOperator<String> BACKSLASHES = text -> text.replace("\\", "\\\\");

    /** Which of them a value needs depends on it, and on whether the file has types. */
    private static final List<UnaryOperator<String>> ESCAPES = List.of(
            UnaryOperator.identity(),
            NO_REPLACEMENT,
            BACKSLASHES,
            text -> NO_REPLACEMENT.apply(BACKSLASHES.apply(text)));

    /** In every configuration from a file, and in no file. */
    private static final Set<String> ADDED = Set.of("service.pid", "service.factorypid", "felix.fileinstall.filename");

    /** {@return whether it says what a configuration says: no edit of it waits for being taken up} */
    boolean says(Dictionary<String, Object> configuration) throws IOException {
        return plain(read()).equals(plain(configuration));
    }

    /**
     * Makes it say what a configuration is going to say, in one step: whoever reads it finds the old content or the new.
     *
     * @throws IOException if it can't be read or written; it is as it was then
     * @throws ValidationException if it can't say that; it is as it was then
     */
    void write(Dictionary<String, Object> configuration) throws IOException, ValidationException {
        requireUtf8();
        TypedProperties content = read();
        List<String> toRemove = content.keySet().stream()
                .filter(key -> configuration.get(key) == null && !ADDED.contains(key.toLowerCase(Locale.ROOT)))
                .toList();
        for (String key : Collections.list(configuration.keys())) {
            Object value = configuration.get(key);
            // What stays as it is keeps its line, with what is to be replaced in it.
            if (!ADDED.contains(key.toLowerCase(Locale.ROOT))
                    && !comparable(value).equals(comparable(content.get(key)))) {
                put(content, key, value);
            }
        }
        toRemove.forEach(content::remove);
        String text = text(content);
        // A first list gives quotes and types to all values, and what was written for a plain file may not fit then.
        if (!withoutEmpty(plain(parsed(text))).equals(withoutEmpty(plain(configuration)))) {
            throw new ValidationException(path + " can't keep these values as they are: it would read back others, so"
                    + " nothing was changed. Edit the file itself");
        }
        replace(text);
    }

    /** The first way to write it that reads back as the same: the library that writes doesn't escape all that it reads. */
    private void put(TypedProperties content, String key, Object value) throws IOException, ValidationException {
        for (UnaryOperator<String> escape : ESCAPES) {
            content.put(key, escaped(value, escape));
            if (comparable(value).equals(comparable(parsed(text(content)).get(key)))) {
                return;
            }
        }
        throw new ValidationException(path + " can't keep the value of '" + key
                + "' as it is: it would read back another, so nothing was changed. Leave out blanks at its beginning, and"
                + " brackets and quotes around it; or edit the file itself");
    }

    private static Object escaped(Object value, UnaryOperator<String> escape) {
        if (value instanceof String text) {
            return escape.apply(text);
        }
        if (value instanceof String[] texts) {
            return Stream.of(texts).map(escape).toArray(String[]::new);
        }
        return value instanceof Collection<?> several
                ? several.stream().map(one -> escaped(one, escape)).toList()
                : value;
    }

    private static String text(TypedProperties content) throws IOException {
        StringWriter text = new StringWriter();
        content.save(text);
        return text.toString();
    }

    /** Bytes that no reader understands would be written as question marks. */
    private void requireUtf8() throws IOException, ValidationException {
        try {
            Files.readString(path, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new ValidationException(
                    path + " isn't in UTF-8, and an edit here would damage what isn't, so nothing was"
                            + " changed. Save the file in UTF-8 first, or edit the file itself");
        }
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

    /** What isn't UTF-8 is replaced, and is no reason not to read the rest: so File Install does. */
    private TypedProperties read() throws IOException {
        return parsed(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
    }

    private TypedProperties parsed(String text) throws IOException {
        InterpolationHelper.SubstitutionCallback properties =
                new InterpolationHelper.BundleContextSubstitutionCallback(context);
        TypedProperties content = new TypedProperties((name, key, value) -> properties.getValue(value));
        content.load(new StringReader(text));
        return content;
    }

    private static Map<String, Object> plain(TypedProperties content) {
        Map<String, Object> plain = new TreeMap<>();
        content.forEach((key, value) -> plain.put(key.toLowerCase(Locale.ROOT), comparable(value)));
        plain.keySet().removeAll(ADDED);
        return plain;
    }

    private static Map<String, Object> plain(Dictionary<String, Object> configuration) {
        Map<String, Object> plain = new TreeMap<>();
        for (String key : Collections.list(configuration.keys())) {
            plain.put(key.toLowerCase(Locale.ROOT), comparable(configuration.get(key)));
        }
        plain.keySet().removeAll(ADDED);
        return plain;
    }

    /** No values and no key are the same to whoever asks for them. */
    private static Map<String, Object> withoutEmpty(Map<String, Object> values) {
        values.values().removeIf(List.of()::equals);
        return values;
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
