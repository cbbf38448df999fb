package dev.sluice.deployer.ledger;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A record as one line of text: the checksum of its JSON in eight hexadecimal digits, a space, the JSON, a newline. */
final class RecordLine {

    private static final String TYPE = "type";
    private static final String PUBLISHED = "published";
    private static final String DECIDED = "decided";
    private static final String RESERVED = "reserved";
    private static final String OPENED = "opened";
    private static final String PAST = "past";
    private static final String CONTENTS = "contents";
    private static final String HIGHEST = "highest";
    private static final String ROLLOUT = "rollout";
    private static final String ROLLOUT_OVER = "rollout over";
    private static final String WITNESSED = "witnessed";
    private static final String SUPERSEDED = "superseded";
    private static final int CHECKSUM_LENGTH = 8;

    private static final Gson GSON = new GsonBuilder()
            .registerTypeAdapter(Instant.class, new InstantText().nullSafe())
            .registerTypeAdapterFactory(new OptionalOrNothing())
            .disableHtmlEscaping()
            .create();

    private RecordLine() {}

    /** What a line turned out to be. */
    sealed interface Read {
        record Known(LedgerRecord record) implements Read {}

        record Unknown(String what) implements Read {}

        record Damaged(String what) implements Read {}
    }

    static byte[] write(LedgerRecord record) {
        JsonObject json = GSON.toJsonTree(record).getAsJsonObject();
        json.addProperty(TYPE, type(record));
        String text = GSON.toJson(json);
        return (checksum(text.getBytes(StandardCharsets.UTF_8)) + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String type(LedgerRecord record) {
        if (record instanceof LedgerRecord.Published) {
            return PUBLISHED;
        }
        if (record instanceof LedgerRecord.Decided) {
            return DECIDED;
        }
        if (record instanceof LedgerRecord.Past) {
            return PAST;
        }
        if (record instanceof LedgerRecord.Contents) {
            return CONTENTS;
        }
        if (record instanceof LedgerRecord.Highest) {
            return HIGHEST;
        }
        if (record instanceof LedgerRecord.RollingOut) {
            return ROLLOUT;
        }
        if (record instanceof LedgerRecord.RolloutOver) {
            return ROLLOUT_OVER;
        }
        if (record instanceof LedgerRecord.Witnessed) {
            return WITNESSED;
        }
        if (record instanceof LedgerRecord.Superseded) {
            return SUPERSEDED;
        }
        return record instanceof LedgerRecord.Reserved ? RESERVED : OPENED;
    }

    /** @param line the line without its newline */
    static Read read(byte[] line) {
        if (line.length <= CHECKSUM_LENGTH || line[CHECKSUM_LENGTH] != ' ') {
            return new Read.Damaged("it has no checksum");
        }
        byte[] json = new byte[line.length - CHECKSUM_LENGTH - 1];
        System.arraycopy(line, CHECKSUM_LENGTH + 1, json, 0, json.length);
        if (!new String(line, 0, CHECKSUM_LENGTH, StandardCharsets.US_ASCII).equals(checksum(json))) {
            return new Read.Damaged("its checksum is wrong");
        }
        try {
            return parse(new String(json, StandardCharsets.UTF_8));
        } catch (JsonParseException | IllegalStateException | NullPointerException | UnsupportedOperationException e) {
            // The checksum is right, so whoever wrote it meant it: another version of this container.
            return new Read.Unknown("it can't be understood (" + e.getMessage() + ")");
        }
    }

    private static Read parse(String json) {
        JsonObject object = JsonParser.parseString(json).getAsJsonObject();
        JsonElement element = object.get(TYPE);
        String type = element == null ? "none" : element.getAsString();
        return switch (type) {
            case PUBLISHED -> new Read.Known(GSON.fromJson(object, LedgerRecord.Published.class));
            case DECIDED -> {
                LedgerRecord.Decided decided = GSON.fromJson(object, LedgerRecord.Decided.class);
                yield decided.file() == null || decided.sha256() == null || decided.decision() == null
                        ? new Read.Unknown("its decision isn't one that this version knows")
                        : new Read.Known(decided);
            }
            case RESERVED -> new Read.Known(GSON.fromJson(object, LedgerRecord.Reserved.class));
            case HIGHEST -> new Read.Known(GSON.fromJson(object, LedgerRecord.Highest.class));
            case OPENED -> new Read.Known(GSON.fromJson(object, LedgerRecord.Opened.class));
            case PAST -> new Read.Known(GSON.fromJson(object, LedgerRecord.Past.class));
            case ROLLOUT -> rollout(GSON.fromJson(object, LedgerRecord.RollingOut.class));
            case ROLLOUT_OVER -> new Read.Known(GSON.fromJson(object, LedgerRecord.RolloutOver.class));
            case WITNESSED -> witnessed(GSON.fromJson(object, LedgerRecord.Witnessed.class));
            case SUPERSEDED -> new Read.Known(GSON.fromJson(object, LedgerRecord.Superseded.class));
            case CONTENTS -> new Read.Known(GSON.fromJson(object, LedgerRecord.Contents.class));
            default -> new Read.Unknown("its type is '" + type + "'");
        };
    }

    private static Read rollout(LedgerRecord.RollingOut rollout) {
        boolean isWhole = rollout.progress() != null
                && rollout.progress().state() != null
                && rollout.file() != null
                && rollout.besideFile() != null;
        return isWhole
                ? new Read.Known(rollout)
                : new Read.Unknown("its rollout isn't in a state that this version knows");
    }

    private static Read witnessed(LedgerRecord.Witnessed witnessed) {
        Released released = witnessed.released();
        return released == null || released.file() == null || released.sha256() == null
                ? new Read.Unknown("it doesn't say what its verdict is about")
                : new Read.Known(witnessed);
    }

    private static String checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static final class InstantText extends TypeAdapter<Instant> {
        @Override
        public void write(JsonWriter out, Instant value) throws IOException {
            out.value(value.toString());
        }

        @Override
        public Instant read(JsonReader in) throws IOException {
            try {
                return Instant.parse(in.nextString());
            } catch (DateTimeException e) {
                throw new JsonParseException(e.getMessage(), e);
            }
        }
    }

    /** What is empty isn't written, and what isn't there is empty. */
    private static final class OptionalOrNothing implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked")
        public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            if (type.getRawType() != Optional.class) {
                return null;
            }
            Type content = ((ParameterizedType) type.getType()).getActualTypeArguments()[0];
            return (TypeAdapter<T>) new OptionalAdapter<>(gson.getAdapter(TypeToken.get(content)));
        }
    }

    private static final class OptionalAdapter<V> extends TypeAdapter<Optional<V>> {
        private final TypeAdapter<V> content;

        OptionalAdapter(TypeAdapter<V> content) {
            this.content = content;
        }

        @Override
        public void write(JsonWriter out, Optional<V> value) throws IOException {
            if (value.isPresent()) {
                content.write(out, value.get());
            } else {
                out.nullValue();
            }
        }

        @Override
        public Optional<V> read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return Optional.empty();
            }
            return Optional.ofNullable(content.read(in));
        }
    }
}
