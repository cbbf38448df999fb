package dev.sluice.admin.console;

import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bundles page: start any bundle; stop and uninstall those that aren't the container's. */
final class BundleActions implements Action {

    /** The console takes names, too; but one name may mean several versions, and it picks the first. */
    private static final Pattern ONE_BUNDLE = Pattern.compile("/(\\d{1,18})");

    private final Bundles bundles;

    BundleActions(Bundles bundles) {
        this.bundles = bundles;
    }

    @Override
    public Optional<Problem> refuse(HttpServletRequest request, String rest) {
        String action = request.getParameter("action");
        Matcher one = ONE_BUNDLE.matcher(rest);
        if (action != null && one.matches()) {
            return refuse(action, Long.parseLong(one.group(1)));
        }
        if ("refreshPackages".equals(action)) {
            return Action.no(
                    "Refreshing all packages would stop the container's own bundles and running middleware. A bundle"
                            + " is refreshed by putting a new version into the deploy folder.");
        }
        return Action.no(
                "This isn't an action on one bundle. Name the bundle by its id: POST /system/console/bundles/<id>"
                        + " with action=start, stop or uninstall.");
    }

    private Optional<Problem> refuse(String action, long id) {
        Optional<String> name = bundles.name(id);
        if (name.isEmpty()) {
            return Optional.of(Problem.of(404, "No such bundle", "There is no bundle " + id + "."));
        }
        return switch (action) {
            case "start" -> Action.yes();
            case "stop", "uninstall" -> bundles.isContainers(id) ? containers(name.get()) : Action.yes();
            case "update" ->
                Action.no("The console updates a bundle in place, from where it was installed. To bring a new"
                        + " version, put it into the deploy folder, or upload it with Install/Update.");
            case "refresh" ->
                Action.no("A refresh stops the bundle and all that are wired to it, whatever they serve. Put a"
                        + " new version into the deploy folder, or upload it with Install/Update.");
            default -> Action.no("The action isn't known. Use start, stop or uninstall.");
        };
    }

    private static Optional<Problem> containers(String name) {
        return Action.no(
                name + " is part of the container and can't be stopped or uninstalled here. To stop the container,"
                        + " end its process (SIGTERM).");
    }
}
