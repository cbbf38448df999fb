package dev.sluice.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

class LastWordTest {

    private static final Bundle FRAMEWORK = bundle(0, "org.apache.felix.framework");
    private static final Bundle LOG = bundle(2, "org.ops4j.pax.logging.pax-logging-logback");
    private static final Bundle OTHER = bundle(3, "dev.sluice.chain");

    private final List<String> said = new ArrayList<>();
    private final Logger log = Logger.getLogger("dev.sluice.container");
    private SynchronousBundleListener listener;

    private final Handler collector = new Handler() {
        @Override
        public void publish(LogRecord message) {
            said.add(message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        log.addHandler(collector);
        LastWord.of(answering(BundleContext.class, (name, argument) -> {
            listener = (SynchronousBundleListener) argument;
            return null;
        }));
    }

    @AfterEach
    void leave() {
        log.removeHandler(collector);
    }

    @Test
    void it_is_said_when_the_framework_stops_and_the_log_is_about_to() {
        stopping(FRAMEWORK);
        stopping(OTHER);
        assertThat(said).isEmpty();
        stopping(LOG);
        assertThat(said).containsExactly("Sluice has stopped");
    }

    @Test
    void a_log_that_is_stopped_alone_is_no_stop_of_the_container() {
        stopping(LOG);
        assertThat(said).isEmpty();
    }

    private void stopping(Bundle bundle) {
        listener.bundleChanged(new BundleEvent(BundleEvent.STOPPING, bundle));
    }

    private static Bundle bundle(long id, String name) {
        return answering(Bundle.class, (method, argument) -> switch (method) {
            case "getBundleId" -> id;
            case "getSymbolicName" -> name;
            default -> throw new AssertionError(method);
        });
    }

    private interface Answers {
        Object to(String method, Object argument);
    }

    private static <T> T answering(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.to(method.getName(), arguments == null ? null : arguments[0])));
    }
}
