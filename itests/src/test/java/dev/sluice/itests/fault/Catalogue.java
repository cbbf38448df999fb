package dev.sluice.itests.fault;

import java.util.List;
import java.util.stream.Stream;

/** The table of all faults. A family adds its rows here, and to nothing else. */
final class Catalogue {

    /**
     * A row.
     *
     * @param name what the faults have in common; not used for one alone
     * @param faults those that strike at once, because each would only wait for the same time to pass
     */
    record Row(String name, List<Fault> faults) {

        static Row of(Fault fault) {
            return new Row(fault.toString(), List.of(fault));
        }

        static Row atOnce(String name, Fault... faults) {
            return new Row(name, List.of(faults));
        }
    }

    private Catalogue() {}

    static List<Row> rows() {
        return Stream.of(
                        FileFaults.rows(),
                        FolderFaults.rows(),
                        BundleFaults.rows(),
                        RequestFaults.rows(),
                        ChangeFaults.rows())
                .flatMap(List::stream)
                .toList();
    }
}
