package dev.sluice.deployer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides whether a file of the deploy folder may be deployed: a company's own rules, beside those of the container.
 *
 * <p>Whiteboard: register it as a service, with the service property {@link #NAME}. Each file with new content is shown to
 * every check that is there, first its bytes and then the bundle; it is deployed only if none has anything against it. A
 * check that throws, or hasn't answered within {@code deploy.check.timeout}, refuses the file. What is deployed already isn't
 * asked about again: a check that comes or changes touches nothing that runs; but what was refused, or waits, is then looked
 * at once more.
 *
 * <p>The methods are called on threads that are there for nothing else, for several files at the same time, and are
 * interrupted when their time is over. No lock of the container is held meanwhile. Both have a default that lets everything
 * pass; implement what you need.
 */
@ConsumerType
public interface ArtifactCheck {

    /**
     * The service property with the check's name (a {@code String}): it stands in the reasons that operators read, and
     * {@code deploy.checks.required} in the deployer's configuration demands a check by it. Without it the check is called by
     * the symbolic name of its bundle.
     */
    String NAME = "check.name";

    /**
     * Checks a file's bytes, before anything has been parsed of them.
     *
     * @param file the file, as a private copy
     * @return whether it may go on
     * @throws Exception counts as a refusal, with the exception as its reason
     */
    default CheckOutcome checkFile(ArtifactFile file) throws Exception {
        return CheckOutcome.passed();
    }

    /**
     * Checks a bundle whose ZIP and manifest were found good, before it is installed.
     *
     * @param bundle what its manifest says
     * @return whether it may go on
     * @throws Exception counts as a refusal, with the exception as its reason
     */
    default CheckOutcome checkBundle(ArtifactBundle bundle) throws Exception {
        return CheckOutcome.passed();
    }
}
