package dev.sluice.heap;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
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
        return Optional.ofNullable(frames.get(ids[number])).map(this::name);
    }

    private String name(StackFrameRecord frame) {
        long type = classes.getOrDefault(frame.getClassSerialNumber(), 0L);
        Set<Long> wanted = Set.copyOf(java.util.List.of(type, frame.getMethodNameStringId(), file(frame)));
        Map<Long, String> strings = strings(wanted::contains);
        String line = frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "";
        return strings.getOrDefault(type, "?").replace('/', '.') + "."
                + strings.getOrDefault(frame.getMethodNameStringId(), "?") + "("
                + strings.getOrDefault(file(frame), "source unknown") + line + ")";
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

    private Map<Long, String> strings(LongPredicate wanted) {
        Map<Long, String> strings = new HashMap<>();
        reader().readRecords(EnumSet.of(HprofRecordTag.STRING_IN_UTF8), (tag, length, record) -> {
            StringRecord string = record.readStringRecord(length);
            if (wanted.test(string.getId())) {
                strings.put(string.getId(), string.getString());
            }
        });
        return strings;
    }

    private StreamingHprofReader reader() {
        return StreamingHprofReader.Companion.readerFor(source, header);
    }
}
