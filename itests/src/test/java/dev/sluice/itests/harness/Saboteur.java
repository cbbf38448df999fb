package dev.sluice.itests.harness;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Has a bundle do to others what bundles can do: stop, update, refresh … them, on a thread that is no operator's. Deploy
 * {@link #bundle()} first; its path is {@code /sabotage/*}, so that no middleware of a test should stand there that is to
 * be sabotaged.
 *
 * @param sluice the process whose bundles suffer
 */
public record Saboteur(SluiceProcess sluice) {

    private static final Client CLIENT = Client.anonymous();

    /** {@return the test bundle} */
    public static byte[] bundle() {
        return dev.sluice.itests.fixture.SaboteurBundle.jar();
    }

    /** Puts the bundle into the folder, and waits until it can be asked. */
    public static Saboteur deploy(SluiceProcess sluice) {
        sluice.home().copy(bundle(), "saboteur.jar");
        Await.until(() -> {
            int status = CLIENT.get(sluice.data("/sabotage/")).statusCode();
            if (status != 405) {
                throw new AssertionError("the saboteur answers a GET with " + status);
            }
        });
        return new Saboteur(sluice);
    }

    /** Runs a command on bundles, and fails unless it ends well. */
    public void does(String command, String... symbolicNames) {
        HttpResponse<String> answer = tries(command, symbolicNames);
        if (answer.statusCode() != 200) {
            throw new AssertionError(command + " " + Arrays.toString(symbolicNames) + ": " + answer.body());
        }
    }

    /** {@return the answer to a command: 200 when it ended well, 500 with the exception when it didn't} */
    public HttpResponse<String> tries(String command, String... symbolicNames) {
        return post(command, query(symbolicNames), new byte[0]);
    }

    /** Has a command begin, and doesn't wait for its end. */
    public void begins(String command, String... symbolicNames) {
        int status =
                post(command, query(symbolicNames) + "&async=true", new byte[0]).statusCode();
        if (status != 202) {
            throw new AssertionError(command + " " + Arrays.toString(symbolicNames) + ": " + status);
        }
    }

    /** {@return how many commands have ended, with or without success} Fails while requests don't get through. */
    public int ended() {
        HttpResponse<String> answer = post("ended", "", new byte[0]);
        if (answer.statusCode() != 200) {
            throw new AssertionError("the saboteur can't be asked: " + answer.statusCode());
        }
        return Integer.parseInt(answer.body());
    }

    /** Updates a bundle in place with other content. */
    public void updates(String symbolicName, byte[] jar) {
        HttpResponse<String> answer = post("update", query(symbolicName), jar);
        if (answer.statusCode() != 200) {
            throw new AssertionError("update " + symbolicName + ": " + answer.body());
        }
    }

    /** Disables or enables a component. */
    public void component(String command, String symbolicName, String component) {
        HttpResponse<String> answer = post(
                command,
                query(symbolicName) + "&component=" + URLEncoder.encode(component, StandardCharsets.UTF_8),
                new byte[0]);
        if (answer.statusCode() != 200) {
            throw new AssertionError(command + " " + component + ": " + answer.body());
        }
    }

    private HttpResponse<String> post(String command, String query, byte[] body) {
        return CLIENT.post(sluice.data("/sabotage/" + command + "?" + query), "application/octet-stream", body);
    }

    private static String query(String... symbolicNames) {
        return Arrays.stream(symbolicNames)
                .map(name -> "bundle=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
