package dev.sluice.heap;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shark.GcRoot;
import shark.HeapGraph;
import shark.HeapObject;
import shark.HeapObject.HeapInstance;

/** Where the collector starts. */
final class Roots {

    /** No thread. */
    static final int NONE = -1;

    private final HeapGraph graph;
    private final List<GcRoot> all;
    private final Map<Integer, GcRoot.ThreadObject> threads = new HashMap<>();

    Roots(HeapGraph graph) {
        this.graph = graph;
        // What is on a stack at the moment comes last: of paths of one length, the one that stays says more.
        this.all = graph.getGcRoots().stream()
                .filter(root -> graph.objectExists(root.getId()))
                .sorted(Comparator.comparingInt(Roots::order).thenComparingInt(Roots::depth))
                .toList();
        for (GcRoot root : all) {
            if (root instanceof GcRoot.ThreadObject thread) {
                threads.put(thread.getThreadSerialNumber(), thread);
            }
        }
    }

    List<GcRoot> all() {
        return all;
    }

    private static int order(GcRoot root) {
        return root instanceof GcRoot.ThreadObject ? 0 : stack(root) == NONE ? 1 : 2;
    }

    /** Who called comes before what was called: that which waits at the end of the stack is the JDK's mostly. */
    private static int depth(GcRoot root) {
        return root instanceof GcRoot.JavaFrame frame ? -frame.getFrameNumber() : 0;
    }

    /** {@return the object of the thread on whose stack a root is; 0 if it is on none, or not in the dump} */
    long thread(GcRoot root) {
        GcRoot.ThreadObject thread = threads.get(stack(root));
        return thread == null ? 0 : thread.getId();
    }

    /** {@return the serial number of the thread on whose stack a root is; {@link #NONE} if it is on none} */
    static int stack(GcRoot root) {
        if (root instanceof GcRoot.JavaFrame frame) {
            return frame.getThreadSerialNumber();
        }
        if (root instanceof GcRoot.JniLocal local) {
            return local.getThreadSerialNumber();
        }
        if (root instanceof GcRoot.NativeStack stack) {
            return stack.getThreadSerialNumber();
        }
        return root instanceof GcRoot.ThreadBlock block ? block.getThreadSerialNumber() : NONE;
    }

    /** {@return a root in words} */
    String words(GcRoot root, Frames frames) {
        if (root instanceof GcRoot.ThreadObject thread) {
            return named(thread) + ", which lives";
        }
        if (root instanceof GcRoot.JavaFrame frame) {
            GcRoot.ThreadObject thread = threads.get(frame.getThreadSerialNumber());
            String where = thread == null
                    ? ""
                    : frames.name(thread.getStackTraceSerialNumber(), frame.getFrameNumber())
                            .map(name -> " in " + name)
                            .orElse("");
            return "local variable" + where + ", on the stack of " + named(thread);
        }
        if (stack(root) != NONE) {
            return "native code, on the stack of " + named(threads.get(stack(root)));
        }
        if (root instanceof GcRoot.StickyClass) {
            return "class of the JVM";
        }
        return root instanceof GcRoot.JniGlobal || root instanceof GcRoot.JniMonitor
                ? "native code (JNI)"
                : "the JVM itself";
    }

    private String named(GcRoot.ThreadObject thread) {
        HeapObject object = thread == null ? null : graph.findObjectByIdOrNull(thread.getId());
        if (!(object instanceof HeapInstance instance)) {
            return "a thread";
        }
        String kind = instance.instanceOf("java.lang.BaseVirtualThread") ? "virtual thread" : "thread";
        return Heap.field(instance, "java.lang.Thread", "name")
                .flatMap(Heap::text)
                .map(name -> kind + (name.isEmpty() ? " without a name" : " \"" + name + "\""))
                .orElse(kind);
    }
}
