package dev.sluice.itests.fault;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.itests.fault.Catalogue.Row;
import dev.sluice.itests.harness.Soak;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The fault suite. {@code -Dsluice.fault=<pattern>} runs only those whose name it is found in; {@code -Dsluice.soak=<how long, or how often>},
 * as {@code 2h} or {@code 20}, repeats the catalogue in random orders, {@code -Dsluice.soak.seed=<number>} in the same ones
 * again; a soak needs {@code -Dit.timeout=0}, too.
 */
@Tag("process")
class FaultSuiteIT {

    private static final Stages STAGES = new Stages();

    @AfterAll
    static void end() {
        STAGES.close();
    }

    @TestFactory
    Stream<DynamicNode> faults() {
        String wanted = System.getProperty("sluice.fault", "");
        List<Row> rows = wanted.isEmpty()
                ? Catalogue.rows()
                : singles().stream()
                        .filter(row ->
                                Pattern.compile(wanted).matcher(row.name()).find())
                        .toList();
        return Soak.asked().map(FaultSuiteIT::soak).orElseGet(() -> rows.stream()
                .map(row -> node(row.name(), row)));
    }

    private static Stream<DynamicNode> soak(Soak soak) {
        Random random = soak.random();
        return soak.rounds().boxed().flatMap(round -> {
            List<Row> rows = new ArrayList<>(singles());
            Collections.shuffle(rows, random);
            return rows.stream().map(row -> node(round + ", " + row.name(), row));
        });
    }

    private static List<Row> singles() {
        return Catalogue.rows().stream()
                .flatMap(row -> row.faults().stream().map(Row::of))
                .toList();
    }

    private static DynamicNode node(String name, Row row) {
        Ordeal ordeal = new Ordeal(STAGES, row.faults());
        if (row.faults().size() == 1) {
            return dynamicTest(name, ordeal::whole);
        }
        List<DynamicNode> parts = new ArrayList<>();
        parts.add(dynamicTest("all strike", ordeal::strike));
        row.faults().forEach(fault -> parts.add(dynamicTest(fault.toString(), () -> ordeal.seen(fault))));
        parts.add(dynamicTest("nothing was lost", ordeal::end));
        return dynamicContainer("at once: " + name, parts);
    }
}
