package dev.sluice.deployer.artifact;

import dev.sluice.deployer.store.Staged;
import dev.sluice.deployer.store.Store;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes the bundles of a release out of its bytes, which lie in the store. */
public final class Unpacking {

    private Unpacking() {}

    /**
     * {@return an artifact whose bundles lie in the store too}
     *
     * @param artifact a bundle, or a release whose copy is in the store
     * @throws IOException if there is no room for them, or if they aren't what was verified
     */
    public static Artifact of(Artifact artifact, Store store) throws IOException {
        if (artifact.release().isEmpty()) {
            return artifact;
        }
        ReleaseContent content = artifact.release().get();
        List<Artifact> members = new ArrayList<>();
        for (Artifact member : content.members()) {
            members.add(member.storedAt(member(artifact.stored(), member.file(), member.sha256(), store)));
        }
        return artifact.with(new ReleaseContent(members, content.traffic()));
    }

    /**
     * Takes out one of them.
     *
     * @param release the release's bytes
     * @param name what the bundle is {@link ArtifactNames#member known by}
     * @param sha256 the digest that it must have
     * @return its copy in the store
     * @throws IOException if there is no room for it, or if there is no such bundle with that digest
     */
    public static Path member(Path release, String name, String sha256, Store store) throws IOException {
        try (ZipFile zip = new ZipFile(release.toFile());
                InputStream in = zip.getInputStream(entry(zip, name));
                Staged staged = store.stage(in)) {
            if (!staged.copy().sha256().equals(sha256)) {
                throw new IOException(name + " isn't what was verified: it has the sha256 "
                        + staged.copy().sha256());
            }
            return staged.keep().path();
        }
    }

    private static ZipEntry entry(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(ArtifactNames.entry(name));
        if (entry == null) {
            throw new FileNotFoundException(name);
        }
        return entry;
    }

    /**
     * {@return the main headers of a bundle in a release}
     *
     * @throws IOException if it can't be read
     */
    public static Map<String, String> headers(Path release, String name) throws IOException {
        try (ZipFile zip = new ZipFile(release.toFile());
                JarInputStream in = new JarInputStream(zip.getInputStream(entry(zip, name)), false)) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            Manifest manifest = in.getManifest();
            // It needn't be the first entry.
            for (JarEntry next = in.getNextJarEntry(); manifest == null && next != null; next = in.getNextJarEntry()) {
                if (next.getName().equals(JarFile.MANIFEST_NAME)) {
                    manifest = new Manifest(in);
                }
            }
            if (manifest == null) {
                throw new FileNotFoundException(name + " has no manifest");
            }
            manifest.getMainAttributes().forEach((key, value) -> headers.put(key.toString(), value.toString()));
            return headers;
        }
    }
}
