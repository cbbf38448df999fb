package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class FailureTest {

    @Test
    void saysWhatToDoOfACertificateThatIsNotTrusted() {
        Throwable path = new CertPathBuilderException("unable to find valid certification path to requested target");
        Throwable invalid = new CertificateException("PKIX path building failed: " + path, path);
        Throwable handshake = new SSLHandshakeException(invalid.getMessage()).initCause(invalid);

        assertThat(Failure.of(handshake).reason())
                .startsWith("its certificate is by nobody who is trusted: have tls.trust name")
                .containsOnlyOnce("unable to find valid certification path to requested target");
    }

    @Test
    void saysWhatToDoOfACertificateForAnotherName() {
        Throwable name = new CertificateException("No subject alternative names matching IP address 127.0.0.1 found");
        assertThat(Failure.of(new SSLHandshakeException(name.getMessage()).initCause(name))
                        .reason())
                .startsWith("its certificate is for another name");
    }

    @Test
    void saysWhatToDoOfAnUnknownHost() {
        assertThat(Failure.of(new UnknownHostException("no-such-host.invalid")).reason())
                .isEqualTo("no such host is known here: correct upstreams, or the names' resolution;"
                        + " UnknownHostException no-such-host.invalid");
    }

    @Test
    void saysOfAClosedConnectionThatItWasClosed() {
        assertThat(Failure.of(new EOFException("HttpConnectionOverHTTP@1234")).reason())
                .isEqualTo("EOFException (closed before the answer's end)");
    }
}
