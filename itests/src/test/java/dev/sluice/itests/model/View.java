package dev.sluice.itests.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What requests see of one middleware, at one moment.
 *
 * @param kind the kind of bundle that it comes from
 * @param middleware what its author says of it
 * @param face how its place looks
 * @param version the version in the place; 0 if none is
 * @param setting the operator's override
 */
record View(Kind kind, Kind.Named middleware, Face face, int version, Setting setting) {

    /** How a place looks to a request. */
    enum Face {
        /** A version runs. */
        SERVES,
        /** A version runs, and throws. */
        THROWS,
        /** The place is there, and nobody in it. */
        MISSING,
        /** There is no place. */
        ABSENT
    }

    boolean isOpen() {
        return setting.open(middleware.open());
    }

    int ranking() {
        return setting.ranking(middleware.ranking());
    }

    /** {@return whether there is a place: an operator who disables a middleware takes it away} */
    boolean hasPlace() {
        return face != Face.ABSENT && setting != Setting.DISABLED;
    }

    private boolean runsOn(String path) {
        String pattern = setting.path(middleware.path());
        String prefix = pattern.substring(0, pattern.length() - 1);
        return hasPlace() && (path + "/").startsWith(prefix);
    }

    /**
     * {@return the whole answer to a request}
     *
     * @param chain all middleware
     */
    static String answer(List<View> chain, String path) {
        List<View> route = chain.stream()
                .filter(view -> view.runsOn(path))
                .sorted(Comparator.comparing(View::ranking).reversed().thenComparing(view -> view.middleware.name()))
                .toList();
        if (route.stream().anyMatch(view -> view.face == Face.MISSING && !view.isOpen())) {
            return "503";
        }
        List<String> trail = new ArrayList<>();
        for (View view : route) {
            if (view.face == Face.THROWS && !view.isOpen()) {
                return "500";
            }
            if (view.face == Face.SERVES) {
                trail.add(view.middleware.name() + ":" + view.version);
                if (view.kind.denies()) {
                    return "403 " + String.join(" ", trail);
                }
            }
        }
        return "200 " + String.join(" ", trail);
    }
}
