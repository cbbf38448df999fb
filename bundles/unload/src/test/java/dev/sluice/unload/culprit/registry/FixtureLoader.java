package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.testing.CompiledLoader;
import java.util.Map;

/** The class loader of a bundle with the class {@code acme.Fixture}. */
final class FixtureLoader extends CompiledLoader {

    private FixtureLoader(Map<String, byte[]> classes) {
        super(classes);
    }

    /** {@return a class loader whose {@code acme.Fixture} has such members} */
    static FixtureLoader of(String body) {
        return new FixtureLoader(compile("acme.Fixture", "package acme; public class Fixture {" + body + "}"));
    }

    /** Calls a static method of {@code acme.Fixture} that has no parameters, or one. */
    void call(String method, Object... arguments) throws Exception {
        for (var one : loadClass("acme.Fixture").getMethods()) {
            if (one.getName().equals(method)) {
                one.invoke(null, arguments);
                return;
            }
        }
        throw new NoSuchMethodException(method);
    }
}
