package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        settable(
                look,
                "FileNameMap",
                look.get(URLConnection.class, "fileNameMap", null),
                () -> URLConnection.setFileNameMap(null));
        settable(look, "Authenticator", Authenticator.getDefault(), () -> Authenticator.setDefault(null));
        settable(look, "CookieHandler", CookieHandler.getDefault(), () -> CookieHandler.setDefault(null));
        settable(look, "ResponseCache", ResponseCache.getDefault(), () -> ResponseCache.setDefault(null));

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
            look.found(
                    Kind.URL_HANDLER,
                    "the default " + what + ", " + value.getClass().getName(),
                    REMEDY);
        }
    }

    private static void settable(Look look, String what, Object value, Runnable reset) {
        if (look.owns(value)) {
            String type = value.getClass().getName();
            look.found(Kind.URL_HANDLER, "the default " + what + ", " + type, REMEDY, () -> {
                reset.run();
                return "set back the default " + what + ", which was left as " + type;
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
                String name = what + ' ' + value.getClass().getName() + " for \"" + entry.getKey() + '"';
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
