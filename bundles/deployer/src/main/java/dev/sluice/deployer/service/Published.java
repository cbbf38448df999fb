package dev.sluice.deployer.service;

import dev.sluice.deployer.integrity.PublishedBefore;
import dev.sluice.deployer.ledger.Ledger;
import java.util.Map;
import java.util.Optional;

/** What the ledger says of what was published. */
record Published(Ledger ledger) implements PublishedBefore {

    @Override
    public Optional<String> highest(String symbolicName) {
        return Optional.ofNullable(ledger.state().highest().get(symbolicName));
    }

    @Override
    public Map<String, String> highest() {
        return ledger.state().highest();
    }

    @Override
    public Map<String, String> baking() {
        return ledger.state().baking();
    }

    @Override
    public boolean isPublished(String sha256) {
        return ledger.state().published().values().stream()
                .anyMatch(artifact -> artifact.sha256().equals(sha256));
    }

    @Override
    public boolean isSuperseded(String sha256) {
        return ledger.state().superseded().containsValue(sha256);
    }
}
