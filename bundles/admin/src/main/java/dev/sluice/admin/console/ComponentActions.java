package dev.sluice.admin.console;

import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The components page: enable any component; disable those of bundles that aren't the container's. */
final class ComponentActions implements Action {

    private final Bundles bundles;
    private final Function<String, OptionalLong> bundleOf;

    /**
     * Judges by the bundle that a component is in.
     *
     * @param bundles the framework's bundles
     * @param bundleOf the id of the bundle of the component that the page means by a text; empty if it can't be told
     */
    ComponentActions(Bundles bundles, Function<String, OptionalLong> bundleOf) {
        this.bundles = bundles;
        this.bundleOf = bundleOf;
    }

    @Override
    public Optional<Problem> refuse(HttpServletRequest request, String rest) {
        String action = request.getParameter("action");
        if ("enable".equals(action)) {
            return Action.yes();
        }
        if (!"disable".equals(action) || rest.length() < 2) {
            return Action.no("The action isn't known. Use enable or disable on one component.");
        }
        OptionalLong id = bundleOf.apply(rest.substring(1));
        if (id.isEmpty()) {
            return Action.no(
                    "It can't be told which bundle this component is in. Name it by its id, as the page does.");
        }
        if (bundles.isContainers(id.getAsLong())) {
            return Action.no(
                    "The component is part of the container and can't be disabled. Change its configuration instead.");
        }
        return Action.yes();
    }
}
