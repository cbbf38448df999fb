package dev.sluice.itests.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.WireBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.RawHttp;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever the spelling, no servlet behind a fail-closed denier runs without the denier: servlets with a prefix, an extension
 * and an exact pattern, and with servlet contexts of their own. What a spelling reaches is first seen without the denier, so
 * that the corpus is known to hold spellings that reach the servlets.
 */
@Tag("process")
@Tag("one-java")
class PathEncodingsIT {

    /** A servlet's name, and a path that it answers. */
    private static final Map<String, String> BEHIND = new LinkedHashMap<>(Map.of(
            "prefix", "/admin/secret",
            "context", "/ctx/admin/secret",
            "own", "/own/secret",
            "extension", "/files/plan.secret",
            "exact", "/exact/path",
            "umlaut", "/z%C3%BCrich/secret"));

    private static final String GUARDED = "/admin/* /ctx/admin/* /own/* *.secret /exact/path /z\u00fcrich/*";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private SluiceProcess sluice;
    private URI data;

    @Test
    void noSpellingGetsPastTheDenier() {
        sluice = sluices.shared();
        data = sluice.data();
        String host = data.getAuthority();
        Map<String, String> corpus = new LinkedHashMap<>();
        BEHIND.values().forEach(path -> {
            Spellings.of(path, host)
                    .forEach(target -> corpus.put(
                            target, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
            Envelopes.of(path, host).forEach((name, bytes) -> corpus.put(name + ": " + path, bytes));
        });
        sluice.home().copy(servlets(), "servlets.jar");
        BEHIND.forEach((name, path) ->
                Await.until(() -> assertThat(RawHttp.get(data, path)).contains("BEHIND " + name)));

        Map<String, String> reached = new TreeMap<>();
        answers(corpus).forEach((name, answer) -> {
            if (answer.contains("X-Behind")) {
                reached.put(name, answer);
            }
        });
        BEHIND.keySet().forEach(servlet -> assertThat(reached.values())
                .as("spellings that reach the servlet \"%s\" where nothing guards it", servlet)
                .filteredOn(answer -> answer.contains("X-Behind: " + servlet))
                .hasSizeGreaterThan(100));

        sluice.home()
                .copy(
                        WireBundle.of("wire.denier", "1.0.0")
                                .middleware("denier", GUARDED, 100, "deny")
                                .jar(),
                        "denier.jar");
        Await.until(() -> assertThat(sluice.status().serving("denier")).contains("1.0.0"));
        assertNoBypass(corpus, reached, List.of("403", "400"));

        // The place stays when the bundle is stopped behind the operator's back, and then nobody denies.
        Saboteur.deploy(sluice).does("stop-transient", "wire.denier");
        Map<String, String> reaching = new LinkedHashMap<>(corpus);
        reaching.keySet().retainAll(reached.keySet());
        assertNoBypass(reaching, reached, List.of("503", "400"));
    }

    private void assertNoBypass(Map<String, String> corpus, Map<String, String> reached, List<String> refusals) {
        Map<String, String> answers = answers(corpus);
        assertThat(answers.entrySet())
                .as("requests that were answered from behind")
                .filteredOn(answer -> answer.getValue().contains("BEHIND")
                        || answer.getValue().contains("X-Behind"))
                .isEmpty();
        assertThat(answers.entrySet())
                .as(
                        "requests that reach a servlet where nothing guards it, and weren't refused with one of %s",
                        refusals)
                .filteredOn(answer -> reached.containsKey(answer.getKey()))
                .filteredOn(answer ->
                        refusals.stream().noneMatch(status -> answer.getValue().contains(" " + status + " ")))
                .isEmpty();
        System.out.println("statuses: " + statuses(answers) + "; reached without the denier: " + reached.size());
    }

    private static Map<String, Integer> statuses(Map<String, String> answers) {
        Map<String, Integer> statuses = new TreeMap<>();
        answers.values()
                .forEach(answer -> statuses.merge(
                        answer.startsWith("HTTP/1.") ? answer.substring(9, 12) : "none", 1, Integer::sum));
        return statuses;
    }

    private Map<String, String> answers(Map<String, String> corpus) {
        Map<String, String> answers = new ConcurrentHashMap<>();
        List<Thread> clients = new ArrayList<>();
        List<Entry<String, String>> requests = List.copyOf(corpus.entrySet());
        int count = 4;
        for (int client = 0; client < count; client++) {
            int first = client;
            Thread thread = new Thread(() -> {
                for (int i = first; i < requests.size(); i += count) {
                    answers.put(
                            requests.get(i).getKey(), exchange(requests.get(i).getValue()));
                }
            });
            clients.add(thread);
            thread.start();
        }
        clients.forEach(client -> {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(answers).as("every request was sent").hasSameSizeAs(corpus);
        return answers;
    }

    /** What comes back until the server closes, or says no more: of some requests it waits for the rest. */
    private String exchange(String request) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(data.getHost(), data.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            socket.getInputStream().transferTo(answer);
        } catch (SocketTimeoutException noMore) {
            // What it has said counts.
        } catch (IOException reset) {
            answer.writeBytes(("\nreset: " + reset).getBytes(ISO_8859_1));
        }
        return answer.toString(ISO_8859_1);
    }

    private static byte[] servlets() {
        return WireBundle.of("wire.servlets", "1.0.0")
                .context("ctx", "/ctx")
                .context("own", "/own")
                .servlet("prefix", "/admin/*")
                .servlet("context", "/admin/*", "ctx")
                .servlet("own", "/*", "own")
                .servlet("extension", "*.secret")
                .servlet("exact", "/exact/path")
                .servlet("umlaut", "/z\u00fcrich/*")
                .jar();
    }
}
