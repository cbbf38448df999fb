package dev.sluice.deployer.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Inflates every entry of one ZIP and looks at what comes out, not at what the ZIP says of itself. For one ZIP, and one
 * thread.
 */
final class EntryCheck {

    /** Below this an entry may be as repetitive as it likes. */
    private static final long RATIO_FROM = 1L << 20;

    private static final int CLASS_HEADER = 8;
    private static final int CLASS_MAGIC = 0xcafebabe;
    private static final Pattern CLIMBS = Pattern.compile("(^|/)\\.\\.(/|$)");
    private static final Pattern ABSOLUTE = Pattern.compile("^(/|[A-Za-z]:)");
    private static final String VERSIONS = "META-INF/versions/";

    private final VerificationLimits limits;
    private final int runningMajor;
    private final byte[] buffer = new byte[32 * 1024];
    private final Allowance shared;
    private long total;

    /**
     * @param shared how many bytes this ZIP and others may inflate to together
     * @param runningMajor the newest class file version that this JVM loads
     */
    EntryCheck(VerificationLimits limits, Allowance shared, int runningMajor) {
        this.limits = limits;
        this.shared = shared;
        this.runningMajor = runningMajor;
    }

    /**
     * @throws Rejection if an entry is something that won't be deployed
     * @throws ZipException if an entry isn't what the directory says: bytes are missing or wrong
     */
    void check(ZipFile zip) throws IOException, Rejection {
        List<? extends ZipEntry> entries = Collections.list(zip.entries());
        // All names first: the JDK finds content by name, so of two with one name it would read one twice.
        Set<String> names = new HashSet<>();
        for (ZipEntry entry : entries) {
            checkName(entry.getName());
            if (!names.add(entry.getName())) {
                throw new Rejection("It has two entries named '" + entry.getName()
                        + "', and which one counts would be chance. Build the JAR again without the duplicate.");
            }
        }
        for (ZipEntry entry : entries) {
            checkContent(zip, entry);
        }
    }

    private static void checkName(String name) throws Rejection {
        if (CLIMBS.matcher(name).find()
                || ABSOLUTE.matcher(name).find()
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0) {
            throw new Rejection(
                    "Its entry '" + printable(name) + "' has a path that leads out of the JAR. No build tool "
                            + "makes such an entry; build the JAR again, and ask where this one came from.");
        }
    }

    private void checkContent(ZipFile zip, ZipEntry entry) throws IOException, Rejection {
        CRC32 crc = new CRC32();
        byte[] head = new byte[CLASS_HEADER];
        long size = 0;
        long most = Math.max(RATIO_FROM, limits.maxRatio() * Math.max(0, entry.getCompressedSize()));
        try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n && size + i < CLASS_HEADER; i++) {
                    head[(int) size + i] = buffer[i];
                }
                crc.update(buffer, 0, n);
                size += n;
                total += n;
                if (size > most) {
                    throw new Rejection(
                            "Its entry '" + entry.getName() + "' inflates to more than " + limits.maxRatio()
                                    + " times its compressed size, as a ZIP bomb does. If it is meant so, raise verify.max.ratio.");
                }
                if (total > limits.maxSize()) {
                    throw new Rejection("Its entries inflate to more than " + limits.maxSize()
                            + " bytes together, as a ZIP bomb does. If it is meant so, raise verify.max.size.");
                }
                if (!shared.take(n)) {
                    throw new Rejection("It inflates to more than is left for the release");
                }
            }
        }
        if (size != entry.getSize() || crc.getValue() != entry.getCrc()) {
            throw new ZipException("the checksum or the length of its entry '" + entry.getName() + "' is wrong");
        }
        if (size >= CLASS_HEADER && isLoaded(entry.getName())) {
            checkClass(entry.getName(), head);
        }
    }

    /** Whether this JVM would load it, if it is a class. A module's description is read by no bundle. */
    private boolean isLoaded(String name) {
        if (!name.endsWith(".class") || name.endsWith("module-info.class")) {
            return false;
        }
        if (!name.startsWith(VERSIONS)) {
            return true;
        }
        String version =
                name.substring(VERSIONS.length(), Math.max(VERSIONS.length(), name.indexOf('/', VERSIONS.length())));
        try {
            return Integer.parseInt(version) <= release(runningMajor);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void checkClass(String name, byte[] head) throws Rejection {
        int magic = (head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | head[3] & 0xff;
        int major = (head[6] & 0xff) << 8 | head[7] & 0xff;
        if (magic == CLASS_MAGIC && major > runningMajor) {
            throw new Rejection("Its class "
                    + name.substring(0, name.length() - ".class".length()).replace('/', '.') + " is compiled for Java "
                    + release(major) + ", this container runs on Java " + release(runningMajor)
                    + ". Build the bundle for "
                    + "release " + release(runningMajor) + " or older, or run the container on Java " + release(major)
                    + ".");
        }
    }

    private static int release(int major) {
        return major - 44;
    }

    private static String printable(String name) {
        return name.replace('\0', '?');
    }
}
