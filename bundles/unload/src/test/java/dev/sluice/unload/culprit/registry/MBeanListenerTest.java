package dev.sluice.unload.culprit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Suspect;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bundle's listener hears of each MBean that is unregistered, on the thread that does it. */
class MBeanListenerTest {

    private static final String SERVER = "java.lang.management.ManagementFactory.getPlatformMBeanServer()";

    @Test
    void anMBeanWhoseEndWouldRunTheBundlesListenerIsNamedAlone() throws Exception {
        FixtureLoader loader = FixtureLoader.of("static final javax.management.NotificationListener L = (n, h) -> {};"
                + "static javax.management.ObjectName name() throws Exception {"
                + "return new javax.management.ObjectName(\"acme:type=Heard\"); }"
                + "static javax.management.ObjectName delegate() { return javax.management.MBeanServerDelegate.DELEGATE_NAME; }"
                + "public static void register() throws Exception {" + SERVER
                + ".registerMBean(new javax.management.StandardMBean(() -> {}, Runnable.class), name()); }"
                + "public static void listen() throws Exception {" + SERVER
                + ".addNotificationListener(delegate(), L, null, null); }"
                + "public static void deafen() throws Exception {" + SERVER
                + ".removeNotificationListener(delegate(), L); }"
                + "public static void unregister() throws Exception {" + SERVER + ".unregisterMBean(name()); }");
        loader.call("register");
        try {
            assertThat(mbean(loader).cleaning()).as("without a listener").isPresent();
            loader.call("listen");
            try {
                assertThat(mbean(loader).cleaning()).isEmpty();
                assertThat(mbean(loader).culprit().what()).contains("listener");
            } finally {
                loader.call("deafen");
            }
        } finally {
            loader.call("unregister");
        }
    }

    private static Finding mbean(FixtureLoader loader) throws Exception {
        List<Finding> found = new MBeans().search(new Suspect(loader, "acme"));
        return found.stream()
                .filter(finding -> finding.culprit().what().contains("acme:type=Heard"))
                .findFirst()
                .orElseThrow();
    }
}
