package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.security.ProtectionDomain;
import java.util.Arrays;

/**
 * What a thread keeps of who made it, on JDKs before 24: the protection domains of all classes that were on the stack at that
 * moment, and a domain has its class loader. So a pool of others that grows while the bundle calls it holds the bundle.
 */
@SuppressWarnings({"removal", "deprecation"})
final class InheritedContext {

    private final VarHandle inherited;
    private final Field domains;

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if it can't be looked at
     */
    InheritedContext(Opened opened) throws UnseenException {
        boolean there = ThreadParts.has("inheritedAccessControlContext");
        this.inherited = there ? opened.handle(Thread.class, "inheritedAccessControlContext") : null;
        this.domains = there ? opened.field(java.security.AccessControlContext.class, "context") : null;
    }

    /** {@return whether a thread was made by code of the bundle, and keeps that} */
    boolean isOf(Suspect suspect, Thread thread) {
        if (inherited == null) {
            return false;
        }
        Object context = inherited.getVolatile(thread);
        return context != null && Opened.get(domains, context) instanceof ProtectionDomain[] all && anyOf(suspect, all);
    }

    /**
     * Replaces it by one without the bundle's domains: nobody but a security manager asks for them, so with one nothing is done.
     *
     * @return whether it was replaced
     */
    boolean forget(Suspect suspect, Thread thread) {
        Object context = inherited.getVolatile(thread);
        if (System.getSecurityManager() != null
                || context == null
                || !(Opened.get(domains, context) instanceof ProtectionDomain[] all)) {
            return false;
        }
        ProtectionDomain[] others =
                Arrays.stream(all).filter(domain -> !isOf(suspect, domain)).toArray(ProtectionDomain[]::new);
        return inherited.compareAndSet(
                thread, (java.security.AccessControlContext) context, new java.security.AccessControlContext(others));
    }

    private static boolean anyOf(Suspect suspect, ProtectionDomain[] domains) {
        return Arrays.stream(domains).anyMatch(domain -> isOf(suspect, domain));
    }

    private static boolean isOf(Suspect suspect, ProtectionDomain domain) {
        return domain != null && domain.getClassLoader() == suspect.loader();
    }
}
