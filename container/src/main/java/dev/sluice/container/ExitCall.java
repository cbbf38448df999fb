package dev.sluice.container;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Calls of {@code System.exit}, which are found on the stacks of the threads that made them. A virtual thread's stack isn't to
 * be had: a call on one goes unseen, and costs the patience for a bundle that hangs.
 */
final class ExitCall {

    private ExitCall() {}

    /** {@return whether the process is ending as somebody has asked for} */
    static boolean isUnderWay() {
        return stacks().stream().anyMatch(stack -> Stream.of(stack).anyMatch(ExitCall::isExit));
    }

    /** {@return whether a bundle's start or stop has made the call, which therefore never returns} */
    static boolean isByLifecycle() {
        return stacks().stream().anyMatch(ExitCall::isByLifecycle);
    }

    static boolean isByLifecycle(StackTraceElement[] stack) {
        // From the top: the call, and somewhere below it the framework, which has called the bundle.
        return isFollowed(List.of(stack), ExitCall::isExit, ExitCall::isLifecycle);
    }

    private static boolean isFollowed(
            List<StackTraceElement> stack, Predicate<StackTraceElement> first, Predicate<StackTraceElement> then) {
        return stack.stream().dropWhile(first.negate()).skip(1).anyMatch(then);
    }

    private static Collection<StackTraceElement[]> stacks() {
        return Thread.getAllStackTraces().values();
    }

    private static boolean isExit(StackTraceElement frame) {
        return frame.getClassName().equals("java.lang.Runtime")
                && frame.getMethodName().equals("exit");
    }

    private static boolean isLifecycle(StackTraceElement frame) {
        return frame.getClassName().equals("org.apache.felix.framework.Felix")
                && (frame.getMethodName().equals("startBundle")
                        || frame.getMethodName().equals("stopBundle"));
    }
}
