package dev.sluice.deployer.trial;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;

/**
 * A call of {@code System.exit} that waits, on its thread, for the container to stop. No bundle can be kept from making it on
 * a modern JVM, but its thread can be found.
 *
 * @param thread the thread
 * @param caller the class whose code made the call
 * @param where the frame that made it, for a reader
 */
record Exit(Thread thread, String caller, String where) {

    private static final Set<String> RUNTIME = Set.of("java.lang.System", "java.lang.Runtime");

    /** {@return the call that ends the process now, if it wasn't the container that made it} */
    static Optional<Exit> underWay() {
        for (Map.Entry<Thread, StackTraceElement[]> one :
                Thread.getAllStackTraces().entrySet()) {
            Optional<Exit> exit = of(one.getKey(), Arrays.asList(one.getValue()));
            if (exit.isPresent()) {
                return exit;
            }
        }
        return Optional.empty();
    }

    private static Optional<Exit> of(Thread thread, List<StackTraceElement> stack) {
        for (int i = 0; i + 1 < stack.size(); i++) {
            StackTraceElement caller = stack.get(i + 1);
            boolean exits = stack.get(i).getMethodName().equals("exit")
                    && RUNTIME.contains(stack.get(i).getClassName())
                    && !RUNTIME.contains(caller.getClassName());
            if (exits) {
                boolean ours = caller.getClassName().startsWith("dev.sluice.container.");
                return ours
                        ? Optional.empty()
                        : Optional.of(new Exit(thread, caller.getClassName(), caller.toString()));
            }
        }
        return Optional.empty();
    }

    /** {@return whether the call came from a bundle's trial: on its thread, or out of a class of the bundle} */
    boolean isBy(Thread trial, Bundle bundle) {
        return thread == trial || bundle.getEntry(caller.replace('.', '/') + ".class") != null;
    }
}
