package dev.sluice.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shark.GcRoot;
import shark.HeapObject;
import shark.HeapObject.HeapClass;
import shark.HeapObject.HeapInstance;
import shark.HeapObject.HeapObjectArray;

/** Finds the paths to a class loader, and puts them into lines. For one thread. */
final class Explainer {

    /** A pool of two hundred threads would give as many. */
    private static final int MOST = 3;

    /** A static field that is farther away holds so much that it isn't the cause. */
    private static final int NEAR = 8;

    private final Heap heap;
    private final Roots roots;
    private final Frames frames;
    private final Bundles bundles;
    private final long loader;

    /** {@code loader}: the id of the class loader in question. */
    Explainer(Heap heap, Frames frames, long loader) {
        this.heap = heap;
        this.roots = new Roots(heap.graph());
        this.frames = frames;
        this.bundles = new Bundles(heap.graph());
        this.loader = loader;
    }

    /** {@return the lines of up to three paths, the shortest first; none if nothing leads to the class loader} */
    List<String> paths(boolean withSoft) {
        List<String> lines = new ArrayList<>();
        ShortestPath search = new ShortestPath(heap, roots.all(), withSoft);
        for (int i = 0; i < MOST; i++) {
            Optional<ShortestPath.Found> found = search.to(loader);
            if (found.isEmpty()) {
                break;
            }
            lines.addAll(lines(found.get(), withSoft));
            exclude(found.get(), search, withSoft);
        }
        return lines;
    }

    private List<String> lines(ShortestPath.Found path, boolean withSoft) {
        List<String> lines = new ArrayList<>();
        lines.add(Protocol.root(root(path)));
        for (int i = 0; i < path.objects().size(); i++) {
            HeapObject object = object(path, i);
            String link =
                    i == 0 ? "" : link(object(path, i - 1), object, withSoft).words();
            lines.add(Protocol.step(link, name(object), bundles.name(source(object)), isOwn(object)));
        }
        return lines;
    }

    /** An object is on a stack several times, as an argument of one that waits too: its own method says most. */
    private String root(ShortestPath.Found path) {
        GcRoot found = path.root();
        if (Roots.stack(found) == Roots.NONE) {
            return roots.words(found, frames);
        }
        String own = " in " + name(object(path, 0)) + ".";
        return roots.all().stream()
                .filter(root -> root.getId() == found.getId() && Roots.stack(root) == Roots.stack(found))
                .map(root -> roots.words(root, frames))
                .filter(words -> words.contains(own))
                .findFirst()
                .orElseGet(() -> roots.words(found, frames));
    }

    /** Takes away what this path is due to, so that the next one has another cause. */
    private void exclude(ShortestPath.Found path, ShortestPath search, boolean withSoft) {
        int entry = 0;
        while (!isOwn(object(path, entry))) {
            entry++;
        }
        int stack = Roots.stack(path.root());
        if (entry == 0) {
            roots.all().stream()
                    .filter(root ->
                            root.getId() == path.root().getId() || stack != Roots.NONE && Roots.stack(root) == stack)
                    .forEach(search::dontStart);
            int thread = heap.index(roots.thread(path.root()));
            if (thread != Heap.NOWHERE) {
                search.dontEnter(thread);
            }
            return;
        }
        HeapObject holder = object(path, entry - 1);
        heap.references(holder, withSoft, (id, link, name, index) -> {
            int held = heap.index(id);
            if (held != Heap.NOWHERE && isOwn(heap.at(held))) {
                search.dontFollow(holder.getObjectIndex(), held);
            }
        });
        for (int i = entry; i > 0 && entry - i < NEAR; i--) {
            HeapObject from = object(path, i - 1);
            if (from instanceof HeapClass
                    && link(from, object(path, i), withSoft).link() == Link.STATIC) {
                search.dontFollow(from.getObjectIndex(), object(path, i).getObjectIndex());
                return;
            }
        }
        if (path.root() instanceof GcRoot.ThreadObject || stack != Roots.NONE) {
            search.dontFollow(path.objects().get(0), path.objects().get(1));
        }
    }

    private HeapObject object(ShortestPath.Found path, int at) {
        return heap.at(path.objects().get(at));
    }

    /** A reference with its words, that a search for it has found. */
    private record Named(Link link, String words) {}

    private Named link(HeapObject from, HeapObject to, boolean withSoft) {
        List<Named> found = new ArrayList<>();
        heap.references(from, withSoft, (id, link, name, index) -> {
            if (id == to.getObjectId()) {
                found.add(new Named(link, link.words(name, index)));
            }
        });
        return found.get(0);
    }

    private boolean isOwn(HeapObject object) {
        return object.getObjectId() == loader || heap.loader(object) == loader;
    }

    /** A class loader is of the bundle whose classes it has, not of the framework whose class it is. */
    private long source(HeapObject object) {
        boolean isLoader = object instanceof HeapInstance instance && instance.instanceOf("java.lang.ClassLoader");
        return isLoader ? object.getObjectId() : heap.loader(object);
    }

    private static String name(HeapObject object) {
        if (object instanceof HeapClass type) {
            return "class " + type.getName();
        }
        if (object instanceof HeapInstance instance) {
            return instance.getInstanceClassName();
        }
        return ((HeapObjectArray) object).getArrayClassName();
    }
}
