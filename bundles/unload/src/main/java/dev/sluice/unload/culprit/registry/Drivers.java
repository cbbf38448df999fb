package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.util.List;

/**
 * Drivers of {@code java.sql.DriverManager}. It shows and deregisters a driver only to callers whose class loader sees it. The other
 * way, a class of ours defined in the suspect's class loader, would change the suspect, and {@code deregisterDriver} calls the
 * bundle's {@code DriverAction}. So we read the list itself, and take the entry from it: it is a list that may be changed by
 * several, and it compares entries by the identity of their drivers.
 */
public final class Drivers implements Search {

    /** Made for the list of searches. */
    public Drivers() {}

    @Override
    public String name() {
        return "drivers";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        if (Look.has("java.sql")) {
            Class<?> manager = look.type("java.sql.DriverManager");
            Class<?> entry = look.type("java.sql.DriverInfo");
            if (manager != null && entry != null) {
                if (look.get(manager, "registeredDrivers", null) instanceof List<?> drivers) {
                    drivers(look, drivers, entry);
                }
                Object writer = look.get(manager, "logWriter", null);
                if (look.owns(writer)) {
                    look.found(
                            Kind.JDBC_DRIVER,
                            "the log writer of DriverManager, " + Wording.aType(writer),
                            "call DriverManager.setLogWriter(null) when you stop");
                }
            }
        }
        return look.end();
    }

    private static void drivers(Look look, List<?> drivers, Class<?> info) {
        for (Object entry : drivers) {
            Object driver = look.get(info, "driver", entry);
            Object action = look.get(info, "da", entry);
            if (look.owns(driver)) {
                String type = Wording.type(driver);
                look.found(
                        Kind.JDBC_DRIVER,
                        "JDBC driver " + type + " is registered with DriverManager",
                        "call DriverManager.deregisterDriver when you stop",
                        () -> remove(
                                drivers,
                                entry,
                                "deregistered JDBC driver " + type + ", which was left registered with DriverManager"));
            } else if (look.owns(action)) {
                // The driver is another's, and stays.
                look.found(
                        Kind.JDBC_DRIVER,
                        "DriverAction " + Wording.type(action) + " of JDBC driver " + Wording.type(driver),
                        "deregister the driver that you registered when you stop");
            }
        }
    }

    private static String remove(List<?> drivers, Object entry, String done) {
        drivers.removeIf(one -> one == entry);
        return done;
    }
}
