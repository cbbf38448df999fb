package dev.sluice.admin.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Fake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;

class NoInstancesTest {

    private final List<String> there = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    private final ConfigurationAdmin configurations =
            Fake.of(ConfigurationAdmin.class, Map.of("listConfigurations", filter -> found(filter[0].toString())));

    private Configuration[] found(String filter) {
        Configuration[] found = there.stream()
                .filter(pid -> matches(filter, pid))
                .map(this::configuration)
                .toArray(Configuration[]::new);
        return found.length == 0 ? null : found;
    }

    private static boolean matches(String filter, String pid) {
        try {
            return FrameworkUtil.createFilter(filter).matches(Map.of("service.factoryPid", factory(pid)));
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String factory(String pid) {
        return pid.split("~")[0];
    }

    private Configuration configuration(String pid) {
        return Fake.of(
                Configuration.class,
                Map.of(
                        "getPid", none -> pid,
                        "getFactoryPid", none -> factory(pid),
                        "delete", none -> there.remove(pid) ? null : null));
    }

    @SuppressWarnings("unchecked")
    private static ConfigurationEvent event(int type, String pid) {
        return new ConfigurationEvent(Fake.of(ServiceReference.class, Map.of()), type, factory(pid), pid);
    }

    @Test
    void instancesOfWhatThereIsOneOfAreDeletedThatAreThereAndThatCome() {
        there.addAll(List.of("dev.sluice.chain~1", "dev.sluice.route~1"));
        NoInstances none = new NoInstances(configurations, errors::add);
        assertThat(there).containsExactly("dev.sluice.route~1");

        there.addAll(List.of("dev.sluice.deployer|some.bundle~x", "dev.sluice.admin~y", "com.acme.chain~z"));
        none.configurationEvent(event(ConfigurationEvent.CM_UPDATED, "dev.sluice.admin~y"));
        assertThat(there).containsExactly("dev.sluice.route~1", "com.acme.chain~z");
        assertThat(errors)
                .hasSize(3)
                .contains(
                        "A bundle has made the configuration dev.sluice.admin~y, an instance of dev.sluice.admin, of which"
                                + " there is one, and not several: it was deleted. Write what is to count into"
                                + " conf/dev.sluice.admin.cfg");
    }

    @Test
    void whatIsDeletedAndWhatIsNoInstanceIsNoReasonToLook() {
        NoInstances none = new NoInstances(configurations, errors::add);
        there.add("dev.sluice.chain~1");
        none.configurationEvent(event(ConfigurationEvent.CM_DELETED, "dev.sluice.chain~1"));
        none.configurationEvent(new ConfigurationEvent(
                Fake.of(ServiceReference.class, Map.of()), ConfigurationEvent.CM_UPDATED, null, "dev.sluice.chain"));
        assertThat(there).hasSize(1);
    }
}
