package dev.sluice.itests.model;

import dev.sluice.itests.harness.Digests;
import dev.sluice.itests.harness.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what the container says of itself with what the model says (P8). */
final class Convergence {

    private final Model model;
    private final Status status;
    private final List<String> differences = new ArrayList<>();

    private Convergence(Model model, Status status) {
        this.model = model;
        this.status = status;
    }

    /** {@return in what the two differ} */
    static List<String> differences(Model model, Status status) {
        Convergence convergence = new Convergence(model, status);
        model.chain().forEach(convergence::place);
        for (Kind kind : Kind.values()) {
            convergence.standbys(kind);
        }
        for (Slot slot : Slot.values()) {
            convergence.file(slot);
        }
        return convergence.differences;
    }

    /** {@return what still holds a unit, though there is no request} */
    static List<String> leases(Status status) {
        List<String> held = new ArrayList<>();
        if (status.json().get("inFlight").getAsLong() != 0) {
            held.add("in flight: " + status.json().get("inFlight"));
        }
        for (String list : List.of("chain", "standbys", "others")) {
            status.json().getAsJsonArray(list).forEach(unit -> {
                var leases = unit.getAsJsonObject().get("leases");
                if (!leases.isJsonNull() && leases.getAsLong() != 0) {
                    held.add("leases: " + unit);
                }
            });
        }
        return held;
    }

    private void place(View view) {
        String name = view.middleware().name();
        Optional<Status.Unit> place = status.place(name);
        if (!view.hasPlace()) {
            place.ifPresent(unit -> differences.add("no place is to be there: " + unit.json()));
            return;
        }
        if (place.isEmpty()) {
            differences.add(name + " has no place");
            return;
        }
        Status.Unit unit = place.get();
        boolean missing = view.face() == View.Face.MISSING;
        is(name + "'s state", missing ? "MISSING" : "SERVING", unit.state());
        is(name + "'s version", missing ? Optional.empty() : Optional.of(view.version() + ".0.0"), unit.version());
        is(name + "'s ranking", view.ranking(), unit.ranking());
        is(name + "'s paths", List.of(view.setting().path(view.middleware().path())), unit.paths());
        is(
                name + "'s failure mode",
                view.isOpen() ? "open" : "closed",
                unit.json().get("onFailure").getAsString());
        is(
                name + " blocks",
                missing && !view.isOpen(),
                unit.json().get("blocks").getAsBoolean());
    }

    private void standbys(Kind kind) {
        Set<String> versions =
                model.standbys(kind).stream().map(version -> version + ".0.0").collect(Collectors.toSet());
        for (Kind.Named one : kind.names()) {
            if (model.setting(one.name()) == Setting.DISABLED) {
                continue; // it has no place, and its units are listed as disabled
            }
            is(
                    one.name() + "'s standbys",
                    versions,
                    status.standbys().stream()
                            .filter(unit -> unit.name().equals(one.name()))
                            .map(unit -> unit.version().orElse(""))
                            .collect(Collectors.toSet()));
        }
    }

    private void file(Slot slot) {
        Place place = model.place(slot);
        Set<String> states = new java.util.TreeSet<>();
        if (place.folder().filter(content -> !content.deploys()).isPresent()) {
            states.add("FAILED");
        }
        switch (place.condition()) {
            case RUNS -> states.add("PUBLISHED");
            case STOPPED -> states.add("STOPPED");
            case UNINSTALLED -> states.add("REMOVED");
            default -> {}
        }
        List<Status.Deployment> said = status.deployments().stream()
                .filter(deployment -> deployment.file().equals(slot.file()))
                .filter(deployment -> !List.of("RETIRED", "DRAINED", "RELEASED").contains(deployment.state()))
                .toList();
        Set<String> seen =
                said.stream().map(Status.Deployment::state).collect(Collectors.toCollection(java.util.TreeSet::new));
        if (place.isAway()) {
            // What others did is no state of the deployment; that it is missing stands in the chain.
            seen.remove("PUBLISHED");
        }
        is(slot.file() + "'s deployments", states, seen);
        if (place.is(Place.Condition.RUNS)) {
            // Of two contents with one version nothing else tells which it is.
            Content published = place.published().orElseThrow();
            is(
                    slot.file() + "'s content",
                    Set.of(Digests.sha256(slot.kind().jar(published))),
                    said.stream()
                            .filter(deployment -> deployment.state().equals("PUBLISHED"))
                            .flatMap(deployment -> deployment.sha256().stream())
                            .collect(Collectors.toSet()));
        }
        if (!states.contains("FAILED")) {
            said.stream()
                    .filter(deployment -> deployment.state().equals("FAILED"))
                    .forEach(deployment -> differences.add(slot.file() + " failed: " + deployment.reason()));
        }
        said.stream()
                .filter(deployment -> !deployment.state().equals("PUBLISHED"))
                .filter(deployment -> deployment.reason().isEmpty())
                .forEach(deployment ->
                        differences.add(slot.file() + " is there without a reason: " + deployment.json()));
    }

    private void is(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            differences.add(what + ": " + actual + " instead of " + expected);
        }
    }
}
