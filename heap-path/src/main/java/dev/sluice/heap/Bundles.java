package dev.sluice.heap;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import shark.HeapField;
import shark.HeapGraph;
import shark.HeapObject;
import shark.HeapObject.HeapInstance;

/** Which bundle a class loader is of, read from Felix's objects in the dump. */
final class Bundles {

    private static final String FELIX = "org.apache.felix.framework.";
    private static final String LOADER = FELIX + "BundleWiringImpl$BundleClassLoader";

    private final HeapGraph graph;
    private final Map<Long, String> names = new HashMap<>();

    Bundles(HeapGraph graph) {
        this.graph = graph;
    }

    /** {@return symbolic name and version of a class loader's bundle; empty text if it is none of Felix's} */
    String name(long loader) {
        return names.computeIfAbsent(loader, id -> read(id).orElse(""));
    }

    private Optional<String> read(long loader) {
        HeapObject object = graph.findObjectByIdOrNull(loader);
        if (!(object instanceof HeapInstance instance) || !instance.instanceOf(LOADER)) {
            return Optional.empty();
        }
        return Heap.field(instance, LOADER, "m_wiring")
                .flatMap(wiring -> Heap.field(wiring, FELIX + "BundleWiringImpl", "m_revision"))
                .flatMap(Bundles::revision);
    }

    private static Optional<String> revision(HeapInstance revision) {
        String type = FELIX + "BundleRevisionImpl";
        return Heap.field(revision, type, "m_symbolicName")
                .flatMap(Heap::text)
                .map(name -> name
                        + Heap.field(revision, type, "m_version")
                                .map(Bundles::version)
                                .orElse(""));
    }

    private static String version(HeapInstance version) {
        String type = "org.osgi.framework.Version";
        String qualifier = Heap.field(version, type, "qualifier")
                .flatMap(Heap::text)
                .filter(text -> !text.isEmpty())
                .map(text -> "." + text)
                .orElse("");
        return " " + number(version, type, "major") + "." + number(version, type, "minor") + "."
                + number(version, type, "micro") + qualifier;
    }

    private static String number(HeapInstance version, String type, String name) {
        HeapField field = version.readField(type, name);
        return field == null ? "?" : String.valueOf(field.getValue().getAsInt());
    }
}
