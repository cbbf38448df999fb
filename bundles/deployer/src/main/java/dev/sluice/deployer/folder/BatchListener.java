package dev.sluice.deployer.folder;

import dev.sluice.deployer.integrity.Inspection;

/** Hears what happens in the deploy folder: on the watch's one thread, which waits for it. */
public interface BatchListener {

    /**
     * Files have settled. Markers of refused files are the listener's to write.
     *
     * @param batch what settled together; never empty
     */
    void settled(Batch batch);

    /**
     * The folder has become unavailable or has come back; also the first state after the start. While it is unavailable
     * there are no batches.
     *
     * @param health its health now
     */
    void health(FolderHealth health);

    /**
     * A file has been incomplete for ten seconds, or what is said of it has changed since. The watch has written its
     * {@code .failed} marker, and removes it when the file is complete, unchanged or gone.
     *
     * @param file its name in the folder
     * @param message what it waits for
     */
    void waiting(String file, String message);

    /**
     * A file is complete and isn't to be deployed yet, for something that is to come, as its signature. Told at once, and once
     * more in {@link #waiting} if it takes long.
     *
     * @param file its name in the folder
     * @param message what it waits for
     */
    default void held(String file, String message) {}

    /**
     * What stands beside a file whose content was handed over earlier was compared with that content once more: at the start,
     * and when rules, keys or sidecars have changed.
     *
     * @param file its name in the folder
     * @param sha256 the digest of that content
     * @param audit what would be said of it today
     * @param raise whether an operator is to be told of what is against it; if not, only that it is over
     */
    default void audited(String file, String sha256, Inspection.Audit audit, boolean raise) {}

    /** Rules, keys or checks have changed. Files that one of them was against are judged anew without more ado. */
    default void standardsChanged() {}

    /**
     * A file is new or looks different, and isn't settled yet. It comes in a later batch as accepted, refused or gone, or in
     * {@link #unchanged}.
     *
     * @param file its name in the folder
     */
    void seen(String file);

    /**
     * A file that was reported as seen or waiting has the same content as when it was last handed over (or known at the
     * start): nothing is to be done.
     *
     * @param file its name in the folder
     */
    default void unchanged(String file) {}
}
