package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A listener that writes down what it hears, one line each. For one thread. */
final class Heard implements BatchListener {

    private final List<String> lines = new ArrayList<>();
    private Batch last = new Batch(List.of(), List.of(), java.util.Set.of());

    /** {@return what was heard since the last time} */
    List<String> drain() {
        List<String> drained = List.copyOf(lines);
        lines.clear();
        return drained;
    }

    Batch last() {
        return last;
    }

    @Override
    public void settled(Batch batch) {
        last = batch;
        List<String> parts = new ArrayList<>();
        batch.accepted().stream().map(Artifact::file).forEach(file -> parts.add("+" + file));
        batch.refused().forEach(refused -> parts.add("!" + refused.file()));
        new TreeSet<>(batch.gone()).forEach(file -> parts.add("-" + file));
        lines.add("batch " + String.join(" ", parts));
    }

    @Override
    public void health(FolderHealth health) {
        lines.add(health.getClass().getSimpleName());
    }

    @Override
    public void waiting(String file, String message) {
        lines.add("waiting " + file + ": " + message);
    }

    @Override
    public void held(String file, String message) {
        lines.add("held " + file + ": " + message);
    }

    @Override
    public void seen(String file) {
        lines.add("seen " + file);
    }

    @Override
    public void unchanged(String file) {
        lines.add("unchanged " + file);
    }
}
