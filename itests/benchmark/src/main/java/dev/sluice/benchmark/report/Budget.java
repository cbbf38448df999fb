package dev.sluice.benchmark.report;

import dev.sluice.benchmark.results.Results;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the design allows something to cost.
 *
 * @param what what
 * @param limit how much, as a sentence
 * @param most the same as a number
 * @param unit its unit, with a space before it where one belongs
 * @param figure finds the figure, if it was measured
 */
record Budget(String what, String limit, double most, String unit, Function<Results, Optional<Spread>> figure) {

    /** {@return its row of the table} */
    String row(List<Results> all) {
        Optional<Spread> found =
                all.stream().flatMap(results -> figure.apply(results).stream()).findFirst();
        String shown = found.map(spread -> Numbers.text(spread) + unit).orElse("not measured");
        return "| " + what + " | " + limit + " | " + shown + " | "
                + found.map(this::verdict).orElse("") + " |\n";
    }

    /** The median decides; where the spread reaches to the other side, that is said. */
    private String verdict(Spread spread) {
        if (spread.median() <= most) {
            return spread.high() <= most ? "met" : "met, by the median";
        }
        return spread.low() > most ? "**not met**" : "**not met**, by the median";
    }
}
