package dev.sluice.heap;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import shark.DualSourceProvider;
import shark.HprofHeader;
import shark.HprofRecord.LoadClassRecord;
import shark.HprofRecord.StackFrameRecord;
import shark.HprofRecord.StackTraceRecord;
import shark.HprofRecord.StringRecord;
import shark.HprofRecordTag;
import shark.StreamingHprofReader;

/**
 * The methods on the threads' stacks. Shark's index has none of them, so the dump is read again, once, and only if a path starts on
 * a stack.
 */
final class Frames {

    private final DualSourceProvider source;
    private final HprofHeader header;
    private final Map<Integer, long[]> traces = new HashMap<>();
    private final Map<Long, StackFrameRecord> frames = new HashMap<>();
    private final Map<Integer, Long> classes = new HashMap<>();
    private final Map<Integer, Map<Long, String>> strings = new HashMap<>();
    private boolean read;

    Frames(DualSourceProvider source, HprofHeader header) {
        this.source = source;
        this.header = header;
    }

    /** {@return class, method and line of a frame, as a stack trace gives them; empty if the dump hasn't got it} */
    Optional<String> name(int trace, int number) {
        read();
        long[] ids = traces.get(trace);
        if (ids == null || number < 0 || number >= ids.length) {
            return Optional.empty();
        }
        strings.computeIfAbsent(trace, of -> strings(ids));
        return Optional.ofNullable(frames.get(ids[number])).map(frame -> name(frame, strings.get(trace)));
    }

    private String name(StackFrameRecord frame, Map<Long, String> texts) {
        String line = frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "";
        return texts.getOrDefault(type(frame), "?").replace('/', '.') + "."
                + texts.getOrDefault(frame.getMethodNameStringId(), "?") + "("
                + texts.getOrDefault(file(frame), "source unknown") + line + ")";
    }

    private long type(StackFrameRecord frame) {
        return classes.getOrDefault(frame.getClassSerialNumber(), 0L);
    }

    private static long file(StackFrameRecord frame) {
        return frame.getSourceFileNameStringId();
    }

    private void read() {
        if (read) {
            return;
        }
        read = true;
        reader().readRecords(
                        EnumSet.of(HprofRecordTag.STACK_TRACE, HprofRecordTag.STACK_FRAME, HprofRecordTag.LOAD_CLASS),
                        (tag, length, record) -> {
                            switch (tag) {
                                case STACK_TRACE -> {
                                    StackTraceRecord trace = record.readStackTraceRecord();
                                    traces.put(trace.getStackTraceSerialNumber(), trace.getStackFrameIds());
                                }
                                case STACK_FRAME -> {
                                    StackFrameRecord frame = record.readStackFrameRecord();
                                    frames.put(frame.getId(), frame);
                                }
                                default -> {
                                    LoadClassRecord loaded = record.readLoadClassRecord();
                                    classes.put(loaded.getClassSerialNumber(), loaded.getClassNameStringId());
                                }
                            }
                        });
    }

    /** {@return the texts that the frames of a stack are named with} */
    private Map<Long, String> strings(long[] stack) {
        Map<Long, String> texts = new HashMap<>();
        for (long id : stack) {
            StackFrameRecord frame = frames.get(id);
            if (frame != null) {
                texts.put(type(frame), "?");
                texts.put(frame.getMethodNameStringId(), "?");
                texts.put(file(frame), "source unknown");
            }
        }
        reader().readRecords(EnumSet.of(HprofRecordTag.STRING_IN_UTF8), (tag, length, record) -> {
            StringRecord string = record.readStringRecord(length);
            texts.computeIfPresent(string.getId(), (id, unknown) -> string.getString());
        });
        return texts;
    }

    private StreamingHprofReader reader() {
        return StreamingHprofReader.Companion.readerFor(source, header);
    }
}
