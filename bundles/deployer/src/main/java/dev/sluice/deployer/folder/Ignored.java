package dev.sluice.deployer.folder;

import java.nio.file.Files;
import java.nio.file.Path;

/** What lies in the deploy folder, and isn't taken. */
final class Ignored {

    private Ignored() {}

    /** {@return what it is and what to do about it, as the end of a sentence} */
    static String why(Path path) {
        boolean isNamedSo = FileNames.isArtifact(path.getFileName().toString());
        if (Files.isDirectory(path)) {
            return "is a folder, and nothing in it is deployed: "
                    + (isNamedSo
                            ? "pack it, or have your build tool do so, and put the file there"
                            : "put the files themselves into the deploy folder");
        }
        return isNamedSo && Files.exists(path) && !Files.isRegularFile(path)
                ? "is a pipe, socket or device, and not read: put a file there, or take it away"
                : "is ignored: only files named *.jar or *.zip are artifacts";
    }
}
