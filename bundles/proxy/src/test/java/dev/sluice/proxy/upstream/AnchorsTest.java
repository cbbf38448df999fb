package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.Tls;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AnchorsTest {

    private static final String EXPIRED =
            """
            -----BEGIN CERTIFICATE-----
            MIIBOTCB4aADAgECAgh2tp85nmZWXzAKBggqhkjOPQQDAjASMRAwDgYDVQQDEwdl
            eHBpcmVkMB4XDTIwMDEwMTAwMDAwMFoXDTIwMDEwMjAwMDAwMFowEjEQMA4GA1UE
            AxMHZXhwaXJlZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEZPWgmBrU+B+1n8
            YLbI/yvyn/hjz4HeEeytXSuNVWWhiF/Q1W9/s8L8b7IFFefiyEY2BR+ibeHfGN5s
            JeJlFeGjITAfMB0GA1UdDgQWBBQ4AyttNKSa0tmHjF0DclnrrvyLmjAKBggqhkjO
            PQQDAgNHADBEAiApfBzeqkLEjeqAag9ft5Axi91ZqElV4IKh83NJ51HsVQIgID1W
            nuYLPOOeapBJeREJWP3/m4VefNLUIUR+htUMwY8=
            -----END CERTIFICATE-----
            """;

    /** From 2020 to 2119. */
    private static final String IN_DATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBOzCB46ADAgECAgghKTdywwsgrjAKBggqhkjOPQQDAjASMRAwDgYDVQQDEwdp
            biBkYXRlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMTkxMjA4MDAwMDAwWjASMRAwDgYD
            VQQDEwdpbiBkYXRlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0Gc2uosXAU6o
            QmbqNNIch1red6jyuNeOvKFo2YUIFAsuLBY7oDgCdhaeoirLM4r0orGxvmb1jUku
            0vNcMro/qqMhMB8wHQYDVR0OBBYEFGj8t0zyJLe58PdBzWr3rFWTRR9hMAoGCCqG
            SM49BAMCA0cAMEQCIG5qQ7f34ZTsSy4329dP9OykqudWM8kEzj8yHEnYIu25AiAI
            ZMK4OFlq/whdOcIzS1fp0Q+GvAGyobYq5TEWj9g/Ug==
            -----END CERTIFICATE-----
            """;

    @TempDir
    private Path folder;

    @Test
    void aFileOfExpiredCertificatesIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("trust.pem"), EXPIRED);
        Pools pools = new Pools();
        try {
            assertThatThrownBy(() -> pools.acquire(trusting(file)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("trust.pem")
                    .hasMessageContaining("CN=expired")
                    .hasMessageContaining("2020-01-02");
        } finally {
            pools.close();
        }
    }

    @Test
    void whatIsInDateIsTrustedAndTheRestLeftOut() throws Exception {
        Path file = Path.of("trust.pem");
        assertThat(Anchors.inDate(file, read(EXPIRED + IN_DATE), Instant.parse("2024-01-01T00:00:00Z")))
                .isEqualTo(List.copyOf(read(IN_DATE)));
        assertThat(Anchors.inDate(file, read(EXPIRED + IN_DATE), Instant.parse("2020-01-01T12:00:00Z")))
                .hasSize(2);
        assertThatThrownBy(() -> Anchors.inDate(file, read(IN_DATE), Instant.parse("2019-01-01T00:00:00Z")))
                .hasMessageContaining("CN=in date");
    }

    @Test
    void aFileThatIsInDateIsTaken() throws Exception {
        Path file = Files.writeString(folder.resolve("trust.pem"), EXPIRED + IN_DATE);
        Pools pools = new Pools();
        try {
            pools.release(pools.acquire(trusting(file)));
        } finally {
            pools.close();
        }
    }

    @SuppressWarnings("unchecked")
    private static Collection<Certificate> read(String pem) throws Exception {
        return (Collection<Certificate>) CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static PoolSettings trusting(Path file) {
        return new PoolSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                10,
                10,
                true,
                new Tls(Optional.of(file), true),
                PoolSettings.Http.HTTP_1_1);
    }
}
