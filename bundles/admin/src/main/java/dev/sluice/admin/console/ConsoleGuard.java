package dev.sluice.admin.console;

import dev.sluice.admin.http.AdminPath;
import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Check;
import dev.sluice.admin.http.Form;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Login;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets through to the web console what reads, and of what changes something only what is listed.
 *
 * <p>What the console's pages do with a POST (web console 5.0.18, components page 2.3.0, inventory 2.0.0), read in their
 * sources:
 *
 * <ul>
 *   <li>{@code bundles}: {@code start}, {@code stop}, {@code uninstall}, {@code update}, {@code refresh} of one bundle;
 *       {@code refreshPackages} of all; {@code install}, by a multipart upload: taken over by {@link Upload}.
 *   <li>{@code install}: another name of {@code bundles}.
 *   <li>{@code configMgr}: {@code apply} (with {@code delete} it deletes), {@code unbind}; without them it reads. A GET with
 *       {@code post=true} does the same.
 *   <li>{@code components}: {@code enable}, {@code disable}.
 *   <li>{@code logs}: reads.
 *   <li>{@code vmstat}: start levels, garbage collection, and by default the end of the framework.
 *   <li>{@code services}, {@code licenses} and the inventory's {@code status-*}: none.
 * </ul>
 *
 * A page may be called with any suffix after a dot ({@code bundles.x} is {@code bundles}): only its plain name is listed.
 * No other GET of these pages changes anything.
 */
public final class ConsoleGuard implements Check {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleGuard.class);

    private final Upload upload;
    private final Map<String, Action> pages;

    /**
     * Guards the console.
     *
     * @param upload what becomes of uploaded bundles
     * @param framework what the guard asks the framework
     */
    public ConsoleGuard(Upload upload, GuardedFramework framework) {
        this.upload = upload;
        Bundles bundles = new Bundles(framework.context(), framework.deployed());
        this.pages = Map.of(
                "bundles", new BundleActions(bundles),
                "configMgr", new ConfigurationActions(framework::factoryOf),
                "components", new ComponentActions(bundles, framework::bundleOf),
                "logs", (request, rest) -> Action.yes(),
                "vmstat",
                        (request, rest) ->
                                Action.no("The container isn't stopped from here. End its process (SIGTERM): it"
                                        + " drains first."));
    }

    @Override
    public Optional<Answer> stop(HttpServletRequest request, AdminPath path) throws IOException {
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> read(request);
            case "POST" -> isMultipart(request) ? upload(request, path) : change(request, path);
            default ->
                Optional.of(Problem.of(405, "Method not allowed", "The console takes GET, HEAD and POST.")
                        .with("Allow", "GET, HEAD, POST"));
        };
    }

    private static Optional<Answer> read(HttpServletRequest request) {
        if (request.getParameter("post") != null && ConfigurationActions.changes(request)) {
            return Optional.of(Problem.forbidden("A GET changes nothing here. Send a POST."));
        }
        return Optional.empty();
    }

    private Optional<Answer> upload(HttpServletRequest request, AdminPath path) throws IOException {
        return switch (path.inConsole()) {
            case "/bundles", "/bundles/", "/install", "/install/" -> Optional.of(upload.take(request));
            default ->
                Optional.of(Problem.forbidden("Upload a bundle to /system/console/bundles, as the bundles page does."));
        };
    }

    private Optional<Answer> change(HttpServletRequest request, AdminPath path) {
        String type = Form.mediaType(request);
        if (!type.isEmpty() && !type.equals(Form.TYPE)) {
            return Optional.of(
                    Problem.of(415, "Unsupported media type", "The console takes forms: " + Form.TYPE + "."));
        }
        String below = path.inConsole();
        int end = below.indexOf('/', 1);
        String page = below.isEmpty() ? "" : below.substring(1, end < 0 ? below.length() : end);
        String rest = end < 0 ? "" : below.substring(end);
        Action action = pages.getOrDefault(
                page,
                (ignored, none) ->
                        Action.no("This page of the console isn't among those that may change something. Those are"
                                + " bundles, components and configMgr, by their plain names."));
        Optional<Problem> refusal = action.refuse(request, rest);
        // Only what can't forge a line of the log is written to it.
        LOG.info(
                "{} {} the console's page {}, action {}{}",
                Login.USER,
                refusal.isPresent() ? "was refused" : "used",
                printable(page + rest),
                printable(request.getParameter("action")),
                refusal.map(problem -> ": " + problem.detail()).orElse(""));
        return refusal.map(Answer.class::cast);
    }

    private static boolean isMultipart(HttpServletRequest request) {
        return Form.mediaType(request).startsWith("multipart/");
    }

    private static String printable(String text) {
        return text == null ? "(none)" : text.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
