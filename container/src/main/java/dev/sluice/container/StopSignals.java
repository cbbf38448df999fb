package dev.sluice.container;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * SIGTERM and SIGINT. The first stops the container in good order, with exit code 0, where the JVM's own handling would
 * end with 143 or 130; the second has the stop wait for nobody any longer; the third ends the process at once.
 *
 * <p>{@code sun.misc.Signal} is the only way to have a say in the exit code. It's reached by reflection, as a runtime
 * without the module {@code jdk.unsupported} lacks it, and one started with {@code -Xrs} refuses it: then a stop is still
 * in good order, through the shutdown hook, with the JVM's exit codes.
 */
final class StopSignals {

    private static final List<String> NAMES = List.of("TERM", "INT");

    private final Runnable stop;
    private final BooleanSupplier hurry;
    private final AtomicInteger received = new AtomicInteger();

    private StopSignals(Runnable stop, BooleanSupplier hurry) {
        this.stop = stop;
        this.hurry = hurry;
    }

    /**
     * Begins to listen.
     *
     * @param stop run once, on a thread of its own
     * @param hurry run at the second signal; tells whether there was anything to hurry
     */
    static void handle(Runnable stop, BooleanSupplier hurry) {
        StopSignals signals = new StopSignals(stop, hurry);
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handling = (proxy, method, args) -> switch (method.getName()) {
                case "handle" ->
                    signals.received((int) signal.getMethod("getNumber").invoke(args[0]));
                case "equals" -> proxy == args[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "stop signals";
            };
            Object listening = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handling);
            for (String name : NAMES) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), listening);
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            // The shutdown hook does it.
        }
    }

    private Void received(int number) {
        switch (received.incrementAndGet()) {
            case 1 -> new Thread(null, stop, "sluice-stop", 0, false).start();
            case 2 -> {
                if (!hurry.getAsBoolean()) {
                    Runtime.getRuntime().halt(ExitCode.SIGNAL + number);
                }
            }
            default -> Runtime.getRuntime().halt(ExitCode.SIGNAL + number);
        }
        return null;
    }
}
