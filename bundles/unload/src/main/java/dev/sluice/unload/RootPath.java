package dev.sluice.unload;

import java.util.List;

/**
 * A path of references from where the collector starts to a class loader.
 *
 * @param root where it starts, as {@code thread "poller", which lives}
 * @param steps the objects on it; the last one is the class loader
 */
public record RootPath(String root, List<Step> steps) {

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
        int entry = 0;
        while (entry < steps.size() && !steps.get(entry).own()) {
            entry++;
        }
        java.util.ArrayList<String> lines = new java.util.ArrayList<>();
        lines.add(root);
        for (int i = 0; i < steps.size(); i++) {
            lines.add(line(steps.get(i), i == entry));
        }
        return List.copyOf(lines);
    }

    private static String line(Step step, boolean isEntry) {
        String link = step.link().isEmpty() ? "" : step.link() + ": ";
        String bundle = step.bundle().isEmpty() ? "" : "  [" + step.bundle() + "]";
        return (isEntry ? "=> " : "   ")
                + link
                + step.object()
                + bundle
                + (isEntry ? "  <= here it enters the bundle" : "");
    }
}
