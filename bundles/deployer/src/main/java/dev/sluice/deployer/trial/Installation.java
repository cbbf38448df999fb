package dev.sluice.deployer.trial;

import dev.sluice.chain.ChainControl;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Unresolved;
import dev.sluice.deployer.leaving.Disposal;
import dev.sluice.unload.Departure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** The steps install and claim, and the way back. Confined to the deployer's thread. */
public final class Installation {

    private static final String LOCATION = "sluice:";

    private final BundleContext context;
    private final Bundle framework;
    private final ChainControl chain;
    private final Disposal disposal;
    private final Supplier<Set<Long>> left;
    private final Unresolved unresolved;
    private final AtomicReference<Set<Long>> excluded = new AtomicReference<>(Set.of());
    private final AtomicLong next = new AtomicLong();

    /** @param left the ids of bundles that have left the chain and aren't released yet */
    public Installation(BundleContext context, ChainControl chain, Disposal disposal, Supplier<Set<Long>> left) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        this.chain = chain;
        this.disposal = disposal;
        this.left = left;
        this.unresolved = new Unresolved(context);
    }

    /** {@return whether the framework is going down: nothing can be installed or started, whatever its content} */
    public boolean isStopping() {
        return (framework.getState() & (Bundle.STARTING | Bundle.ACTIVE)) == 0;
    }

    /** {@return why something has failed: a framework that goes down makes everything fail} */
    public Failure cause(Failure failure) {
        return isStopping() ? Trials.stopping() : failure;
    }

    /** {@return whether a bundle came out of the deploy folder} */
    public static boolean isOurs(Bundle bundle) {
        return bundle.getLocation().startsWith(LOCATION);
    }

    /** {@return the digest of the content that a bundle of ours was installed from} */
    public static String digest(Bundle bundle) {
        String location = bundle.getLocation();
        int end = location.lastIndexOf('#');
        return location.substring(LOCATION.length(), end < 0 ? location.length() : end);
    }

    /** {@return what keeps new bundles from being wired to those that leave} */
    public ResolverHookFactory freshWiring() {
        return new FreshWiring(excluded::get);
    }

    /** The step install. */
    public void install(Candidate candidate) {
        Artifact artifact = candidate.artifact();
        candidate.entry().to(DeploymentState.VERIFIED);
        try (InputStream content = Files.newInputStream(artifact.stored())) {
            Bundle bundle = context.installBundle(freeLocation(artifact.sha256()), content);
            candidate.installed(bundle.getBundleId());
            toItsStartLevel(bundle);
            candidate.entry().to(DeploymentState.INSTALLED);
        } catch (BundleException e) {
            candidate.failed(notTaken(e));
        } catch (IllegalStateException e) {
            // The deployer's bundle has stopped, and its context with it.
            candidate.failed(Trials.stopping());
        } catch (IOException e) {
            candidate.failed(Failure.ofBundles(
                    "its copy in the store can't be read: " + e + "; look at the disk, then copy the file again"));
        }
    }

    /**
     * Only if it hasn't that level from the framework's configuration. The framework deals with a change on its one thread for
     * start levels, later: by then the bundle may be in its start, and while that hangs, the framework could neither change
     * its own level nor stop.
     */
    private void toItsStartLevel(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        if (level.getStartLevel() != startLevel()) {
            level.setStartLevel(startLevel());
        }
    }

    /** Its content was verified: a failure to read or write is the disk's, unless it is one of the ZIP format. */
    private static Failure notTaken(BundleException e) {
        return e.getCause() instanceof IOException disk && !(disk instanceof ZipException)
                ? Failure.ofDisk("it can't be copied into the framework's cache (" + reason(disk)
                        + "). Look at the free space and the permissions of the cache directory; it is tried again by"
                        + " itself when there is room")
                : Failure.ofContent("the framework doesn't take it: " + e.getMessage());
    }

    /** Without the number that each attempt has anew: the same fault has to give the same words, or it would be news. */
    static String reason(IOException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\bbundle\\d+\\b", "bundle<n>");
    }

    /** {@return whether there seems to be room for a bundle in the framework's cache; so too if nobody knows where that is} */
    public boolean hasRoomFor(Artifact artifact) {
        String cache = context.getProperty(Constants.FRAMEWORK_STORAGE);
        return cache == null || new CacheRoom(Path.of(cache)).isThereFor(artifact);
    }

    /** The same content may be installed more than once: its last bundle may be draining still. */
    private String freeLocation(String sha256) {
        String location;
        do {
            location = LOCATION + sha256 + "#" + next.incrementAndGet();
        } while (context.getBundle(location) != null);
        return location;
    }

    /**
     * Below the deployer's own level. While the framework is on its way to a level, it puts off the start of bundles of
     * that level to its own thread, and {@code start} returns though nothing has started. And what is at the listeners' level
     * or above with a higher id stops before what it uses does.
     */
    private int startLevel() {
        return Math.max(1, context.getBundle().adapt(BundleStartLevel.class).getStartLevel() - 1);
    }

    /** @param unusable other bundles that nothing may be wired to, and why */
    void resolve(List<Candidate> candidates, Set<Long> leaving, Map<Long, String> unusable) {
        Set<Long> unwanted = new HashSet<>(left.get());
        unwanted.addAll(leaving);
        unwanted.addAll(unusable.keySet());
        excluded.set(Set.copyOf(unwanted));
        List<Bundle> bundles = candidates.stream().map(this::bundle).toList();
        // The answer is one for all of them: the bundles' states tell more.
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .resolveBundles(bundles);
        for (Candidate candidate : candidates) {
            Bundle bundle = bundle(candidate);
            if (bundle.getState() == Bundle.INSTALLED) {
                candidate.failed(Failure.ofBundles(unresolved.reason(bundle, excluded.get(), unusable)));
            }
        }
    }

    void claim(Candidate candidate) {
        try {
            candidate.claimed(chain.claim(candidate.bundleId().orElseThrow()));
            candidate.entry().to(DeploymentState.CLAIMED);
        } catch (IllegalStateException e) {
            candidate.failed(Failure.ofBundles("the chain doesn't take its claim: " + e.getMessage()));
        }
    }

    Bundle bundle(Candidate candidate) {
        return context.getBundle(candidate.bundleId().orElseThrow());
    }

    /** Other bundles may stop or uninstall it while it is tried, and it may do so itself. */
    void checkThatItStands(Candidate candidate) {
        if (candidate.isGood()) {
            Bundle bundle = bundle(candidate);
            if (bundle == null || bundle.getState() != Bundle.ACTIVE) {
                candidate.failed(Failure.ofBundles("its bundle was " + (bundle == null ? "uninstalled" : "stopped")
                        + " while it was tried, and not by the deployer: look in the log for what does that, then copy"
                        + " the file again"));
            }
        }
    }

    boolean isWired(Candidate requirer, Candidate provider) {
        if (requirer == provider || provider.bundleId().isEmpty()) {
            return false;
        }
        Bundle bundle = bundle(requirer);
        BundleWiring wiring = bundle == null ? null : bundle.adapt(BundleWiring.class);
        return wiring != null
                && wiring.getRequiredWires(null).stream()
                        .anyMatch(wire -> wire.getProvider().getBundle().getBundleId()
                                == provider.bundleId().getAsLong());
    }

    /** Leaves nothing of a failed candidate. Its stop runs its code, and so on another thread. */
    public void takeAway(Candidate candidate) {
        if (candidate.bundleId().isEmpty()) {
            return;
        }
        long id = candidate.bundleId().getAsLong();
        Departure departure = candidate.departure();
        disposal.execute(() -> {
            candidate.claim().ifPresent(claim -> claim.close());
            if (!candidate.isAbandoned()) {
                disposal.uninstall(id, departure);
            }
        });
    }
}
