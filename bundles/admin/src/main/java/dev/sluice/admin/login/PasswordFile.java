package dev.sluice.admin.login;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The password in a file, read again when the file has changed. While the file can't be read, or is empty, there is no
 * password, and never another one instead.
 *
 * <p>One lock: logins are rare, and each costs one look at the file's attributes.
 */
final class PasswordFile implements AdminPassword {

    private static final Logger LOG = LoggerFactory.getLogger(PasswordFile.class);
    /** More than any password; a wrong path to something huge must not fill the memory. */
    private static final int MAX_BYTES = 4096;

    private final Path file;
    private final String remedy;
    private Stamp read;
    private Optional<Secret> secret = Optional.empty();
    private String complaint = "";

    /** @param remedy what to do when it can't be used, as a sentence */
    PasswordFile(Path file, String remedy) {
        this.file = file;
        this.remedy = remedy;
    }

    @Override
    public synchronized Optional<Secret> current() {
        try {
            // The stamp first: a change after it is seen at the next login.
            Stamp now = Stamp.of(file);
            if (!now.equals(read)) {
                String content = content();
                secret = Optional.of(Secret.of(content));
                read = now;
                complain("");
                Passwords.warnIfWeak(content, file.toString());
            }
        } catch (IOException e) {
            secret = Optional.empty();
            read = null;
            complain("Every admin login is refused: the password file " + file + " can't be used (" + reason(e) + "). "
                    + remedy);
        }
        return secret;
    }

    private String content() throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("it is longer than " + MAX_BYTES + " bytes");
        }
        // Editors and "echo" end the last line; nothing else is taken away.
        String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
        if (text.isBlank()) {
            throw new IOException("it is empty");
        }
        return text;
    }

    /** The system's own messages have the path alone. */
    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
    }

    /** Says a thing once, until it changes. */
    private void complain(String now) {
        if (!now.equals(complaint)) {
            complaint = now;
            if (now.isEmpty()) {
                LOG.info("The admin password is read from {} again", file);
            } else {
                LOG.error(now);
            }
        }
    }

    private record Stamp(FileTime modified, long size, String key) {

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new IOException("it is no file");
            }
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), Objects.toString(attributes.fileKey()));
        }
    }
}
