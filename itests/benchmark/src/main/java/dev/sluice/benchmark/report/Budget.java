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
 * @param reason what is said where it isn't met; empty if it always was
 */
record Budget(
        String what,
        String limit,
        double most,
        String unit,
        Function<Results, Optional<Spread>> figure,
        String reason) {

    Budget(String what, String limit, double most, String unit, Function<Results, Optional<Spread>> figure) {
        this(what, limit, most, unit, figure, "");
    }

    /** {@return its figure, from whichever suite has measured it} */
    Optional<Spread> spread(List<Results> all) {
        return all.stream().flatMap(results -> figure.apply(results).stream()).findFirst();
    }

    /** {@return its row of the table} */
    String row(List<Results> all) {
        Optional<Spread> found = spread(all);
        String shown = found.map(spread -> Numbers.text(spread) + unit).orElse("not measured");
        return "| " + what + " | " + limit + " | " + shown + " | "
                + found.map(this::verdict).orElse("") + " |\n";
    }

    /** The median decides; where the spread reaches to the other side, that is said. */
    private String verdict(Spread spread) {
        if (spread.median() <= most) {
            return spread.high() <= most ? "met" : "met, by the median";
        }
        String why = reason.isEmpty() ? "" : ": " + reason;
        return (spread.low() > most ? "**not met**" : "**not met**, by the median") + why;
    }
}
