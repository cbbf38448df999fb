package dev.sluice.itests.model;

import dev.sluice.itests.model.Content.Fault;
import dev.sluice.itests.model.Place.Condition;
import dev.sluice.itests.model.View.Face;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reference: what should run, told as simply as it can be told. Immutable.
 *
 * @param places by file
 * @param settings the operator's overrides, by middleware
 */
record Model(Map<Slot, Place> places, Map<String, Setting> settings) {

    static final Model EMPTY = new Model(Map.of(), Map.of());

    Model {
        places = Map.copyOf(places);
        settings = Map.copyOf(settings);
    }

    Place place(Slot slot) {
        return places.getOrDefault(slot, Place.EMPTY);
    }

    Setting setting(String name) {
        return settings.getOrDefault(name, Setting.NONE);
    }

    // ---- what is seen

    /** {@return what requests see of all middleware} */
    List<View> chain() {
        return Stream.of(Kind.values()).flatMap(kind -> of(kind).stream()).toList();
    }

    /** {@return what requests see of the middleware of one kind} */
    List<View> of(Kind kind) {
        return kind.names().stream().map(one -> view(kind, one, face(kind))).toList();
    }

    /** {@return the versions that are ready and that no traffic goes to} */
    Set<Integer> standbys(Kind kind) {
        Optional<Content> serving = highest(kind);
        return running(kind)
                .filter(content -> !Optional.of(content).equals(serving))
                .map(Content::version)
                .collect(Collectors.toSet());
    }

    private Stream<Content> running(Kind kind) {
        return slots(kind)
                .filter(slot -> place(slot).is(Condition.RUNS))
                .map(slot -> place(slot).running().orElseThrow());
    }

    private Optional<Content> highest(Kind kind) {
        return running(kind).max(java.util.Comparator.comparing(Content::version));
    }

    private Content face(Kind kind) {
        Content missing = slots(kind).anyMatch(slot -> place(slot).isAway()) ? MISSING : ABSENT;
        return highest(kind).orElse(missing);
    }

    private static final Content MISSING = new Content(0, Fault.START);
    private static final Content ABSENT = new Content(0, Fault.NONE);

    private View view(Kind kind, Kind.Named one, Content content) {
        Face face = content.equals(MISSING)
                ? Face.MISSING
                : content.equals(ABSENT) ? Face.ABSENT : content.fault() == Fault.THROWS ? Face.THROWS : Face.SERVES;
        return new View(kind, one, face, content.version(), setting(one.name()));
    }

    private static Stream<Slot> slots(Kind kind) {
        return Stream.of(Slot.values()).filter(slot -> slot.kind() == kind);
    }

    // ---- what changes

    /** {@return whether the step makes sense here, and the model has an opinion about it} */
    boolean permits(Step step) {
        if (step instanceof Step.Together both) {
            Slot first = both.first().slots().get(0);
            Slot second = both.second().slots().get(0);
            return first.kind() != second.kind() && permits(both.first()) && permits(both.second());
        }
        if (step instanceof Step.Restart) {
            return true;
        }
        Slot slot = step.slots().get(0);
        Place place = place(slot);
        if (step instanceof Step.Deploy deploy) {
            boolean again = place.folder().equals(Optional.of(deploy.content()));
            // What throws beside a standby may be sent back to it: that is the trip switch's, and tested there.
            return !again
                    && !(deploy.content().fault() == Fault.THROWS && hasOther(slot))
                    && !beside(slot, Fault.THROWS)
                    && !(place.published().equals(Optional.of(deploy.content())) && !place.is(Condition.RUNS));
        }
        if (step instanceof Step.Swaps swaps) {
            return place.is(Condition.RUNS)
                    && place.folder().equals(place.running())
                    && !place.folder().equals(Optional.of(swaps.contents().get(0)))
                    && !beside(slot, Fault.THROWS);
        }
        if (step instanceof Step.Remove) {
            return place.folder().isPresent();
        }
        if (step instanceof Step.Sabotage sabotage) {
            return switch (sabotage.act()) {
                case START ->
                    place.is(Condition.STOPPED_BY_OTHERS)
                            && place.running().orElseThrow().deploys();
                case UPDATE -> place.is(Condition.RUNS) && sabotage.content().fault() != Fault.THROWS;
                default -> place.is(Condition.RUNS);
            };
        }
        if (step instanceof Step.Operate operate) {
            return switch (operate.act()) {
                case STOP -> place.is(Condition.RUNS);
                case START -> place.is(Condition.STOPPED);
                case UNINSTALL -> place.is(Condition.RUNS) || place.is(Condition.STOPPED);
            };
        }
        Step.Configure configure = (Step.Configure) step;
        // Where there is no place nobody could see when the override has been read.
        return setting(configure.middleware().name()) != configure.setting()
                && !face(slot.kind()).equals(ABSENT);
    }

    private boolean hasOther(Slot slot) {
        return slots(slot.kind())
                .anyMatch(other -> other != slot && !place(other).equals(Place.EMPTY));
    }

    private boolean beside(Slot slot, Fault fault) {
        return slots(slot.kind())
                .filter(other -> other != slot)
                .flatMap(other -> place(other).running().stream())
                .anyMatch(content -> content.fault() == fault);
    }

    /** {@return what should run when the step is over} */
    Model after(Step step) {
        if (step instanceof Step.Together both) {
            return after(both.first()).after(both.second());
        }
        if (step instanceof Step.Restart) {
            Map<Slot, Place> all = new EnumMap<>(Slot.class);
            places.forEach((slot, place) -> all.put(slot, place.restart()));
            return new Model(all, settings);
        }
        if (step instanceof Step.Configure configure) {
            Map<String, Setting> all = new HashMap<>(settings);
            all.put(configure.middleware().name(), configure.setting());
            return new Model(places, all);
        }
        Slot slot = step.slots().get(0);
        Map<Slot, Place> all = new HashMap<>(places);
        all.put(slot, after(place(slot), step));
        return new Model(all, settings);
    }

    private static Place after(Place place, Step step) {
        if (step instanceof Step.Deploy deploy) {
            return deploy.content().deploys() ? place.publish(deploy.content()) : place.refuse(deploy.content());
        }
        if (step instanceof Step.Swaps swaps) {
            return place.publish(swaps.last());
        }
        if (step instanceof Step.Remove) {
            return Place.EMPTY;
        }
        if (step instanceof Step.Operate operate) {
            return switch (operate.act()) {
                case STOP -> place.become(Condition.STOPPED);
                case START -> place.become(Condition.RUNS);
                case UNINSTALL -> place.become(Condition.UNINSTALLED);
            };
        }
        Step.Sabotage sabotage = (Step.Sabotage) step;
        return switch (sabotage.act()) {
            case STOP, STOP_TRANSIENT -> place.become(Condition.STOPPED_BY_OTHERS);
            case START -> place.become(Condition.RUNS);
            case UPDATE -> {
                Place updated = place.run(sabotage.content());
                yield sabotage.content().deploys() ? updated : updated.become(Condition.STOPPED_BY_OTHERS);
            }
            case REFRESH -> place;
            case UNINSTALL -> place.become(Condition.UNINSTALLED_BY_OTHERS);
        };
    }

    // ---- what is seen meanwhile

    /** {@return every chain that a request may run on while the step is under way, this one and the next among them} */
    Set<List<View>> during(Step step) {
        return product(kind -> kindDuring(kind, step));
    }

    /**
     * {@return the chains that a request may run on besides, if a bundle stays away for longer than requests are held for it: a
     * standby stands in, or nobody does}
     */
    Set<List<View>> late(Step step) {
        return product(kind -> {
            Set<List<View>> faces = new HashSet<>(kindDuring(kind, step));
            sabotage(kind, step).map(this::without).ifPresent(without -> {
                faces.add(without.of(kind));
                faces.add(missing(kind));
            });
            return sabotage(kind, step).isPresent() ? mixed(kind, faces) : faces;
        });
    }

    private static Set<List<View>> product(Function<Kind, Set<List<View>>> ofKind) {
        Set<List<View>> chains = Set.of(List.of());
        for (Kind kind : Kind.values()) {
            Set<List<View>> longer = new HashSet<>();
            for (List<View> rest : ofKind.apply(kind)) {
                chains.forEach(chain ->
                        longer.add(Stream.concat(chain.stream(), rest.stream()).toList()));
            }
            chains = longer;
        }
        return chains;
    }

    private Set<List<View>> kindDuring(Kind kind, Step step) {
        if (step instanceof Step.Together both) {
            return both.first().slots().get(0).kind() == kind
                    ? kindDuring(kind, both.first())
                    : kindDuring(kind, both.second());
        }
        Set<List<View>> seen = new HashSet<>();
        seen.add(of(kind));
        if (step.slots().stream().anyMatch(slot -> slot.kind() == kind)) {
            seen.add(after(step).of(kind));
        }
        if (step instanceof Step.Swaps swaps && swaps.slot().kind() == kind) {
            swaps.contents()
                    .forEach(content -> seen.add(
                            after(new Step.Deploy(swaps.slot(), content)).of(kind)));
        }
        // Outside of the deployer the two of a bundle come and go one after the other; requests are held in between if
        // it is
        // expected back.
        boolean oneByOne = step instanceof Step.Operate
                || step instanceof Step.Sabotage sabotage && sabotage.act() == Step.Sabotage.Act.START;
        return oneByOne ? mixed(kind, seen) : seen;
    }

    private static Optional<Step.Sabotage> sabotage(Kind kind, Step step) {
        if (step instanceof Step.Together both) {
            return sabotage(kind, both.first()).or(() -> sabotage(kind, both.second()));
        }
        return step instanceof Step.Sabotage sabotage && sabotage.slot().kind() == kind
                ? Optional.of(sabotage)
                : Optional.empty();
    }

    private Model without(Step.Sabotage sabotage) {
        Slot slot = sabotage.slot();
        return new Model(with(slot, place(slot).become(Condition.STOPPED_BY_OTHERS)), settings);
    }

    private List<View> missing(Kind kind) {
        return kind.names().stream().map(one -> view(kind, one, MISSING)).toList();
    }

    private Map<Slot, Place> with(Slot slot, Place place) {
        Map<Slot, Place> all = new HashMap<>(places);
        all.put(slot, place);
        return all;
    }

    /** {@return all ways to take each middleware of the kind from any of these} */
    private static Set<List<View>> mixed(Kind kind, Set<List<View>> faces) {
        Set<List<View>> mixed = Set.of(List.of());
        for (int i = 0; i < kind.names().size(); i++) {
            Set<List<View>> longer = new HashSet<>();
            for (List<View> face : faces) {
                View one = face.get(i);
                mixed.forEach(rest ->
                        longer.add(Stream.concat(rest.stream(), Stream.of(one)).toList()));
            }
            mixed = longer;
        }
        return mixed;
    }
}
