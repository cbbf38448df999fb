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

/**
 * Reads JSON as it stands: a key that is there twice is a fault, and doesn't count by chance. Values are texts, maps and lists;
 * of all others only what they are is known.
 */
final class Json {

    /** Deeper than any release needs, and not so deep that reading it hurts. */
    private static final int MOST_LEVELS = 8;

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
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("there is more after its end");
            }
            return value;
        } catch (EOFException e) {
            throw new IOException("it ends early", e);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
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
