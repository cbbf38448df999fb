package dev.sluice.chain.snapshot;

import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.split.Canary;
import dev.sluice.chain.split.Option;
import dev.sluice.chain.split.Rule;
import java.util.Optional;

/** By what one place's requests are shared among its versions: an operator's rule, or a rollout's split. */
sealed interface Terms {

    /** {@return what the choice is made for} One group has one choice for each request. */
    String group();

    /** {@return by what a client is told again} */
    Sticky sticky();

    /** {@return the version for whoever asks for it} */
    Optional<Canary> canary();

    /** {@return what a version takes part as; empty if this says nothing of it} */
    Optional<Option> option(UnitVersion version, String symbolicName, long bundleId);

    /** An operator's: whoever it doesn't name has no share. */
    record OfOperator(Rule rule) implements Terms {

        @Override
        public String group() {
            return rule.subject().name();
        }

        @Override
        public Sticky sticky() {
            return rule.sticky();
        }

        @Override
        public Optional<Canary> canary() {
            return rule.canary();
        }

        @Override
        public Optional<Option> option(UnitVersion version, String symbolicName, long bundleId) {
            if (rule.subject().byBundle() && !rule.subject().name().equals(symbolicName)) {
                return Optional.empty();
            }
            String identity = version.toString();
            return Optional.of(new Option(identity, rule.weight(identity)));
        }
    }

    /** A rollout's. */
    record OfRollout(Split split) implements Terms {

        @Override
        public String group() {
            return split.group();
        }

        @Override
        public Sticky sticky() {
            return split.sticky();
        }

        @Override
        public Optional<Canary> canary() {
            return Optional.empty();
        }

        @Override
        public Optional<Option> option(UnitVersion version, String symbolicName, long bundleId) {
            return split.shares().stream()
                    .filter(share -> share.bundleId() == bundleId)
                    .findFirst()
                    .map(OfRollout::option);
        }

        private static Option option(Share share) {
            return new Option(share.identity(), share.weight());
        }
    }
}
