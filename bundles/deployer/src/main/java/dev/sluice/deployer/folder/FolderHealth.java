package dev.sluice.deployer.folder;

/** Whether what is seen at the deploy folder's path is the deploy folder. */
public sealed interface FolderHealth {

    /** It is: what is missing in it has been removed. */
    record Mounted() implements FolderHealth {}

    /**
     * It isn't: it is missing, can't be read, or is another folder. Nothing in it counts.
     *
     * @param message what is wrong, and what to do about it
     */
    record Unavailable(String message) implements FolderHealth {}
}
