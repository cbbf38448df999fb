package dev.sluice.deployer.integrity;

import dev.sluice.deployer.ledger.LedgerState;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Notices that a version which had all requests was taken back: what was refused as a lower one may come now. For one thread.
 */
final class BakesOver {

    private final PublishedBefore published;
    private final BooleanSupplier matters;
    private Map<String, String> before = Map.of();
    private boolean isTakenBack;

    /** @param matters whether lower versions are refused */
    BakesOver(PublishedBefore published, BooleanSupplier matters) {
        this.published = published;
        this.matters = matters;
    }

    /** {@return whether one was taken back since this was asked last} */
    boolean haveCome() {
        note();
        boolean answer = isTakenBack;
        isTakenBack = false;
        return answer;
    }

    /** Takes note of what has all requests now: a file may be refused for what bakes between two looks only. */
    void note() {
        Map<String, String> now = new HashMap<>();
        if (matters.getAsBoolean()) {
            // In this order: what bakes may be over in between, and is known to be published then.
            now.putAll(published.baking());
            published.highest().forEach((name, version) -> now.merge(name, version, LedgerState::higher));
        }
        isTakenBack |=
                before.entrySet().stream().anyMatch(was -> isLower(now.getOrDefault(was.getKey(), ""), was.getValue()));
        before = Map.copyOf(now);
    }

    private static boolean isLower(String one, String other) {
        return !LedgerState.higher(one, other).equals(one);
    }
}
