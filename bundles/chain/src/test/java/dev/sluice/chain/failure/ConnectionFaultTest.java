package dev.sluice.chain.failure;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.junit.jupiter.api.Test;

/** Against the classes that Jetty really throws. */
class ConnectionFaultTest {

    private static <T extends Throwable> T madeBy(T thrown, String... classes) {
        StackTraceElement[] frames = new StackTraceElement[classes.length];
        for (int i = 0; i < classes.length; i++) {
            frames[i] = new StackTraceElement(classes[i], "x", null, 1);
        }
        thrown.setStackTrace(frames);
        return thrown;
    }

    private static final String HANDLER = "com.example.Handler";
    private static final String READS = "org.eclipse.jetty.ee10.servlet.HttpInput";
    private static final String WRITES = "org.eclipse.jetty.ee10.servlet.HttpOutput";
    private static final String SERVES = "org.eclipse.jetty.server.Server";

    private static Optional<Throwable> in(Throwable thrown, boolean begun) {
        return ConnectionFault.in(thrown, ConnectionFaultTest.class.getClassLoader(), begun);
    }

    private static Optional<Throwable> in(Throwable thrown) {
        return in(thrown, false);
    }

    @Test
    void whatAClientDidIsOneAlsoInAWrapper() {
        Throwable gone = madeBy(new EofException(), WRITES, HANDLER);
        assertThat(in(gone)).containsSame(gone);
        assertThat(in(new ServletException(new RuntimeException(gone)))).containsSame(gone);
        assertThat(in(madeBy(new BadMessageException("x"), READS, HANDLER))).isPresent();
        assertThat(in(madeBy(new HttpException.RuntimeException(413, "x"), READS, HANDLER)))
                .isPresent();
        assertThat(in(madeBy(new HttpException.RuntimeException(500, "x"), READS, HANDLER)))
                .isEmpty();
    }

    @Test
    void whatTheContainersOwnInputAndOutputThrowsIsOne() {
        assertThat(in(madeBy(
                        new IOException("Broken pipe"),
                        "sun.nio.ch.IOUtil",
                        "org.eclipse.jetty.io.EndPoint",
                        WRITES,
                        HANDLER)))
                .isPresent();
        Throwable idle = madeBy(new TimeoutException("idle"), "org.eclipse.jetty.io.IdleTimeout");
        assertThat(in(madeBy(new IOException(idle), READS, HANDLER))).isPresent();
    }

    /** The threads that wait for sockets show nothing of who uses them. */
    @Test
    void whatShowsNoOriginIsOneOnceTheResponseHasBegun() {
        Throwable gone = madeBy(new EofException(), "org.eclipse.jetty.io.WriteFlusher", "java.lang.Thread");
        assertThat(in(gone, true)).containsSame(gone);
        assertThat(in(gone, false)).isEmpty();
    }

    @Test
    void whatBefallsABundlesOwnClientIsNone() {
        Throwable upstream = madeBy(
                new EofException(),
                "org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP",
                HANDLER,
                SERVES);
        assertThat(in(upstream, true)).isEmpty();
        assertThat(in(new ServletException(new ExecutionException(upstream)), true))
                .isEmpty();
        Throwable unseen = madeBy(new TimeoutException("idle"), "org.eclipse.jetty.io.IdleTimeout");
        Throwable request = madeBy(new IOException(unseen), "org.eclipse.jetty.client.HttpRequest", HANDLER, SERVES);
        assertThat(in(request, true)).isEmpty();
        assertThat(in(madeBy(new EofException(), HANDLER, SERVES))).isEmpty();
    }

    @Test
    void whatIsOfABundlesOwnJettyIsNone() {
        Throwable own = madeBy(new EofException(), WRITES, HANDLER);
        assertThat(ConnectionFault.in(own, ClassLoader.getPlatformClassLoader(), true))
                .isEmpty();
    }

    @Test
    void whatABundleDidIsNone() {
        assertThat(in(madeBy(new IOException("upstream"), "java.net.Socket", "org.x.Y", "org.eclipse.jetty.Z"), true))
                .isEmpty();
        assertThat(in(madeBy(new IllegalStateException("WRITER"), "org.eclipse.jetty.ee10.servlet.Response"), true))
                .as("a misuse of the response")
                .isEmpty();
        assertThat(in(new StackOverflowError(), true)).isEmpty();
        assertThat(in(
                        new Exception() {
                            @Override
                            public synchronized Throwable getCause() {
                                throw new IllegalStateException();
                            }
                        },
                        true))
                .isEmpty();
    }

    private static <T extends Throwable> T madeIn(T thrown, String... frames) {
        StackTraceElement[] stack = new StackTraceElement[frames.length];
        for (int i = 0; i < frames.length; i++) {
            int dot = frames[i].lastIndexOf('.');
            stack[i] = new StackTraceElement(frames[i].substring(0, dot), frames[i].substring(dot + 1), null, 1);
        }
        thrown.setStackTrace(stack);
        return thrown;
    }

    private static final String REQUEST = "org.eclipse.jetty.ee10.servlet.ServletApiRequest";
    private static final String WRAPPER = "jakarta.servlet.http.HttpServletRequestWrapper.getDateHeader";

    @Test
    void whatOfARequestCantBeUnderstoodIsOne() {
        Throwable date = madeIn(
                new IllegalArgumentException("Cannot parse date"),
                "org.eclipse.jetty.http.HttpDateTime.parse",
                REQUEST + ".getDateHeader",
                WRAPPER,
                HANDLER + ".handle");
        assertThat(in(date)).containsSame(date);
        assertThat(ConnectionFault.isJunk(date)).isTrue();
        Throwable number = madeIn(
                new NumberFormatException("x"),
                "java.lang.Long.parseLong",
                "org.eclipse.jetty.http.HttpField.getLongValue",
                REQUEST + ".getIntHeader",
                HANDLER + ".handle");
        assertThat(in(new ServletException(number))).containsSame(number);
    }

    @Test
    void whatTheBundleMakesOfARequestIsNone() {
        assertThat(in(madeIn(
                        new NumberFormatException("x"),
                        "java.lang.Integer.parseInt",
                        HANDLER + ".handle",
                        REQUEST + ".getIntHeader")))
                .as("its own parsing")
                .isEmpty();
        assertThat(in(madeIn(new IllegalArgumentException("null"), REQUEST + ".setAttribute", HANDLER + ".handle")))
                .as("a misuse of the request")
                .isEmpty();
        assertThat(in(madeIn(
                        new IllegalArgumentException("null"),
                        "org.eclipse.jetty.client.HttpRequest.header",
                        HANDLER + ".handle")))
                .as("a misuse of its own client")
                .isEmpty();
    }
}
