package dev.sluice.chain.failure;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
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

    @Test
    void whatAClientDidIsOneAlsoInAWrapper() {
        Throwable gone = new EofException();
        assertThat(ConnectionFault.in(gone)).containsSame(gone);
        assertThat(ConnectionFault.in(new ServletException(new RuntimeException(gone))))
                .containsSame(gone);
        assertThat(ConnectionFault.in(new BadMessageException("x"))).isPresent();
        assertThat(ConnectionFault.in(new HttpException.RuntimeException(413, "x")))
                .isPresent();
        assertThat(ConnectionFault.in(new HttpException.RuntimeException(500, "x")))
                .isEmpty();
    }

    @Test
    void whatTheContainersOwnInputAndOutputThrowsIsOne() {
        assertThat(ConnectionFault.in(madeBy(
                        new IOException("Broken pipe"),
                        "sun.nio.ch.IOUtil",
                        "org.eclipse.jetty.io.EndPoint",
                        "org.x.Y")))
                .isPresent();
        assertThat(ConnectionFault.in(madeBy(new TimeoutException("idle"), "org.eclipse.jetty.io.IdleTimeout")))
                .isPresent();
    }

    @Test
    void whatABundleDidIsNone() {
        assertThat(ConnectionFault.in(
                        madeBy(new IOException("upstream"), "java.net.Socket", "org.x.Y", "org.eclipse.jetty.Z")))
                .isEmpty();
        assertThat(ConnectionFault.in(madeBy(new IllegalStateException("WRITER"), "org.eclipse.jetty.ee10.Response")))
                .as("a misuse of the response")
                .isEmpty();
        assertThat(ConnectionFault.in(new StackOverflowError())).isEmpty();
        assertThat(ConnectionFault.in(new Exception() {
                    @Override
                    public synchronized Throwable getCause() {
                        throw new IllegalStateException();
                    }
                }))
                .isEmpty();
    }
}
