package dev.sluice.admin.console;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Login;
import dev.sluice.deployer.Deployments;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadBase.FileSizeLimitExceededException;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.InvalidFileNameException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts uploaded bundles into the deploy folder, instead of letting the console install them: so they go the safe way and
 * survive a restart. Then answers as the console would, so its page shows what it always shows.
 *
 * <p>The console's other fields (start, start level, refresh, parallel versions) are ignored: the deployer decides.
 */
public final class Upload {

    private static final Logger LOG = LoggerFactory.getLogger(Upload.class);
    private static final String FIELD = "bundlefile";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+@~() -]{0,200}\\.jar");

    private final Supplier<Optional<Deployments>> deployments;
    private final LongSupplier limit;

    /**
     * Takes uploads.
     *
     * @param deployments the deployer; empty while it is away
     * @param limit how many bytes a file may have
     */
    public Upload(Supplier<Optional<Deployments>> deployments, LongSupplier limit) {
        this.deployments = deployments;
        this.limit = limit;
    }

    /**
     * Reads an upload and submits each file of it while it comes in.
     *
     * @param request a multipart request that nobody has read from
     * @return what to answer
     */
    Answer take(HttpServletRequest request) throws IOException {
        Optional<Deployments> deployer = deployments.get();
        if (deployer.isEmpty()) {
            return Problem.of(
                            503,
                            "The deployer is away",
                            "The deployer isn't running, so nothing can be deployed now. Look at"
                                    + " its bundle dev.sluice.deployer, and at the log.")
                    .with("Retry-After", "5");
        }
        List<String> submitted = new ArrayList<>();
        try {
            submit(request, deployer.get(), submitted);
        } catch (RefusedFile e) {
            return problem(400, "Not deployed", e.getMessage(), submitted);
        } catch (FileUploadException | InvalidFileNameException e) {
            return problem(400, "Not an upload", "The upload can't be read: " + e.getMessage(), submitted);
        } catch (IOException e) {
            if (e.getCause() instanceof FileSizeLimitExceededException) {
                return problem(
                        413,
                        "Too large",
                        "A file may have " + limit.getAsLong() + " bytes. Raise upload.limit.megabytes"
                                + " in conf/dev.sluice.admin.cfg, or copy it into the deploy folder.",
                        submitted);
            }
            LOG.warn("An upload failed", e);
            return problem(
                    500,
                    "Not deployed",
                    "The file could not be written to the deploy folder: " + e.getMessage(),
                    submitted);
        }
        return submitted.isEmpty()
                ? problem(400, "Nothing uploaded", "There is no file in the field " + FIELD + ".", submitted)
                : Upload::asTheConsoleDoes;
    }

    private void submit(HttpServletRequest request, Deployments deployer, List<String> submitted)
            throws IOException, FileUploadException {
        FileUpload upload = new FileUpload();
        upload.setFileSizeMax(limit.getAsLong());
        FileItemIterator items = upload.getItemIterator(new MultipartBody(request));
        while (items.hasNext()) {
            FileItemStream item = items.next();
            if (item.isFormField() || !FIELD.equals(item.getFieldName()) || isNone(item)) {
                continue;
            }
            String name = plainName(item.getName());
            try (InputStream content = item.openStream()) {
                deployer.submit(name, content);
            } catch (IllegalArgumentException e) {
                throw new RefusedFile(e.getMessage());
            }
            submitted.add(name);
            LOG.info("{} uploaded {} into the deploy folder", Login.USER, name);
        }
    }

    /** A form whose file field was left empty. */
    private static boolean isNone(FileItemStream item) {
        return item.getName() == null || item.getName().isEmpty();
    }

    /** Some browsers send the whole path of the file on the operator's machine. */
    private static String plainName(String sent) throws RefusedFile {
        String name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
        if (!NAME.matcher(name).matches()) {
            throw new RefusedFile(
                    "The file's name must end in .jar and have letters, digits and ._+@~()- only. Rename it.");
        }
        return name;
    }

    private static Problem problem(int status, String title, String detail, List<String> submitted) {
        String before = submitted.isEmpty() ? "" : " Before that, these were put into the deploy folder: " + submitted;
        return Problem.of(status, title, detail + before);
    }

    /** To a tool an empty answer, to the page a redirect to itself. */
    private static void asTheConsoleDoes(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().endsWith("/install")) {
            response.setContentLength(0);
        } else {
            response.sendRedirect(request.getRequestURI());
        }
    }

    private static final class RefusedFile extends IOException {
        private RefusedFile(String message) {
            super(message);
        }
    }
}
