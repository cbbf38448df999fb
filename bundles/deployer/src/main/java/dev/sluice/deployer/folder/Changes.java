package dev.sluice.deployer.folder;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What may have changed since the last turn.
 *
 * @param everything whether the whole folder is to be compared
 * @param touched names that the file system reported
 * @param forgotten names whose content is to be handed over even if it is the same
 * @param asked to be completed when what is there now was handed over
 * @param steps to be run on the watch's thread
 */
record Changes(
        boolean everything,
        Set<String> touched,
        Set<String> forgotten,
        List<CompletableFuture<Void>> asked,
        List<Runnable> steps) {

    static final Changes NONE = new Changes(false, Set.of(), Set.of(), List.of(), List.of());

    static final Changes EVERYTHING = NONE.andEverything();

    Changes andEverything() {
        return new Changes(true, touched, forgotten, asked, steps);
    }
}
