package dev.sluice.chain;

import jakarta.servlet.Servlet;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;
import org.osgi.framework.Constants;

/**
 * Marks the thread on which an authenticated operator acts. A bundle that is stopped or uninstalled on such a thread is
 * removed from the chain for good; the same from anybody else leaves its place standing, and closed. The code of a bundle
 * that he starts or stops runs on his thread, too: what that asks for is not his word.
 *
 * <p>The admin listener marks its request threads. Nothing else should.
 */
public final class Operator {

    /** Who acts, and which class has said so. */
    private record Acting(String name, Class<?> marker) {}

    private static final ThreadLocal<Acting> CURRENT = new ThreadLocal<>();

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Operator() {}

    /**
     * Marks the calling thread until the mark is closed, on the same thread.
     *
     * @param name the operator's user name
     * @return the mark
     */
    public static Mark mark(String name) {
        Acting before = CURRENT.get();
        CURRENT.set(new Acting(name, STACK.getCallerClass()));
        return () -> {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        };
    }

    /** {@return the operator who acts on the calling thread, if one does; not while a bundle's code acts there} */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get())
                .filter(acting -> !STACK.walk(frames -> isByBundle(frames, acting.marker())))
                .map(Acting::name);
    }

    /**
     * Up to the page of the console that the operator has asked, or to whoever has marked the thread: what stands before that
     * is no doing of anybody.
     */
    private static boolean isByBundle(Stream<StackFrame> frames, Class<?> marker) {
        for (Iterator<StackFrame> each = frames.iterator(); each.hasNext(); ) {
            Class<?> running = each.next().getDeclaringClass();
            if (running == marker) {
                return false;
            }
            if (running.getClassLoader() instanceof BundleReference reference
                    && !isOfContainer(reference.getBundle())) {
                return true;
            }
            if (Servlet.class.isAssignableFrom(running)) {
                return false;
            }
        }
        return false;
    }

    /** The launcher installs the container's own bundles by reference; the deployer and the console install copies. */
    private static boolean isOfContainer(Bundle bundle) {
        return bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID
                || bundle.getLocation().startsWith("reference:")
                || String.valueOf(bundle.getSymbolicName()).startsWith("dev.sluice.");
    }

    /** Ends a marking when it is closed. */
    @FunctionalInterface
    public interface Mark extends AutoCloseable {
        @Override
        void close();
    }
}
