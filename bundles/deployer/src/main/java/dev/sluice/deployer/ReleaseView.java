package dev.sluice.deployer;

import java.util.List;

/**
 * A release: several bundles in one file, which come and go together.
 *
 * @param name its name
 * @param members the names of its bundles in the file, as {@code auth.jar}
 */
public record ReleaseView(String name, List<String> members) {

    /** Keeps its own copy of the list. */
    public ReleaseView {
        members = List.copyOf(members);
    }
}
