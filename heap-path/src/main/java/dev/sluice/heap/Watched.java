package dev.sluice.heap;

import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import shark.HeapField;
import shark.HeapGraph;
import shark.HeapObject.HeapClass;
import shark.HeapObject.HeapInstance;

/** The class loader in question, as the watched reference with its number names it. */
final class Watched {

    private static final String CLASS = "dev.sluice.unload.witness.Watched";

    private Watched() {}

    /**
     * Finds it.
     *
     * @param graph the dump
     * @param number the unload's number
     * @return the class loader's id, 0 if it had been collected; empty if nothing has this number
     */
    static OptionalLong find(HeapGraph graph, long number) {
        OptionalLong found = OptionalLong.empty();
        // By each class of this name: an earlier one may be there yet if the bundle of the witness was updated.
        for (Iterator<HeapClass> classes = graph.getClasses().iterator(); classes.hasNext(); ) {
            HeapClass type = classes.next();
            if (type.getName().equals(CLASS)) {
                for (Iterator<HeapInstance> all = type.getInstances().iterator(); all.hasNext(); ) {
                    HeapInstance one = all.next();
                    long referent = value(one, "java.lang.ref.Reference", "referent")
                            .map(HeapField::getValue)
                            .map(value -> value.getAsNonNullObjectId())
                            .orElse(0L);
                    boolean isIt = value(one, CLASS, "number")
                            .map(field -> field.getValue().getAsLong())
                            .filter(it -> it == number)
                            .isPresent();
                    if (isIt && (found.isEmpty() || found.getAsLong() == 0)) {
                        found = OptionalLong.of(referent);
                    }
                }
            }
        }
        return found;
    }

    private static Optional<HeapField> value(HeapInstance instance, String declaring, String name) {
        return Optional.ofNullable(instance.readField(declaring, name));
    }
}
