package dev.sluice.admin.door;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/**
 * What the operator has set. A component of its own: were it the door's configuration, each change would change the door's
 * service, and Felix HTTP would take the door down and put it up again.
 */
@Component(service = AdminSettings.class, configurationPid = "dev.sluice.admin")
@Designate(ocd = AdminConfiguration.class)
public class AdminSettings {

    private final String ownHost;
    private volatile Snapshot current;

    private record Snapshot(Set<String> hosts, long uploadLimit) {}

    /**
     * Takes the first configuration.
     *
     * @param context for the framework's properties
     * @param configuration what the operator has set
     */
    @Activate
    public AdminSettings(BundleContext context, AdminConfiguration configuration) {
        String host = context.getProperty("sluice.admin.host");
        this.ownHost = host == null ? "" : host;
        modified(configuration);
    }

    @Modified
    final void modified(AdminConfiguration configuration) {
        Set<String> hosts = Stream.concat(Stream.of(ownHost), Stream.of(configuration.allowed_hosts()))
                // A .cfg file has one text, in which several are separated so.
                .flatMap(value -> Stream.of(value.split("[,\\s]+")))
                .filter(host -> !host.isEmpty())
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        current = new Snapshot(hosts, Math.max(1, configuration.upload_limit_megabytes()) * (1L << 20));
    }

    /** {@return the host names to answer to, in lower case} */
    Set<String> hosts() {
        return current.hosts();
    }

    /** {@return how many bytes an uploaded file may have} */
    long uploadLimit() {
        return current.uploadLimit();
    }
}
