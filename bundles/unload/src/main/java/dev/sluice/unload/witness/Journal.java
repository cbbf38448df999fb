package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes verdicts into the log. */
final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private Journal() {}

    static void tell(Verdict before, UnloadView view) {
        String name = view.symbolicName() + " " + view.version() + " (unload " + view.number() + ")";
        if (before == Verdict.LEAKED && view.verdict() == Verdict.LEAKED) {
            // A path to what holds it was found: whoever looked for it has told it already.
            return;
        }
        switch (view.verdict()) {
            case COLLECTED -> {
                if (before == Verdict.LEAKED) {
                    LOG.info("{} had leaked, and has gone after all, {} after it left", name, took(view));
                } else {
                    LOG.info("{} has gone: its class loader was collected {} after it left", name, took(view));
                }
            }
            case IN_USE -> LOG.info("{} has left, and stays in memory: these still use it: {}", name, users(view));
            case LEAKED ->
                LOG.warn(
                        "{} has leaked: a collection came by that would have taken its class loader. {} The path to what holds"
                                + " it: POST /api/v1/unload/explain, with number={}",
                        name,
                        culprits(view),
                        view.number());
            default ->
                view.note()
                        .ifPresentOrElse(
                                note -> LOG.info("{} is still in memory, and nobody is accused yet: {}", name, note),
                                () -> LOG.debug("{} has left", name));
        }
    }

    private static String took(UnloadView view) {
        return view.took()
                .map(took -> String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0))
                .orElse("some time");
    }

    private static String users(UnloadView view) {
        return String.join(", ", view.users());
    }

    private static String culprits(UnloadView view) {
        String seen = view.culprits().isEmpty()
                ? "What holds it wasn't found."
                : Fold.line("What holds it: "
                        + view.culprits().stream().map(Journal::culprit).collect(Collectors.joining(" ")));
        return view.unseen().isEmpty()
                ? seen
                : seen + " Nobody could look here: " + Fold.line(String.join("; ", view.unseen())) + ".";
    }

    private static String culprit(Culprit culprit) {
        return culprit.what() + ". " + culprit.advice();
    }
}
