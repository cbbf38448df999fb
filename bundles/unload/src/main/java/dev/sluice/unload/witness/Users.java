package dev.sluice.unload.witness;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Who is wired to what has left, and what is in it. The framework has a wiring in use until bundles are refreshed, though the bundle has gone.
 *
 * @param wiring what has left; its class loader keeps it, so it is there for as long as that
 * @param requests those that are still in it
 */
record Users(WeakReference<BundleWiring> wiring, Requests requests) {

    private static final String FRAMEWORK = "the framework, until its bundles are refreshed";

    static Users of(BundleWiring wiring, Requests requests) {
        return new Users(new WeakReference<>(wiring), requests);
    }

    /** {@return the names of bundles, and the requests; none if there are neither} */
    List<String> names() {
        return Stream.concat(wired().stream(), requests.open().stream().map(request -> "request " + request))
                .toList();
    }

    private List<String> wired() {
        BundleWiring left = wiring.get();
        if (left == null || !left.isInUse()) {
            return List.of();
        }
        List<BundleWire> wires = left.getProvidedWires(null);
        if (wires == null) {
            return List.of();
        }
        List<String> names = wires.stream()
                .map(BundleWire::getRequirer)
                .filter(Objects::nonNull)
                .filter(requirer -> requirer != left.getRevision())
                .map(Users::name)
                .distinct()
                .sorted()
                .toList();
        return names.isEmpty() ? List.of(FRAMEWORK) : names;
    }

    static String name(BundleRevision revision) {
        return revision.getSymbolicName() + " " + revision.getVersion();
    }
}
