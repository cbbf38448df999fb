package dev.sluice.chain.path;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** The cells of one node of the tree: one for each known extension, and one for all else; made when first needed. */
final class Cells {

    private final AtomicReferenceArray<PathIndex.Cell<?>> cells;

    Cells(int size) {
        cells = new AtomicReferenceArray<>(size);
    }

    PathIndex.Cell<?> get(int extension) {
        return cells.get(extension);
    }

    /** Keeps the first that is offered: two threads that come at once use the same one afterwards. */
    PathIndex.Cell<?> offer(int extension, PathIndex.Cell<?> cell) {
        return cells.compareAndSet(extension, null, cell) ? cell : cells.get(extension);
    }
}
