package dev.sluice.unload;

import java.util.ArrayList;
import java.util.List;

/**
 * A path of references from where the collector starts to a class loader.
 *
 * @param root where it starts, as {@code thread "poller", which lives}
 * @param steps the objects on it; the last one is the class loader
 */
public record RootPath(String root, List<Step> steps) {

    private static final String STATIC = "static field ";
    private static final String FIELD = "field ";
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    /**
     * An object on a path.
     *
     * @param link how the one before leads to it, as {@code static field LISTENERS}; empty for the first
     * @param object its class, or which class it is
     * @param bundle symbolic name and version of the bundle that its class is of, or whose class loader it is; empty if that is none
     * @param own whether its class is of the class loader in question. The first such is where the path enters the bundle: what
     *     holds it is the object before
     */
    public record Step(String link, String object, String bundle, boolean own) {}

    /** Keeps its own copy of the list. */
    public RootPath {
        steps = List.copyOf(steps);
    }

    /** {@return the path as text to read, a line for each object, with a mark where it enters the bundle} */
    public List<String> lines() {
        int entry = entry();
        List<String> lines = new ArrayList<>();
        lines.add(root);
        for (int i = 0; i < steps.size(); i++) {
            lines.add(line(steps.get(i), i == entry));
        }
        return List.copyOf(lines);
    }

    /**
     * Says in a few words what to look at: the last static field before the path enters the bundle, else the last field there of a
     * class that isn't the JDK's, else where the path starts.
     *
     * @return as {@code static field LISTENERS of class acme.Registry [acme.registry 1.0.0], which leads to acme.shop.Listener}
     */
    public String source() {
        int entry = Math.min(entry(), steps.size() - 1);
        for (int i = entry; i > 0; i--) {
            if (steps.get(i).link().startsWith(STATIC)) {
                return source(i, entry);
            }
        }
        for (int i = entry; i > 0; i--) {
            if (steps.get(i).link().startsWith(FIELD) && !isOfTheJdk(steps.get(i - 1))) {
                return source(i, entry);
            }
        }
        return entry < 0 ? root : root + ", which leads to " + steps.get(entry).object();
    }

    private String source(int link, int entry) {
        Step holder = steps.get(link - 1);
        return steps.get(link).link() + " of " + holder.object()
                + bundle(holder).replace("  ", " ") + ", which leads to "
                + steps.get(entry).object();
    }

    private static boolean isOfTheJdk(Step step) {
        return step.bundle().isEmpty() && JDK.stream().anyMatch(step.object()::startsWith);
    }

    /** {@return the index of the first object that is the bundle's; how many there are, if none is} */
    private int entry() {
        int entry = 0;
        while (entry < steps.size() && !steps.get(entry).own()) {
            entry++;
        }
        return entry;
    }

    private static String line(Step step, boolean isEntry) {
        String link = step.link().isEmpty() ? "" : step.link() + ": ";
        return (isEntry ? "=> " : "   ")
                + link
                + step.object()
                + bundle(step)
                + (isEntry ? "  <= here it enters the bundle" : "");
    }

    private static String bundle(Step step) {
        return step.bundle().isEmpty() ? "" : "  [" + step.bundle() + "]";
    }
}
