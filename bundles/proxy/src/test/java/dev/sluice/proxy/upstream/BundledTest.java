package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Tls;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In a bundle: the library's classes are this bundle's, and the threads somebody else's. */
@Timeout(60)
class BundledTest {

    /** Runs within a loader that has nothing in common with the test's. */
    public static final class Inside implements Callable<Integer> {

        @Override
        public Integer call() {
            try (Pools pools = new Pools()) {
                pools.acquire(new PoolSettings(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(20),
                        10,
                        10,
                        false,
                        new Tls(Optional.empty(), true),
                        PoolSettings.Http.HTTP_2));
                // By a request, say.
                return new PreEncodedHttpField(HttpHeader.TE, "trailers").getEncodedLength(HttpVersion.HTTP_2);
            }
        }
    }

    @Test
    void fieldsCanBeEncodedForHttp2WhoeverTheThreadsBelongTo() throws Exception {
        URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> {
                    try {
                        return new File(entry).toURI().toURL();
                    } catch (java.net.MalformedURLException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toArray(URL[]::new);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader bundle = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
            Object inside = bundle.loadClass(Inside.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat((Integer) Callable.class.cast(inside).call()).isPositive();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
