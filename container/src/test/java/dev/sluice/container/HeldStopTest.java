package dev.sluice.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;

class HeldStopTest {

    private static Object gone(String method) {
        throw new IllegalStateException(method + ": it isn't valid any more");
    }

    private interface Answers {
        Object to(String method);
    }

    private static <T> T answering(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.to(method.getName())));
    }

    private static HeldStop around(BundleContext context) {
        return new HeldStop(answering(Framework.class, method -> context), 5);
    }

    @Test
    void aBundleThatIsUninstalledJustThenIsPassedOver() throws Exception {
        Bundle uninstalled = answering(Bundle.class, method -> switch (method) {
            case "getBundleId" -> 7L;
            case "getState" -> Bundle.STARTING;
            default -> gone(method);
        });
        HeldStop held = around(answering(BundleContext.class, method -> new Bundle[] {uninstalled}));
        assertThat(held.isByExit()).isFalse();
        assertThat(held.names()).isEmpty();
        held.stopTheOthers(Duration.ofSeconds(30), true);
    }

    @Test
    void aFrameworkThatHasStoppedJustThenHoldsUpNothing() throws Exception {
        HeldStop held = around(answering(BundleContext.class, HeldStopTest::gone));
        assertThat(held.isByExit()).isFalse();
        assertThat(held.names()).isEmpty();
        held.stopTheOthers(Duration.ofSeconds(30), true);
    }

    @Test
    void anExitInAStartOrStopIsToldFromOneThatHoldsUpNothing() {
        StackTraceElement exit = frame("java.lang.Runtime", "exit");
        StackTraceElement start = frame("org.apache.felix.framework.Felix", "startBundle");
        StackTraceElement stop = frame("org.apache.felix.framework.Felix", "stopBundle");
        StackTraceElement own = frame("a.Bundle", "run");
        assertThat(ExitCall.isByLifecycle(new StackTraceElement[] {exit, own, start}))
                .isTrue();
        assertThat(ExitCall.isByLifecycle(new StackTraceElement[] {exit, own, stop}))
                .isTrue();
        assertThat(ExitCall.isByLifecycle(new StackTraceElement[] {exit, own})).isFalse();
        assertThat(ExitCall.isByLifecycle(new StackTraceElement[] {own, start})).isFalse();
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, null, -1);
    }
}
