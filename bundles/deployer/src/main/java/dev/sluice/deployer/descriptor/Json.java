package dev.sluice.deployer.descriptor;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON as it stands: a key that is there twice is a fault, and doesn't count by chance. Values are texts, maps and lists;
 * of all others only what they are is known.
 */
final class Json {

    /** Deeper than any release needs, and not so deep that reading it hurts. */
    private static final int MOST_LEVELS = 8;

    private static final Pattern PLACE = Pattern.compile(" at line (\\d+) column (\\d+)");

    /** What the parser's messages begin with. */
    private static final Map<String, String> WORDS = Map.of(
            "Unterminated string", "a text has no quotation mark at its end",
            "Unterminated object", "a comma or the } at the end of an object is missing",
            "Unterminated array", "a comma or the ] at the end of a list is missing",
            "Expected ':'", "the colon after a name is missing",
            "Expected name", "a name in double quotation marks is missing; after the last one there is no comma",
            "Expected value", "a value is missing",
            "Unterminated escape", "after a backslash there is something that can't be there",
            "Invalid escape", "after a backslash there is something that can't be there",
            "Malformed Unicode", "after \\\\u there must be four hexadecimal digits");

    /** A value that nothing here is meant to have. */
    record Other(String what) {}

    private final JsonReader reader;
    private final Consumer<String> faults;
    private int level;

    private Json(JsonReader reader, Consumer<String> faults) {
        this.reader = reader;
        this.faults = faults;
    }

    /**
     * {@return what a text says}
     *
     * @throws IOException if it isn't JSON; the message says where
     */
    static Object read(String text, Consumer<String> faults) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            Object value = new Json(reader, faults).value("");
            end(reader);
            return value;
        } catch (EOFException e) {
            throw new IOException("it ends early", e);
        } catch (MalformedJsonException | IllegalStateException e) {
            throw new IOException(inOwnWords(String.valueOf(e.getMessage())), e);
        }
    }

    private static void end(JsonReader reader) throws IOException {
        boolean isMore;
        try {
            isMore = reader.peek() != JsonToken.END_DOCUMENT;
        } catch (MalformedJsonException e) {
            isMore = true;
        }
        if (isMore) {
            throw new IOException("there is more after its end");
        }
    }

    /** {@return what is wrong, and where} The parser's own message is for those who program it. */
    private static String inOwnWords(String message) {
        Matcher place = PLACE.matcher(message);
        String where = place.find() ? "line " + place.group(1) + ", column " + place.group(2) + ": " : "";
        return where
                + WORDS.entrySet().stream()
                        .filter(words -> message.startsWith(words.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("something stands there that JSON doesn't have: names and texts are in double quotation"
                                + " marks, there is no comma after the last of them, and there are no comments");
    }

    private Object value(String at) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(at);
            case BEGIN_ARRAY -> array(at);
            case STRING -> reader.nextString();
            case NUMBER -> new Other("the number " + reader.nextString());
            case BOOLEAN -> new Other(String.valueOf(reader.nextBoolean()));
            default -> {
                reader.nextNull();
                yield new Other("null");
            }
        };
    }

    private Map<String, Object> object(String at) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        deeper();
        reader.beginObject();
        while (reader.hasNext()) {
            String key = reader.nextName();
            if (object.put(key, value(at.isEmpty() ? key : at + "." + key)) != null) {
                faults.accept("\"" + key + "\" is there twice" + (at.isEmpty() ? "" : " in " + at));
            }
        }
        reader.endObject();
        level--;
        return object;
    }

    private List<Object> array(String at) throws IOException {
        List<Object> array = new ArrayList<>();
        deeper();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value(at + "[" + array.size() + "]"));
        }
        reader.endArray();
        level--;
        return array;
    }

    private void deeper() throws IOException {
        level++;
        if (level > MOST_LEVELS) {
            throw new IOException("it is nested more than " + MOST_LEVELS + " levels deep");
        }
    }

    /** {@return what a value is, for a reader} */
    static String kind(Object value) {
        if (value instanceof Other other) {
            return other.what();
        }
        return value instanceof Map ? "an object" : value instanceof List ? "a list" : "the text \"" + value + "\"";
    }
}
