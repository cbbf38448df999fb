package dev.sluice.chain.snapshot;

import dev.sluice.chain.split.Choice;
import dev.sluice.chain.split.Chooser;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The routes from one crossing, by which versions are chosen. A route is linked when a request first needs it, and told of
 * before anybody can get it; that is serialised, so that there is one only for each combination. Choosing takes no lock, and
 * makes no object unless there are very many combinations.
 */
final class Fork {

    /** As many references are 32 KB. */
    private static final int FEW = 4096;

    private final List<Branch> branches;
    private final List<Choice> choices;
    private final Chooser[] choosers;
    private final LongSupplier random;
    /** Makes a route of places, and tells of it. */
    private final Function<List<Place>, Route> link;

    /** By the combination's number; null if there are many. */
    private final AtomicReferenceArray<Route> few;

    private final Map<IntBuffer, Route> many = new ConcurrentHashMap<>();

    Fork(List<Branch> branches, LongSupplier random, Function<List<Place>, Route> link) {
        this.branches = branches;
        this.choices = branches.stream()
                .filter(branch -> !branch.isSure())
                .map(Branch::choice)
                .distinct()
                .toList();
        this.choosers = choices.stream().map(Chooser::new).toArray(Chooser[]::new);
        this.random = random;
        this.link = link;
        long combinations = 1;
        for (Chooser chooser : choosers) {
            combinations = Math.min(combinations * chooser.size(), FEW + 1L);
        }
        this.few = combinations > FEW ? null : new AtomicReferenceArray<>((int) combinations);
    }

    Route choose(HttpServletRequest request) {
        long number = random.getAsLong();
        if (few == null) {
            return chooseOfMany(request, number);
        }
        int combination = 0;
        for (Chooser chooser : choosers) {
            combination = combination * chooser.size() + chooser.choose(request, number);
        }
        Route route = few.get(combination);
        return route != null ? route : linkOfFew(combination);
    }

    private synchronized Route linkOfFew(int combination) {
        Route route = few.get(combination);
        if (route == null) {
            int[] chosen = new int[choosers.length];
            for (int choice = chosen.length - 1, rest = combination; choice >= 0; choice--) {
                chosen[choice] = rest % choosers[choice].size();
                rest /= choosers[choice].size();
            }
            route = link.apply(places(chosen));
            few.set(combination, route);
        }
        return route;
    }

    private Route chooseOfMany(HttpServletRequest request, long number) {
        int[] chosen = new int[choosers.length];
        for (int choice = 0; choice < chosen.length; choice++) {
            chosen[choice] = choosers[choice].choose(request, number);
        }
        IntBuffer key = IntBuffer.wrap(chosen);
        Route route = many.get(key);
        return route != null ? route : many.computeIfAbsent(key, combination -> link.apply(places(chosen)));
    }

    private List<Place> places(int[] chosen) {
        List<Place> places = new ArrayList<>();
        for (Branch branch : branches) {
            if (branch.isSure() || chosen[choices.indexOf(branch.choice())] == branch.option()) {
                places.add(branch.place());
            }
        }
        return places;
    }
}
