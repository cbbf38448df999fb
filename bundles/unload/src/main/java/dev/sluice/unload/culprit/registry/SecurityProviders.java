package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;

/** Providers of {@link Security}. Engines that others got of one while it was registered are not found: {@code explain} names them. */
public final class SecurityProviders implements Search {

    private static final String REMEDY =
            "call Security.removeProvider when you stop, or pass the provider to getInstance and register none";

    /** Made for the list of searches. */
    public SecurityProviders() {}

    @Override
    public String name() {
        return "providers";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        for (Provider provider : Security.getProviders()) {
            if (look.owns(provider)) {
                provider(look, provider);
            }
        }
        return look.end();
    }

    private static void provider(Look look, Provider provider) {
        String type = Wording.type(provider);
        if (!(look.get(Provider.class, "name", provider) instanceof String name)
                || Look.overrides(provider, Provider.class, "getName")) {
            // It is removed by name, for which every provider is asked.
            look.found(Kind.SECURITY_PROVIDER, "security provider " + type, REMEDY);
            return;
        }
        look.found(Kind.SECURITY_PROVIDER, "security provider \"" + name + "\" (" + type + ')', REMEDY, () -> {
            boolean done = false;
            // Another may have the name by now, and this is the lock under which providers are added and removed.
            synchronized (Security.class) {
                if (Arrays.stream(Security.getProviders()).anyMatch(one -> one == provider)) {
                    Security.removeProvider(name);
                    done = true;
                }
            }
            return (done ? "removed" : "found removed") + " security provider " + type + ", which was left registered";
        });
    }
}
