package dev.sluice.deployer.integrity;

import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.ArtifactFile;
import dev.sluice.deployer.CheckOutcome;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Compares a file's digest with what {@code <file>.sha256} says: that it arrived as it was built. */
final class DigestCheck implements ArtifactCheck {

    private final Path folder;
    private final Supplier<Presence> asked;

    /**
     * @param folder where the sidecars are
     * @param asked what is asked of them now
     */
    DigestCheck(Path folder, Supplier<Presence> asked) {
        this.folder = folder;
        this.asked = asked;
    }

    @Override
    public CheckOutcome checkFile(ArtifactFile file) {
        Presence now = asked.get();
        if (now == Presence.OFF) {
            return CheckOutcome.passed();
        }
        String name = file.name() + Sidecar.SHA256;
        Sidecar sidecar = Sidecar.read(folder.resolve(name));
        if (sidecar instanceof Sidecar.Present present) {
            return compare(file, name, DigestLines.of(file.name(), present.content()));
        }
        if (sidecar instanceof Sidecar.Unusable unusable) {
            return CheckOutcome.refused("Its digest " + name + " " + unusable.why() + ". Put it right or delete it.");
        }
        return now == Presence.REQUIRED
                ? CheckOutcome.waiting(
                        "its digest " + name + " isn't there, and deploy.sha256=required demands it: put the"
                                + " output of sha256sum " + file.name() + " there")
                : CheckOutcome.passed();
    }

    private static CheckOutcome compare(ArtifactFile file, String name, DigestLines.Found found) {
        if (found.digest().isEmpty()) {
            return CheckOutcome.refused("Its digest " + name + " " + found.problem() + ".");
        }
        String expected = found.digest().get();
        return expected.equals(file.sha256())
                ? CheckOutcome.passed("sha256")
                : CheckOutcome.refused("Its SHA-256 is " + file.sha256() + ", and " + name + " says " + expected
                        + ": one of the two isn't what was built. Copy both again.");
    }
}
