package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.lang.invoke.VarHandle;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/**
 * Factories, handlers and defaults of the JVM's network classes. Set back is only what the JVM begins without. A proxy selector, a
 * hostname verifier and what has to do with TLS are only named: none of them can be set back to what the JVM began with, and any
 * other choice of ours would change whom connections are made to, or trusted.
 */
public final class UrlHandlers implements Search {

    private static final String REMEDY =
            "set it back to what it was when you stop, or give it to the single connection or client";

    /** Made for the list of searches. */
    public UrlHandlers() {}

    @Override
    public String name() {
        return "url.handlers";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        named(look, "URLStreamHandlerFactory", look.get(URL.class, "factory", null));
        named(look, "ContentHandlerFactory", look.get(URLConnection.class, "factory", null));
        table(look, "URLStreamHandler", look.get(URL.class, "handlers", null));
        table(look, "ContentHandler", look.get(URLConnection.class, "handlers", null));

        // The getter would read the JVM's own, if there is none yet.
        VarHandle names = look.handle(URLConnection.class, "fileNameMap");
        Object map = names == null ? null : names.getVolatile();
        settable(look, "FileNameMap", map, () -> names.compareAndSet(map, null));

        settable(look, Authenticator.class, Authenticator::getDefault, Authenticator::setDefault);
        settable(look, CookieHandler.class, CookieHandler::getDefault, CookieHandler::setDefault);
        settable(look, ResponseCache.class, ResponseCache::getDefault, ResponseCache::setDefault);

        named(look, "ProxySelector", ProxySelector.getDefault());
        named(look, "HostnameVerifier", HttpsURLConnection.getDefaultHostnameVerifier());
        named(look, "SSLSocketFactory", look.get(HttpsURLConnection.class, "defaultSSLSocketFactory", null));
        Object context = look.get(SSLContext.class, "defaultContext", null);
        named(look, "SSLContext", context);
        if (context != null && !look.owns(context)) {
            named(look, "SSLContext's implementation", look.get(SSLContext.class, "contextSpi", context));
        }
        return look.end();
    }

    private static void named(Look look, String what, Object value) {
        if (look.owns(value)) {
            look.found(Kind.URL_HANDLER, "the default " + what + ", " + Wording.type(value), REMEDY);
        }
    }

    /** @param type has the default, and is the lock of its own setter */
    private static <T> void settable(Look look, Class<T> type, Supplier<T> now, Consumer<T> set) {
        T value = now.get();
        settable(look, type.getSimpleName(), value, () -> {
            synchronized (type) {
                // The next version may have set its own since we looked.
                boolean still = now.get() == value;
                if (still) {
                    set.accept(null);
                }
                return still;
            }
        });
    }

    private static void settable(Look look, String what, Object value, BooleanSupplier reset) {
        if (look.owns(value)) {
            String type = Wording.type(value);
            look.found(Kind.URL_HANDLER, "the default " + what + ", " + type, REMEDY, () -> {
                boolean done = reset.getAsBoolean();
                return (done ? "set back the default " : "found set anew the default ") + what + ", which was left as "
                        + type;
            });
        }
    }

    private static void table(Look look, String what, Object table) {
        if (!(table instanceof Map<?, ?> map)) {
            return;
        }
        List<Map.Entry<?, ?>> entries = new ArrayList<>();
        synchronized (map) {
            entries.addAll(map.entrySet());
        }
        for (Map.Entry<?, ?> entry : entries) {
            Object value = entry.getValue();
            if (look.owns(value)) {
                String name = what + ' ' + Wording.type(value) + " for \"" + entry.getKey() + '"';
                look.found(
                        Kind.URL_HANDLER,
                        name,
                        "have no factory of such handlers, or a URLStreamHandlerService",
                        () -> {
                            // A table of the JDK's that is only a cache: the next that needs one asks the factory.
                            map.values().removeIf(one -> one == value);
                            return "removed " + name + ", which was left in the JVM's cache";
                        });
            }
        }
    }
}
