package dev.sluice.deployer.integrity;

import dev.sluice.deployer.ArtifactBundle;
import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.ArtifactFile;
import dev.sluice.deployer.CheckOutcome;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.artifact.Unpacking;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.Verdict.Retry;
import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.store.StoredCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All that is asked about one private copy, in order; the first that has something against it decides: the container's own
 * checks of the bytes, those of others, the verification of the ZIP and its manifest, the container's own checks of the
 * bundle, those of others. What is the container's own runs on the calling thread. From the first question to a check of
 * others on, it goes on another.
 */
public final class Inspection {

    /** How many files others' checks are asked about at the same time. */
    private static final int AT_ONCE = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private final Verification verification;
    private final Standards standards;
    private final List<ArtifactCheck> own;
    private final Predicate<String> isPublished;
    private final Optional<BakesOver> bakes;
    private final Inquiries inquiries = new Inquiries(AT_ONCE);

    /**
     * @param folder the deploy folder, where the sidecars are
     * @param verification decides about ZIP and manifest
     * @param standards what is asked now
     * @param published what was published before
     */
    public Inspection(Path folder, Verification verification, Standards standards, PublishedBefore published) {
        this(
                verification,
                standards,
                List.of(
                        new DigestCheck(folder, () -> standards.policy().sha256()),
                        new SignatureCheck(folder, standards.trust(), () -> standards
                                .policy()
                                .signature()),
                        new DowngradeCheck(published, () -> standards.policy().refuseDowngrade())),
                published::isPublished,
                Optional.of(new BakesOver(published, () -> standards.policy().refuseDowngrade())));
    }

    private Inspection(
            Verification verification,
            Standards standards,
            List<ArtifactCheck> own,
            Predicate<String> isPublished,
            Optional<BakesOver> bakes) {
        this.isPublished = isPublished;
        this.bakes = bakes;
        this.verification = verification;
        this.standards = standards;
        this.own = own;
    }

    /** {@return one that asks for nothing beside what every bundle needs} */
    public static Inspection of(Verification verification) {
        return new Inspection(verification, Standards.none(), List.of(), sha256 -> false, Optional.empty());
    }

    /** {@return the limits that hold now} */
    public VerificationLimits limits() {
        return verification.limits();
    }

    /** {@return what of a file can be told by its copy, without any rule} */
    public Verdict verify(String file, StoredCopy copy) {
        return verification.verify(file, copy);
    }

    /**
     * {@return whether the rules, keys or checks, or what counts as published, have changed since this was asked last} Raises and takes back the alarms about
     * them. For one thread.
     */
    public boolean haveStandardsChanged() {
        // Both are to be asked: each answers for the time since it was asked last.
        return standards.haveChanged() | bakes.map(BakesOver::haveCome).orElse(false);
    }

    /**
     * Inspects a copy, which must not change meanwhile. For one thread.
     *
     * @param file the name that the content has in the deploy folder
     * @param copy the private copy
     * @return the verdict; complete already if no check of others has to be asked. Cancelling it ends the inspection
     */
    public CompletableFuture<Verdict> inspect(String file, StoredCopy copy) {
        standards.note();
        bakes.ifPresent(BakesOver::note);
        if (isPublished.test(copy.sha256())) {
            return CompletableFuture.completedFuture(onceMore(file, copy));
        }
        Optional<String> unread = standards.policy().unread();
        if (unread.isPresent()) {
            return CompletableFuture.completedFuture(new Verdict.Waiting(file, unread.get()));
        }
        List<String> notes = new ArrayList<>();
        ArtifactFile shown = shown(file, copy);
        Optional<Verdict> against = askOwnOfFile(shown, notes);
        if (against.isPresent()) {
            return CompletableFuture.completedFuture(against.get());
        }
        IntegrityPolicy policy = standards.policy();
        List<Checks.Named> others = standards.checks();
        Set<String> missing = new TreeSet<>(policy.requiredChecks());
        missing.removeAll(Checks.names(others));
        if (!missing.isEmpty() && policy.checkProviders().isEmpty()) {
            return CompletableFuture.completedFuture(waitsForChecks(file, missing));
        }
        return others.isEmpty()
                ? CompletableFuture.completedFuture(asBundle(shown, copy, policy, missing, notes, Optional.empty()))
                : inquiries.begin(file, inquiry -> byOthers(inquiry, others, shown, copy, policy, missing, notes));
    }

    /** {@return whether checks of others are asked, each of which takes its own time} */
    public boolean asksOthers() {
        return !standards.checks().isEmpty();
    }

    /** What is published was let in, and a file that is renamed must not take it out for want of a sidecar. */
    private Verdict onceMore(String file, StoredCopy copy) {
        Verdict verdict = verification.verify(file, copy);
        return verdict instanceof Verdict.Accepted accepted
                ? new Verdict.Accepted(
                        accepted.artifact().verifiedBy(audit(file, copy).verified()))
                : verdict;
    }

    private Verdict byOthers(
            Inquiry inquiry,
            List<Checks.Named> others,
            ArtifactFile shown,
            StoredCopy copy,
            IntegrityPolicy policy,
            Set<String> missing,
            List<String> notes) {
        Function<Checks.Question, Optional<Verdict>> ask = question -> {
            for (Checks.Named check : others) {
                CheckOutcome outcome =
                        inquiry.ask(check.name(), policy.checkTimeout(), () -> standards.ask(check, question));
                Optional<Verdict> against = against(shown, named(check.name(), outcome), notes);
                if (against.isPresent()) {
                    return against;
                }
            }
            return altered(shown, copy);
        };
        Optional<Verdict> against = ask.apply(check -> check.checkFile(shown));
        return against.isPresent()
                ? against.get()
                : asBundle(
                        shown,
                        copy,
                        policy,
                        missing,
                        notes,
                        Optional.of(bundle -> ask.apply(check -> check.checkBundle(bundle))));
    }

    /** What is installed is what was verified, whatever a check has done to it. */
    private static Optional<Verdict> altered(ArtifactFile shown, StoredCopy copy) {
        try {
            return Sha256.of(copy.path()).equals(copy.sha256())
                    ? Optional.empty()
                    : Optional.of(refused(shown, "One of the checks has changed its private copy. Mend the check."));
        } catch (IOException e) {
            return Optional.of(
                    refused(
                            shown,
                            "Its private copy can't be read any more (" + e
                                    + "). Look at the disk of the data directory, and at the checks; then copy the file again."));
        }
    }

    private Verdict asBundle(
            ArtifactFile shown,
            StoredCopy copy,
            IntegrityPolicy policy,
            Set<String> missing,
            List<String> notes,
            Optional<Function<ArtifactBundle, Optional<Verdict>>> others) {
        Verdict verdict = verification.verify(shown.name(), copy);
        if (!(verdict instanceof Verdict.Accepted accepted)) {
            return verdict;
        }
        Artifact artifact = accepted.artifact();
        if (!missing.isEmpty() && !providesOnlyChecks(artifact, policy)) {
            return waitsForChecks(shown.name(), missing);
        }
        for (Artifact one : artifact.bundles()) {
            ArtifactBundle bundle;
            try {
                // The container's own checks need no headers.
                bundle = bundle(shown, one, others.isPresent() ? headers(copy, one) : Map.of());
            } catch (IOException e) {
                return refused(shown, "Its manifest can't be read again (" + e + "). Copy the file again.");
            }
            Optional<Verdict> against = askOwn(shown, notes, check -> check.checkBundle(bundle))
                    .or(() -> others.flatMap(ask -> ask.apply(bundle)));
            if (against.isPresent()) {
                return of(one, against.get());
            }
        }
        return new Verdict.Accepted(
                artifact.verifiedBy(notes.stream().distinct().toList()));
    }

    private static boolean providesOnlyChecks(Artifact artifact, IntegrityPolicy policy) {
        return artifact.bundles().stream().map(Artifact::symbolicName).allMatch(policy.checkProviders()::contains);
    }

    private static Map<String, String> headers(StoredCopy copy, Artifact bundle) throws IOException {
        return ArtifactNames.isMember(bundle.file())
                ? Unpacking.headers(copy.path(), bundle.file())
                : Verification.headers(copy.path());
    }

    /** {@return the same, saying of which bundle of a release it is} */
    private static Verdict of(Artifact bundle, Verdict against) {
        if (!ArtifactNames.isMember(bundle.file())) {
            return against;
        }
        String entry = ArtifactNames.entry(bundle.file()) + ": ";
        return against instanceof Verdict.Refused refused
                ? new Verdict.Refused(refused.file(), refused.sha256(), entry + refused.message(), refused.retry())
                : new Verdict.Waiting(against.file(), entry + ((Verdict.Waiting) against).message());
    }

    /** All that it waits for is said at once: who puts one sidecar there needn't be told of the other then. */
    private Optional<Verdict> askOwnOfFile(ArtifactFile shown, List<String> notes) {
        List<String> missing = new ArrayList<>();
        for (ArtifactCheck check : own) {
            Optional<Verdict> against = against(shown, answer(check, asked -> asked.checkFile(shown)), notes);
            if (against.isPresent() && !(against.get() instanceof Verdict.Waiting)) {
                return against;
            }
            against.map(Verdict.Waiting.class::cast)
                    .map(Verdict.Waiting::message)
                    .ifPresent(missing::add);
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Verdict.Waiting(shown.name(), String.join("; and ", missing)));
    }

    private Optional<Verdict> askOwn(ArtifactFile shown, List<String> notes, Checks.Question question) {
        for (ArtifactCheck check : own) {
            Optional<Verdict> against = against(shown, answer(check, question), notes);
            if (against.isPresent()) {
                return against;
            }
        }
        return Optional.empty();
    }

    private static CheckOutcome answer(ArtifactCheck check, Checks.Question question) {
        try {
            return question.ask(check);
        } catch (Exception e) {
            return CheckOutcome.refused(check.getClass().getSimpleName() + " failed: " + e);
        }
    }

    /** {@return the same, saying whose it is} */
    private static CheckOutcome named(String check, CheckOutcome outcome) {
        if (outcome instanceof CheckOutcome.Refused refused) {
            return CheckOutcome.refused("The check '" + check + "' refuses it: " + refused.reason());
        }
        return outcome instanceof CheckOutcome.Waiting waiting
                ? CheckOutcome.waiting("the check '" + check + "' says: " + waiting.reason())
                : outcome;
    }

    private static Optional<Verdict> against(ArtifactFile shown, CheckOutcome outcome, List<String> notes) {
        if (outcome instanceof CheckOutcome.Passed passed) {
            passed.note().ifPresent(notes::add);
            return Optional.empty();
        }
        if (outcome instanceof CheckOutcome.Waiting waiting) {
            return Optional.of(new Verdict.Waiting(shown.name(), waiting.reason()));
        }
        return Optional.of(refused(shown, ((CheckOutcome.Refused) outcome).reason()));
    }

    private static Verdict refused(ArtifactFile shown, String message) {
        return new Verdict.Refused(shown.name(), Optional.of(shown.sha256()), message, Retry.AT_OTHER_RULES);
    }

    private static Verdict waitsForChecks(String file, Set<String> missing) {
        return new Verdict.Waiting(
                file,
                "the check" + (missing.size() == 1 ? " " : "s ") + String.join(", ", missing)
                        + ", without which deploy.checks.required lets nothing in, "
                        + (missing.size() == 1 ? "isn't" : "aren't")
                        + " there: start the bundle that brings it; if it comes out of the deploy folder, name it in"
                        + " deploy.checks.providers");
    }

    /**
     * What would be said today of content that was let in earlier.
     *
     * @param against why it would not be let in by what stands beside it; empty if it would
     * @param verified what was verified of it
     */
    public record Audit(Optional<String> against, List<String> verified) {}

    /** {@return what the container's own checks of the bytes say of content that is deployed already} */
    public Audit audit(String file, StoredCopy copy) {
        List<String> notes = new ArrayList<>();
        ArtifactFile shown = shown(file, copy);
        Optional<Verdict> against = askOwnOfFile(shown, notes);
        return new Audit(
                against.map(verdict -> verdict instanceof Verdict.Refused refused
                        ? refused.message()
                        : ((Verdict.Waiting) verdict).message()),
                List.copyOf(notes));
    }

    private static ArtifactFile shown(String file, StoredCopy copy) {
        return new ArtifactFile(file, copy.path(), copy.sha256(), copy.size());
    }

    private static ArtifactBundle bundle(ArtifactFile shown, Artifact artifact, Map<String, String> headers) {
        return new ArtifactBundle(
                shown,
                artifact.symbolicName(),
                artifact.version(),
                headers,
                artifact.declared().stream()
                        .map(one -> new ArtifactBundle.Declared(one.name(), one.paths(), one.failOpen()))
                        .toList());
    }
}
