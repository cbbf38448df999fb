package dev.sluice.itests.fault;

import dev.sluice.itests.fault.Catalogue.Row;
import java.util.List;

/** What bundles do when they start, and to others. */
final class BundleFaults {

    private BundleFaults() {}

    static List<Row> rows() {
        return List.of();
    }
}
