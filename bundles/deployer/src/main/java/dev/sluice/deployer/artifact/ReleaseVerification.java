package dev.sluice.deployer.artifact;

import dev.sluice.conf.Nearest;
import dev.sluice.deployer.descriptor.Descriptor;
import dev.sluice.deployer.descriptor.DescriptorReader;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.store.StoredCopy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Decides whether a ZIP, whose entries were found sound, is a release: several bundles, and perhaps what it says of itself. All
 * that is wrong with it is named at once. For one ZIP, and one thread.
 */
final class ReleaseVerification {

    /** The verification of one bundle. */
    interface OfBundle {

        /** @throws Rejection if all of the release is to be refused for it */
        Verdict verify(String file, StoredCopy copy) throws Rejection;
    }

    /** Far above any that is meant. */
    private static final long MOST_DESCRIPTOR_BYTES = 1 << 20;

    private final String file;
    private final StoredCopy copy;
    private final OfBundle bundles;
    private final DescriptorReader reader;
    private final List<String> faults = new ArrayList<>();

    /**
     * @param bundles the verification of one bundle
     * @param reader reads what the release says of itself
     */
    ReleaseVerification(String file, StoredCopy copy, OfBundle bundles, DescriptorReader reader) {
        this.file = file;
        this.copy = copy;
        this.bundles = bundles;
        this.reader = reader;
    }

    /** @throws Rejection with all that is wrong with it */
    Artifact verify(ZipFile zip) throws IOException, Rejection {
        List<ZipEntry> jars = new ArrayList<>();
        zip.stream().forEach(entry -> sort(entry, jars));
        if (jars.isEmpty()) {
            throw new Rejection(withoutBundles(zip));
        }
        Descriptor descriptor = descriptor(zip);
        List<Artifact> members = new ArrayList<>();
        Map<String, String> digests = new TreeMap<>();
        for (ZipEntry jar : jars) {
            member(zip, jar, digests).ifPresent(members::add);
        }
        descriptor.digests().ifPresent(said -> compare(said, digests));
        findTwins(members);
        if (!faults.isEmpty()) {
            throw new Rejection("It is not deployed, and nothing of it: " + String.join("; ", faults)
                    + ". Mend that, and copy the release again.");
        }
        return Artifact.release(
                file,
                copy.sha256(),
                copy.path(),
                descriptor.name().orElseGet(() -> ArtifactNames.withoutEnding(file)),
                descriptor.version().orElse(""),
                new ReleaseContent(members, descriptor.traffic()));
    }

    private void sort(ZipEntry entry, List<ZipEntry> jars) {
        String name = entry.getName();
        if (entry.isDirectory() || Beside.isHarmless(name) || name.equals(Descriptor.ENTRY)) {
            return;
        }
        if (ArtifactNames.isBundle(name)) {
            jars.add(entry);
        } else if (ArtifactNames.isRelease(name)) {
            faults.add("its entry " + name + " is a ZIP in the ZIP: put the JARs themselves there");
        } else if (name.substring(name.lastIndexOf('/') + 1).equalsIgnoreCase(Descriptor.ENTRY)) {
            faults.add("its entry " + name + " isn't read: " + Descriptor.ENTRY + " is, at the top of the ZIP");
        } else {
            faults.add("nothing would come of its entry " + name
                    + ": a release has JARs, release.json, and texts such as README or LICENSE"
                    + Nearest.byLetters(name, List.of(Descriptor.ENTRY))
                            .map(meant -> "; " + meant + " is probably meant")
                            .orElse(""));
        }
    }

    private String withoutBundles(ZipFile zip) {
        String where = zip.stream().anyMatch(entry -> entry.getName().endsWith(".class"))
                ? "It has classes, and no JAR: if it is one bundle, give it a name that ends in .jar"
                : "It has no JAR, so there is nothing to deploy: put the bundles' JARs into the ZIP";
        return Stream.concat(Stream.of(where), faults.stream().filter(fault -> !fault.startsWith("nothing")))
                        .reduce((one, other) -> one + "; " + other)
                        .orElseThrow()
                + ".";
    }

    private Descriptor descriptor(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(Descriptor.ENTRY);
        if (entry == null) {
            return Descriptor.NONE;
        }
        if (entry.getSize() > MOST_DESCRIPTOR_BYTES) {
            faults.add("its release.json has " + entry.getSize() + " bytes; " + MOST_DESCRIPTOR_BYTES + " are allowed");
            return Descriptor.NONE;
        }
        String text;
        try (InputStream in = zip.getInputStream(entry)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        // Some editors write a mark before the text that says how it is encoded.
        Descriptor read = reader.read(text.startsWith("\ufeff") ? text.substring(1) : text);
        reader.faults().forEach(fault -> faults.add("release.json: " + fault));
        return read;
    }

    /** A copy of its own, which is deleted again: what the verdict is about comes out of the same bytes once more. */
    private Optional<Artifact> member(ZipFile zip, ZipEntry entry, Map<String, String> digests)
            throws IOException, Rejection {
        Path temporary = Files.createTempFile(copy.path().toAbsolutePath().getParent(), "member", ".tmp");
        try {
            String sha256;
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = Files.newOutputStream(temporary)) {
                sha256 = Sha256.copy(in, out);
            }
            digests.put(entry.getName(), sha256);
            Verdict verdict = bundles.verify(
                    ArtifactNames.member(file, entry.getName()),
                    new StoredCopy(temporary, sha256, Files.size(temporary)));
            if (verdict instanceof Verdict.Accepted accepted) {
                return Optional.of(accepted.artifact());
            }
            String why = verdict instanceof Verdict.Refused refused
                    ? refused.message()
                    : "it isn't complete: " + ((Verdict.Incomplete) verdict).message();
            faults.add(entry.getName() + ": " + withoutEnd(why));
            return Optional.empty();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String withoutEnd(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private void compare(Map<String, String> said, Map<String, String> there) {
        new TreeMap<>(said).forEach((entry, digest) -> {
            String found = there.get(entry);
            if (found == null) {
                TreeSet<String> others = new TreeSet<>(there.keySet());
                others.removeAll(said.keySet());
                faults.add("release.json lists " + entry + ", which isn't in the ZIP"
                        + Nearest.byLetters(entry, others)
                                .map(meant -> ": " + meant + " is probably meant")
                                .orElse(""));
            } else if (digest.length() == found.length() && !digest.equals(found)) {
                faults.add(entry + " hasn't the sha256 that release.json says, " + digest + ", but " + found);
            }
        });
        there.keySet().stream()
                .filter(entry -> !said.containsKey(entry))
                .forEach(entry -> faults.add("release.json doesn't list " + entry + ", which is in the ZIP"));
    }

    private void findTwins(List<Artifact> members) {
        Map<String, String> entries = new HashMap<>();
        for (Artifact member : members) {
            String entry = ArtifactNames.entry(member.file());
            String other = entries.putIfAbsent(member.symbolicName() + " " + member.version(), entry);
            if (other != null) {
                faults.add(other + " and " + entry + " are both " + member.symbolicName() + " " + member.version()
                        + ": give one of them another version, or leave it out");
            }
        }
    }
}
