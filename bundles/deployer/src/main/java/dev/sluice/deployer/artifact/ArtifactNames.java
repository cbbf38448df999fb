package dev.sluice.deployer.artifact;

import java.util.Locale;

/**
 * Which names are whose. What comes in a release is known by the file's name and its own in there, as {@code
 * shop.zip!/lib/auth.jar}: no file has such a name.
 */
public final class ArtifactNames {

    private static final String BUNDLE = ".jar";
    private static final String RELEASE = ".zip";
    private static final String IN = "!/";

    private ArtifactNames() {}

    /** {@return whether a file of that name can be deployed} */
    public static boolean isArtifact(String name) {
        return isBundle(name) || isRelease(name);
    }

    /** {@return whether a file, or an entry of a release, of that name is one bundle} */
    public static boolean isBundle(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(BUNDLE);
    }

    /** {@return whether a file of that name is a release} */
    public static boolean isRelease(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(RELEASE);
    }

    /** {@return the name of a release that has no other: its file's, without its ending} */
    static String withoutEnding(String file) {
        return file.substring(0, file.length() - RELEASE.length());
    }

    /** {@return what a bundle of a release is known by} */
    public static String member(String file, String entry) {
        return file + IN + entry;
    }

    /** {@return whether that is the name of what came in a release} */
    public static boolean isMember(String name) {
        return name.contains(IN) && isBundle(name);
    }

    /** {@return the file in the folder that something came in: for what is no part of a release, the name itself} */
    public static String file(String name) {
        return isMember(name) ? name.substring(0, name.indexOf(IN)) : name;
    }

    /** {@return what it is called in its release; any other name as it is} */
    public static String entry(String name) {
        return isMember(name) ? name.substring(name.indexOf(IN) + IN.length()) : name;
    }
}
