package dev.sluice.deployer.service;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.ReleasedView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.deploy.Earlier;
import dev.sluice.deployer.deploy.FolderListener;
import dev.sluice.deployer.deploy.Parts;
import dev.sluice.deployer.ledger.LedgerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What an operator asks of the past, and for it. Safe for any thread. */
final class Operations {

    private static final String NOT_YET =
            "what was last published isn't back yet: ask again when the container is ready";

    private final Parts parts;
    private final Earlier earlier;
    private final FolderListener listener;
    private final BooleanSupplier isReady;

    /** @param isReady whether what was last published is back */
    Operations(Parts parts, Earlier earlier, FolderListener listener, BooleanSupplier isReady) {
        this.parts = parts;
        this.earlier = earlier;
        this.listener = listener;
        this.isReady = isReady;
    }

    List<PublicationView> history(int most) {
        List<LedgerRecord.Past> all = parts.ledger().history().publications();
        List<PublicationView> newest = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0 && newest.size() < most; i--) {
            LedgerRecord.Past past = all.get(i);
            newest.add(new PublicationView(
                    past.number(), past.at(), past.by(), past.cause(), past.came(), past.went(), unloads(past)));
        }
        return newest;
    }

    private List<ReleasedView> unloads(LedgerRecord.Past past) {
        return past.verdicts().stream()
                .map(released -> parts.witness().view(past.number(), released))
                .toList();
    }

    List<ContentView> kept(String target) {
        return earlier.kept(target);
    }

    CompletableFuture<RollBack> rollBack(String target, String to) {
        return notYet().orElseGet(() -> {
            // Here, as it reads all of the content, which the watch's thread is not to wait for.
            Earlier.Choice choice = earlier.find(target, to);
            return choice instanceof Earlier.Choice.Content content
                    ? listener.rollBack(content.artifact(), operator())
                    : CompletableFuture.completedFuture(((Earlier.Choice.None) choice).why());
        });
    }

    CompletableFuture<RollBack> rollForward(String target) {
        return notYet().orElseGet(() -> listener.rollForward(earlier.file(target), operator()));
    }

    CompletableFuture<RolloutOrder> pause(String target) {
        return order(() -> listener.orders().pause(target, operator()));
    }

    CompletableFuture<RolloutOrder> resume(String target) {
        return order(() -> listener.orders().resume(target, operator()));
    }

    CompletableFuture<RolloutOrder> promote(String target) {
        return order(() -> listener.orders().promote(target, operator()));
    }

    CompletableFuture<RolloutOrder> abort(String target) {
        return order(() -> listener.orders().abort(target, operator()));
    }

    private CompletableFuture<RolloutOrder> order(Supplier<CompletableFuture<RolloutOrder>> order) {
        return isReady.getAsBoolean()
                ? order.get()
                : CompletableFuture.completedFuture(new RolloutOrder(RolloutOrder.Outcome.REFUSED, NOT_YET));
    }

    private static String operator() {
        return Operator.current().orElse("(not named)");
    }

    private Optional<CompletableFuture<RollBack>> notYet() {
        return isReady.getAsBoolean()
                ? Optional.empty()
                : Optional.of(CompletableFuture.completedFuture(new RollBack(RollBack.Outcome.REFUSED, NOT_YET)));
    }
}
