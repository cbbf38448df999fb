package dev.sluice.admin.console;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Json;
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
 * survive a restart. Then sends the page back to itself, as the console would; a tool is told what became of its files.
 *
 * <p>The console's other fields (start, start level, refresh, parallel versions) are ignored: the deployer decides.
 */
public final class Upload {

    private static final Logger LOG = LoggerFactory.getLogger(Upload.class);
    private static final String FIELD = "bundlefile";
    private static final String NEXT =
            "The files are in the deploy folder, and are deployed from there. GET /api/v1/status"
                    + " says what became of them; one that can't be deployed gets a <file>.failed beside it, with the reason.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+@~() -]{0,200}\\.(jar|zip)");

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
                : uploaded(submitted);
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
                    "The file's name must end in .jar or .zip and have letters, digits and ._+@~()- only. Rename it.");
        }
        return name;
    }

    private static Problem problem(int status, String title, String detail, List<String> submitted) {
        String before = submitted.isEmpty() ? "" : " Before that, these were put into the deploy folder: " + submitted;
        return Problem.of(status, title, detail + before);
    }

    /** The page posts to itself, tools to {@code /install}. */
    private static Answer uploaded(List<String> files) {
        return (request, response) -> {
            if (request.getRequestURI().matches(".*/install/?")) {
                new Json(HttpServletResponse.SC_OK, new Uploaded(files, NEXT)).write(request, response);
            } else {
                response.sendRedirect(request.getRequestURI());
            }
        };
    }

    private record Uploaded(List<String> uploaded, String next) {}

    private static final class RefusedFile extends IOException {
        private RefusedFile(String message) {
            super(message);
        }
    }
}
