package dev.sluice.unload.explain;

import dev.sluice.unload.RootPath;
import java.util.ArrayList;
import java.util.List;

/** Reads what the program prints: see {@code dev.sluice.heap.Protocol}. */
final class PathLines {

    private static final int FIELDS = 5;

    private PathLines() {}

    /**
     * {@return the paths}
     *
     * @param lines the program's lines
     * @throws IllegalArgumentException if there is one that it doesn't print
     */
    static List<RootPath> read(List<String> lines) {
        List<RootPath> paths = new ArrayList<>();
        String root = null;
        List<RootPath.Step> steps = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            if (fields[0].equals("STEP") && fields.length == FIELDS && root != null) {
                steps.add(new RootPath.Step(fields[1], fields[2], fields[3], fields[4].equals("own")));
            } else if (fields[0].equals("ROOT") && fields.length == 2) {
                if (root != null) {
                    paths.add(new RootPath(root, steps));
                }
                root = fields[1];
                steps.clear();
            } else if (!line.equals("SOFT")) {
                throw new IllegalArgumentException("the program has printed what it never prints: " + line);
            }
        }
        if (root != null) {
            paths.add(new RootPath(root, steps));
        }
        return paths;
    }
}
