package dev.sluice.deployer.integrity;

import dev.sluice.deployer.CheckOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * By what files are judged now: the operator's policy, the trusted keys, and the checks of others. Notices when that changes.
 * Safe for any thread, but for {@link #haveChanged} and {@link #note}, which are for one.
 */
public final class Standards {

    /** {@return standards that never change and ask for nothing} */
    static Standards none() {
        return new Standards(() -> IntegrityPolicy.DEFAULT, Path.of("trust"), Optional.empty(), alarms -> {});
    }

    private record Picture(IntegrityPolicy policy, TrustFolder.Contents trust, Object checks) {}

    private final Supplier<IntegrityPolicy> policy;
    private final TrustFolder trust;
    private final Optional<Checks> checks;
    private final Consumer<Set<String>> alarms;
    private Optional<Picture> last = Optional.empty();
    private boolean changed;

    /**
     * @param policy asked each time, so that a changed configuration counts at once
     * @param trust the folder of the trusted keys, {@code conf/trust}
     * @param checks the checks of others
     * @param alarms takes what an operator should look at, all of it each time
     */
    public Standards(
            Supplier<IntegrityPolicy> policy, Path trust, Optional<Checks> checks, Consumer<Set<String>> alarms) {
        this.policy = policy;
        this.trust = new TrustFolder(trust);
        this.checks = checks;
        this.alarms = alarms;
    }

    IntegrityPolicy policy() {
        return policy.get();
    }

    TrustFolder trust() {
        return trust;
    }

    List<Checks.Named> checks() {
        return checks.map(Checks::present).orElse(List.of());
    }

    CheckOutcome ask(Checks.Named check, Checks.Question question) throws Exception {
        return checks.orElseThrow().ask(check, question);
    }

    /** {@return whether files may be looked into that haven't been verified: not where only signed ones are let in, or may be} */
    public boolean areUnverifiedReadable() {
        IntegrityPolicy now = policy();
        return now.signature() == Presence.OFF && now.unread().isEmpty();
    }

    boolean haveChanged() {
        note();
        boolean answer = changed;
        changed = false;
        return answer;
    }

    /** Takes note of what holds now: a file may be judged by what holds between two looks only. */
    void note() {
        IntegrityPolicy now = policy();
        // Keys that nobody asks for are none of an operator's worries.
        TrustFolder.Contents keys = now.signature() == Presence.OFF ? TrustFolder.Contents.NONE : trust.read();
        Picture picture = new Picture(now, keys, checks.map(Checks::fingerprint).orElse(Set.of()));
        if (last.equals(Optional.of(picture))) {
            return;
        }
        changed |= last.isPresent();
        last = Optional.of(picture);
        alarms.accept(alarms(now, keys));
    }

    private Set<String> alarms(IntegrityPolicy now, TrustFolder.Contents keys) {
        Set<String> sentences = new TreeSet<>();
        keys.problems().forEach(problem -> sentences.add("The key " + problem));
        if (now.signature() == Presence.REQUIRED && keys.keys().isEmpty()) {
            sentences.add(
                    "Nothing can be deployed: deploy.signature=required asks for signatures, and " + trust.dir()
                            + " has no key that can be used. Put the signer's public key there, as a file whose name ends in .pem");
        }
        return sentences;
    }
}
