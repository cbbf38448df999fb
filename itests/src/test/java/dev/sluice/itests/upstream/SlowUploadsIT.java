package dev.sluice.itests.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand clients that upload a byte now and then hold up nobody, take no thread each, and get their answer. */
@Tag("process")
@Tag("one-java")
class SlowUploadsIT {

    private static final int UPLOADS = 1_000;
    private static final int BYTES = 5;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final List<Socket> uploads = new ArrayList<>();
    private Installed nginx;

    @AfterEach
    void stop() throws IOException {
        for (Socket upload : uploads) {
            upload.close();
        }
        if (nginx != null) {
            nginx.close();
        }
    }

    @Test
    void quickRequestsAreAnsweredWhileAThousandUploadsCreep() throws IOException {
        nginx = Installed.nginx();
        nginx.serve("quick", "quick".getBytes(US_ASCII));
        SluiceProcess sluice = sluices.start(SluiceProcess.on(sluices.home())
                .jvm("-Xmx128m")
                .args("--upstream", nginx.address(), "--threads", "24"));

        try (Traffic quick = new Traffic(sluice, "/quick", SlowUploadsIT::quick)) {
            for (int i = 0; i < UPLOADS; i++) {
                Socket upload = new Socket();
                uploads.add(upload);
                upload.setSoTimeout(60_000);
                upload.connect(new InetSocketAddress(
                        sluice.data().getHost(), sluice.data().getPort()));
                say(
                        upload,
                        "PUT /slow-" + i + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + BYTES
                                + "\r\n\r\n");
            }
            // All but the last byte of each, so that none has an end, and some quick requests after each round.
            for (int round = 0; round < BYTES - 1; round++) {
                for (Socket upload : uploads) {
                    say(upload, Integer.toString(round));
                }
                quick.await(100);
            }
            assertThat(Jvm.of(sluice).threads().lines().filter(line -> line.startsWith("\"")))
                    .as("threads of the container")
                    .hasSizeLessThan(200);
            for (Socket upload : uploads) {
                say(upload, "e");
            }
            for (int i = 0; i < UPLOADS; i++) {
                String answer = new String(uploads.get(i).getInputStream().readAllBytes(), US_ASCII);
                assertThat(answer).startsWith("HTTP/1.1 201 ");
                assertThat(Files.readString(nginx.file("slow-" + i))).isEqualTo("0123e");
            }
            quick.await(100);
            assertThat(quick.end()).isEmpty();
        }
        assertThat(sluice.log()).doesNotContain("OutOfMemoryError");
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static Optional<String> quick(Answer answer) {
        return answer.status() == 200 && answer.body().equals("quick")
                ? Optional.empty()
                : Optional.of(answer.toString());
    }
}
