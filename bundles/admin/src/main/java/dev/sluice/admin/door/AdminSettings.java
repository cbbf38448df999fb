package dev.sluice.admin.door;

import dev.sluice.conf.OneFile;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator has set. A component of its own: were it the door's configuration, each change would change the door's
 * service, and Felix HTTP would take the door down and put it up again.
 *
 * <p>Reads the properties itself: Declarative Services would make a wrong number 0, and say so with a stack that names
 * neither key nor file.
 */
@Component(service = AdminSettings.class, configurationPid = AdminSettings.PID)
@Designate(ocd = AdminConfiguration.class)
public class AdminSettings {

    static final String PID = "dev.sluice.admin";
    static final String HOSTS = "allowed.hosts";
    static final String UPLOAD_LIMIT = "upload.limit.megabytes";
    static final int DEFAULT_UPLOAD_LIMIT = 256;

    private static final Logger LOG = LoggerFactory.getLogger(AdminSettings.class);
    private static final String FILE = "conf/" + PID + ".cfg";
    /** What ConfigurationAdmin, Declarative Services and File Install add. */
    private static final String ADDED = "(service|component|osgi)\\..*|felix\\.fileinstall\\..*";

    private final String ownHost;
    private final Consumer<String> warnings;
    private volatile Snapshot current = new Snapshot(Set.of(), DEFAULT_UPLOAD_LIMIT);

    private record Snapshot(Set<String> hosts, int uploadMegabytes) {}

    /**
     * Takes the first configuration.
     *
     * @param context for the framework's properties
     * @param properties what the operator has set
     */
    @Activate
    public AdminSettings(BundleContext context, Map<String, Object> properties) {
        this(context.getProperty("sluice.admin.host"), properties, LOG::warn);
    }

    /** @param warnings where it's said what is wrong */
    AdminSettings(String ownHost, Map<String, Object> properties, Consumer<String> warnings) {
        this.ownHost = ownHost == null ? "" : ownHost;
        this.warnings = warnings;
        modified(properties);
    }

    @Modified
    final void modified(Map<String, Object> properties) {
        if (OneFile.isInstance(properties)) {
            return;
        }
        warnOfUnknown(properties);
        Set<String> hosts = Stream.concat(Stream.of(ownHost), texts(properties.get(HOSTS)))
                // A .cfg file has one text, in which several are separated so.
                .flatMap(value -> Stream.of(value.split("[,\\s]+")))
                .filter(host -> !host.isEmpty())
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        current = new Snapshot(hosts, uploadMegabytes(properties.get(UPLOAD_LIMIT)));
    }

    /** {@return the host names to answer to, in lower case} */
    Set<String> hosts() {
        return current.hosts();
    }

    /** {@return how many bytes an uploaded file may have} */
    long uploadLimit() {
        return current.uploadMegabytes() * (1L << 20);
    }

    /** What is wrong changes nothing. */
    private int uploadMegabytes(Object value) {
        String text = value == null ? "" : value.toString().trim();
        if (text.isEmpty()) {
            return DEFAULT_UPLOAD_LIMIT;
        }
        try {
            int megabytes = Integer.parseInt(text);
            if (megabytes >= 1) {
                return megabytes;
            }
        } catch (NumberFormatException e) {
            // as wrong as a number below 1
        }
        warnings.accept(UPLOAD_LIMIT + " in " + FILE + " is '" + text + "': write a whole number from 1 to "
                + Integer.MAX_VALUE + ". " + current.uploadMegabytes() + " stays in force.");
        return current.uploadMegabytes();
    }

    private void warnOfUnknown(Map<String, Object> properties) {
        Set<String> unknown = new TreeSet<>(properties.keySet());
        unknown.removeIf(key -> key.matches(ADDED) || key.startsWith("."));
        unknown.removeAll(Set.of(HOSTS, UPLOAD_LIMIT));
        if (!unknown.isEmpty()) {
            warnings.accept("No effect in " + FILE + ": " + String.join(", ", unknown) + ". The keys are " + HOSTS
                    + " and " + UPLOAD_LIMIT + ". Correct or remove it.");
        }
    }

    private static Stream<String> texts(Object value) {
        if (value instanceof String[] several) {
            return Stream.of(several);
        }
        if (value instanceof Iterable<?> several) {
            Stream.Builder<String> texts = Stream.builder();
            several.forEach(one -> texts.add(String.valueOf(one)));
            return texts.build();
        }
        return value == null ? Stream.empty() : Stream.of(value.toString());
    }
}
