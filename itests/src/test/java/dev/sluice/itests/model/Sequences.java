package dev.sluice.itests.model;

import dev.sluice.itests.model.Content.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes sequences of steps. Each step is a value that refers to no other, and one that makes no sense where it stands is left
 * out when it is done: so every part of a sequence is a sequence, and one that fails can be made shorter by leaving out.
 */
final class Sequences {

    private static final int VERSIONS = 4;

    private final Random random;

    /** @param seed the same seed makes the same sequence */
    Sequences(long seed) {
        random = new Random(seed);
    }

    /** {@return a sequence that begins with everything deployed} */
    List<Step> next(int length) {
        List<Step> steps = new ArrayList<>();
        for (Slot slot : List.of(Slot.DENY, Slot.AUTH, Slot.PAIR, Slot.TRACE)) {
            steps.add(new Step.Deploy(slot, new Content(slot.version(1), Fault.NONE)));
        }
        while (steps.size() < length) {
            steps.add(step());
        }
        return steps;
    }

    private Step step() {
        int dice = random.nextInt(100);
        if (dice < 3) {
            return new Step.Restart(random.nextBoolean());
        }
        if (dice < 18) {
            return new Step.Together(change(), change());
        }
        return change();
    }

    private Step change() {
        int dice = random.nextInt(100);
        Slot slot = one(Slot.values());
        if (dice < 34) {
            return new Step.Deploy(slot, new Content(slot.version(1 + random.nextInt(VERSIONS)), fault()));
        }
        if (dice < 46) {
            return new Step.Swaps(slot, random.nextInt(VERSIONS));
        }
        if (dice < 56) {
            return new Step.Remove(slot);
        }
        if (dice < 78) {
            Content content = new Content(
                    slot.version(1 + random.nextInt(VERSIONS)), random.nextInt(4) > 0 ? Fault.NONE : Fault.START);
            return new Step.Sabotage(slot, one(Step.Sabotage.Act.values()), content);
        }
        if (dice < 92) {
            return new Step.Operate(slot, one(Step.Operate.Act.values()));
        }
        return new Step.Configure(
                slot, slot.kind().names().get(random.nextInt(slot.kind().names().size())), one(Setting.values()));
    }

    private Fault fault() {
        Fault fault = random.nextInt(3) > 0 ? Fault.NONE : one(Fault.values());
        // Each takes as long as the container waits for it.
        return fault == Fault.HEALTH && random.nextInt(3) > 0 ? Fault.PROBE : fault;
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
