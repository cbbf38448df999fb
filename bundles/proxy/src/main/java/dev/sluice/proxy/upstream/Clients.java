package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/** Makes clients, which share their threads, timers and buffers. Used by many threads: {@link #start} changes nothing here. */
final class Clients {

    /** As much as Jetty's own server takes, and a little more for what is added on the way. */
    private static final int HEADERS = 32 * 1024;

    /**
     * Less than the 16 KB that the listener can write, by what middleware may add to it: an answer with a larger head is a
     * failure of the upstream, and not one that nobody would get to know of.
     */
    private static final int ANSWER_HEADERS = 14 * 1024;

    private static final int BUFFER = 16 * 1024;

    /**
     * A ceiling, no size: threads come as they are needed and go after a minute. One is a client's selector; nothing else
     * blocks them but the JDK's resolver of names.
     */
    private static final int THREADS = 200;

    private final QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    private final Scheduler scheduler = new ScheduledExecutorScheduler("proxy-timer", true);
    private final ByteBufferPool buffers = new ArrayByteBufferPool();

    Clients() {
        threads.setName("proxy");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        LifeCycle.start(threads);
        LifeCycle.start(scheduler);
    }

    /** {@return a client, started} */
    HttpClient start(PoolSettings settings) {
        // Jetty finds parts of itself by ServiceLoader: with the bundle's class loader, whoever the thread belongs to.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Clients.class.getClassLoader());
        try {
            // What it finds by then is all that it ever has, and it looks when the class is used for the first time.
            if (new PreEncodedHttpField(HttpHeader.TE, "trailers").getEncodedLength(HttpVersion.HTTP_2) == 0) {
                throw new IllegalStateException("Fields can't be encoded for HTTP/2");
            }
            HttpClient client = client(settings);
            client.start();
            // Only once it is started: that is when it adds them.
            client.getProtocolHandlers().clear();
            client.getProtocolHandlers().put(new InterimAnswers());
            client.getContentDecoderFactories().clear();
            return client;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException("The connections can't be set up: " + e.getMessage(), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private HttpClient client(PoolSettings settings) {
        HttpClient client = new HttpClient(transport(settings));
        client.setName("proxy");
        client.setExecutor(threads);
        client.setScheduler(scheduler);
        client.setByteBufferPool(buffers);
        client.setConnectTimeout(settings.connectTimeout().toMillis());
        client.setAddressResolutionTimeout(settings.connectTimeout().toMillis());
        // Of connections; while one has a request, the request's own is in force.
        client.setIdleTimeout(settings.keepaliveTimeout().toMillis());
        client.setMaxConnectionsPerDestination(settings.connectionsMax());
        client.setMaxRequestsQueuedPerDestination(settings.queueMax());
        client.setMaxRequestHeadersSize(HEADERS);
        client.setMaxResponseHeadersSize(ANSWER_HEADERS);
        client.setResponseBufferSize(BUFFER);
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.setDefaultRequestContentType(null);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        return client;
    }

    private HttpClientTransport transport(PoolSettings settings) {
        ClientConnector connector = new Connector();
        connector.setSelectors(1);
        connector.setExecutor(threads);
        connector.setScheduler(scheduler);
        connector.setByteBufferPool(buffers);
        connector.setSslContextFactory(ssl(settings));
        Http1 http1 = new Http1();
        return switch (settings.http()) {
            case HTTP_1_1 -> {
                HttpClientTransportOverHTTP http = new HttpClientTransportOverHTTP(connector) {
                    @Override
                    public Destination newDestination(Origin origin) {
                        return new Waiting(getHttpClient(), origin);
                    }

                    @Override
                    public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
                        return http1.newConnection(endPoint, context);
                    }
                };
                // Well-known values keep their upper case.
                http.setHeaderCacheCaseSensitive(true);
                yield http;
            }
            // Without TLS the first is spoken; with TLS the upstream chooses.
            case HTTP_2 ->
                new HttpClientTransportDynamic(
                        connector,
                        new Http2(new HTTP2Client(connector)),
                        new HttpClientConnectionFactory.HTTP11(http1)) {
                    @Override
                    public Destination newDestination(Origin origin) {
                        return new Waiting(getHttpClient(), origin);
                    }
                };
        };
    }

    private static SslContextFactory.Client ssl(PoolSettings settings) {
        Tls tls = settings.tls();
        SslContextFactory.Client ssl = new SslContextFactory.Client(!tls.verify());
        if (!settings.https() && tls.trust().isEmpty()) {
            ssl.setSslContext(trustingNobody());
            return ssl;
        }
        if (!tls.verify()) {
            ssl.setEndpointIdentificationAlgorithm(null);
        } else {
            tls.trust().ifPresent(file -> ssl.setTrustStore(trusted(file)));
        }
        return ssl;
    }

    /** In place of the one that Jetty would make of all that the Java trusts, to speak TLS to nobody. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has TLS", e);
        }
    }

    private static KeyStore trusted(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(file + " holds no certificate: PEM is expected, with at least one");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : Anchors.inDate(file, certificates, Instant.now())) {
                store.setCertificateEntry("trusted-" + number++, certificate);
            }
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " can't be read as PEM with certificates: " + e.getMessage(), e);
        }
    }

    void stop() {
        LifeCycle.stop(scheduler);
        LifeCycle.stop(threads);
    }
}
