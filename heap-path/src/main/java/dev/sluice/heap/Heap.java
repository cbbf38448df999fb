package dev.sluice.heap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import shark.HeapField;
import shark.HeapGraph;
import shark.HeapObject;
import shark.HeapObject.HeapClass;
import shark.HeapObject.HeapInstance;
import shark.HeapObject.HeapObjectArray;
import shark.HeapObject.HeapPrimitiveArray;
import shark.HprofRecord.HeapDumpRecord.ObjectRecord.ClassDumpRecord;
import shark.HprofRecord.HeapDumpRecord.ObjectRecord.PrimitiveArrayDumpRecord.ByteArrayDump;
import shark.ValueHolder;

/**
 * The references of each object in a dump, as the collector follows them: Shark's own reader of references knows fields and
 * elements alone, but what keeps a class loader is mostly an object, by its class. For one thread.
 */
final class Heap {

    /** Of two bytes for each character, or of one: {@code java.lang.String.coder}. */
    private static final byte LATIN_1 = 0;

    private static final int NONE = 0;

    /** Not an index. */
    static final int NOWHERE = -1;

    /** Gets the references of an object. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Gets one.
         *
         * @param target the id of what is referred to; never 0
         * @param link how
         * @param name the field's name, where there is one
         * @param index the element's index, where there is one
         */
        void visit(long target, Link link, String name, int index);
    }

    private final HeapGraph graph;
    private final Map<Long, Layout> strong = new HashMap<>();
    private final Map<Long, Layout> soft = new HashMap<>();
    private final Map<Long, Long> loaders = new HashMap<>();

    Heap(HeapGraph graph) {
        this.graph = graph;
    }

    HeapGraph graph() {
        return graph;
    }

    /** {@return how many objects there are that can refer to others: each has an index below} */
    int size() {
        return graph.getClassCount() + graph.getInstanceCount() + graph.getObjectArrayCount();
    }

    /**
     * {@return the index of an object; -1 for an array of numbers, which refers to nothing, and for what isn't in the dump}
     *
     * @param id the object's id
     */
    int index(long id) {
        HeapObject object = graph.findObjectByIdOrNull(id);
        // Shark 2.14 miscounts these: their indices may lie behind the end.
        return object == null || object instanceof HeapPrimitiveArray ? NOWHERE : object.getObjectIndex();
    }

    /** {@return the object of an index} */
    HeapObject at(int index) {
        // Shark 2.14 refuses to look up the first.
        return index == 0 ? graph.getClasses().iterator().next() : graph.findObjectByIndex(index);
    }

    /**
     * Visits what an object refers to.
     *
     * @param object the object
     * @param withSoft whether soft references count as well, and objects that wait to be finalized
     * @param visitor gets each reference
     */
    void references(HeapObject object, boolean withSoft, Visitor visitor) {
        if (object instanceof HeapInstance instance) {
            visitor.visit(instance.getInstanceClassId(), Link.CLASS, null, NONE);
            fields(instance, withSoft, visitor);
        } else if (object instanceof HeapObjectArray array) {
            visitor.visit(array.getArrayClassId(), Link.CLASS, null, NONE);
            long[] elements = array.readRecord().getElementIds();
            for (int i = 0; i < elements.length; i++) {
                if (elements[i] != ValueHolder.NULL_REFERENCE) {
                    visitor.visit(elements[i], Link.ELEMENT, null, i);
                }
            }
        } else if (object instanceof HeapClass type) {
            ofClass(type, visitor);
        }
    }

    private void fields(HeapInstance instance, boolean withSoft, Visitor visitor) {
        boolean counts = withSoft && isSoft(instance);
        Layout layout = (counts ? soft : strong)
                .computeIfAbsent(
                        instance.getInstanceClassId(),
                        id -> Layout.of(instance.getInstanceClass(), graph.getIdentifierByteSize(), counts));
        if (layout.offsets().length == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(instance.readRecord().getFieldValues());
        for (int i = 0; i < layout.offsets().length; i++) {
            long target = id(bytes, layout.offsets()[i]);
            if (target != ValueHolder.NULL_REFERENCE) {
                visitor.visit(target, Link.FIELD, layout.names()[i], NONE);
            }
        }
    }

    private long id(ByteBuffer bytes, int offset) {
        // Shark widens an id of four bytes with its sign; so must we, to find it.
        return graph.getIdentifierByteSize() == Integer.BYTES ? bytes.getInt(offset) : bytes.getLong(offset);
    }

    private static boolean isSoft(HeapInstance instance) {
        return instance.instanceOf("java.lang.ref.SoftReference")
                || instance.instanceOf("java.lang.ref.FinalReference");
    }

    private void ofClass(HeapClass type, Visitor visitor) {
        for (Iterator<HeapField> statics = type.readStaticFields().iterator(); statics.hasNext(); ) {
            HeapField field = statics.next();
            if (field.getValue().isNonNullReference()) {
                visitor.visit(field.getValue().getAsNonNullObjectId(), Link.STATIC, field.getName(), NONE);
            }
        }
        ClassDumpRecord dumped = type.readRecord();
        visit(dumped.getClassLoaderId(), Link.LOADER, null, visitor);
        visit(dumped.getSuperclassId(), Link.SUPERCLASS, null, visitor);
        visit(dumped.getProtectionDomainId(), Link.BELONGINGS, "protection domain", visitor);
        visit(dumped.getSignersId(), Link.BELONGINGS, "signers", visitor);
    }

    private static void visit(long target, Link link, String name, Visitor visitor) {
        if (target != ValueHolder.NULL_REFERENCE) {
            visitor.visit(target, link, name, NONE);
        }
    }

    /** {@return the id of the class loader of an object's class, or of a class; 0 for the JVM's own} */
    long loader(HeapObject object) {
        if (object instanceof HeapClass type) {
            return loaders.computeIfAbsent(
                    type.getObjectId(), id -> type.readRecord().getClassLoaderId());
        }
        if (object instanceof HeapInstance instance) {
            return loaders.computeIfAbsent(
                    instance.getInstanceClassId(),
                    id -> instance.getInstanceClass().readRecord().getClassLoaderId());
        }
        return object instanceof HeapObjectArray array ? loader(array.getArrayClass()) : ValueHolder.NULL_REFERENCE;
    }

    /** {@return what an object's field refers to, by the name of the class that declares it} */
    static Optional<HeapInstance> field(HeapInstance instance, String declaring, String name) {
        return Optional.ofNullable(instance.readField(declaring, name))
                .map(field -> field.getValue().getAsObject())
                .map(HeapObject::getAsInstance);
    }

    /** {@return the text of a {@code java.lang.String}; empty for anything else} */
    static Optional<String> text(HeapInstance instance) {
        HeapField value = instance.readField("java.lang.String", "value");
        HeapField coder = instance.readField("java.lang.String", "coder");
        HeapObject bytes = value == null ? null : value.getValue().getAsObject();
        if (bytes == null
                || coder == null
                || !(bytes.getAsPrimitiveArray().readRecord() instanceof ByteArrayDump content)) {
            return Optional.empty();
        }
        Byte coded = coder.getValue().getAsByte();
        return Optional.of(new String(
                content.getArray(),
                coded != null && coded == LATIN_1
                        ? StandardCharsets.ISO_8859_1
                        // As the machine has it on which we run, and so has it the one that was dumped.
                        : java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN
                                ? StandardCharsets.UTF_16BE
                                : StandardCharsets.UTF_16LE));
    }
}
