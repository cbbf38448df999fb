package dev.sluice.deployer.deploy;

import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RolloutView;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.rollout.Decision;
import dev.sluice.deployer.rollout.Rollout;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One rollout under way: which contents it is about, and the share that the candidate has. Confined to the deployer's thread. */
final class Rolling {

    /**
     * What is to be carried out.
     *
     * @param decision what
     * @param cause what brought it about
     */
    record Pending(Decision decision, Cause cause) {}

    private String file;
    private final String symbolicName;
    private final String candidate;
    private String besideFile;
    private final String beside;
    private final Rollout rollout;
    private int share;
    private Optional<Pending> pending = Optional.empty();
    private boolean isDelayed;
    private boolean isWritten;
    private boolean isEndWritten;
    private Map<String, Arms> seen = Map.of();
    private Optional<RolloutView> lastView = Optional.empty();

    /**
     * @param file the candidate's file
     * @param candidate the digest of the candidate's content
     * @param besideFile what the old version is deployed from
     * @param beside the digest of its content
     */
    Rolling(String file, String symbolicName, String candidate, String besideFile, String beside, Rollout rollout) {
        this.file = file;
        this.symbolicName = symbolicName;
        this.candidate = candidate;
        this.besideFile = besideFile;
        this.beside = beside;
        this.rollout = rollout;
        this.share = share(rollout.first());
    }

    static int share(Decision decision) {
        if (decision instanceof Decision.SetShare part) {
            return part.hundredths();
        }
        return decision instanceof Decision.TakeBack ? 0 : RolloutPolicy.WHOLE;
    }

    String file() {
        return file;
    }

    String symbolicName() {
        return symbolicName;
    }

    String candidate() {
        return candidate;
    }

    String besideFile() {
        return besideFile;
    }

    String beside() {
        return beside;
    }

    Rollout rollout() {
        return rollout;
    }

    /** {@return the candidate's share of the requests, in hundredths of a percent} */
    int share() {
        return share;
    }

    void share(int hundredths) {
        share = hundredths;
    }

    boolean isShared() {
        return share > 0 && share < RolloutPolicy.WHOLE;
    }

    /** {@return whether the old version comes from the same file} */
    boolean isOfOneFile() {
        return LedgerRecord.RollingOut.isOfOneFile(besideFile);
    }

    void renamed(String before, String now) {
        file = file.equals(before) ? now : file;
        besideFile = besideFile.equals(before) ? now : besideFile;
        isWritten = false;
    }

    Optional<Pending> pending() {
        return pending;
    }

    void pending(Decision decision, Cause cause) {
        isWritten = false;
        isEndWritten = false;
        pending = decision instanceof Decision.Stay ? Optional.empty() : Optional.of(new Pending(decision, cause));
    }

    void carriedOut() {
        pending = Optional.empty();
    }

    /** {@return whether the ledger has what is to be carried out: it is tried each second, and written once} */
    boolean isWritten() {
        return isWritten;
    }

    void written() {
        isWritten = true;
    }

    /** {@return whether the ledger has that it is over, though the chain doesn't know yet} */
    boolean isEndWritten() {
        return isEndWritten;
    }

    void endWritten() {
        isEndWritten = true;
    }

    /** {@return whether it is told already that it can't go on for now} */
    boolean isDelayed() {
        return isDelayed;
    }

    void isDelayed(boolean now) {
        isDelayed = now;
    }

    /** {@return what was shown of it last, while both were there} */
    Optional<RolloutView> lastView() {
        return lastView;
    }

    void lastView(RolloutView view) {
        lastView = Optional.of(view);
    }

    Map<String, Arms> seen() {
        return seen;
    }

    void seen(Map<String, Arms> now) {
        seen = Map.copyOf(now);
    }

    LedgerRecord.RollingOut record(Instant at) {
        return new LedgerRecord.RollingOut(at, file, candidate, besideFile, beside, rollout.progress());
    }

    /** {@return how requests are shared; also with all of them it is a split, or nothing of the candidate would be counted} */
    Split split(long candidateBundle, long besideBundle) {
        return new Split(
                symbolicName,
                List.of(
                        new Share(candidateBundle, candidate, share),
                        new Share(besideBundle, beside, RolloutPolicy.WHOLE - share)),
                Sticky.parse(rollout.policy().sticky()));
    }
}
