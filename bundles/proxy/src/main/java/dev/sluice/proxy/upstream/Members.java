package dev.sluice.proxy.upstream;

import dev.sluice.proxy.UpstreamView;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The upstreams of a route with their weights: an immutable list of what changes by itself. */
public final class Members implements Upstreams {

    private final List<Member> members;
    private final int[] weights;
    private final IntUnaryOperator random;

    /**
     * Puts upstreams together.
     *
     * @param members the upstreams
     * @param weights the weight of each
     * @param random a random number from 0 on and below the one it is given; for use by many threads
     */
    Members(List<Member> members, List<Integer> weights, IntUnaryOperator random) {
        this.members = List.copyOf(members);
        this.weights = weights.stream().mapToInt(Integer::intValue).toArray();
        this.random = random;
    }

    @Override
    public List<Upstream> all() {
        return List.copyOf(members);
    }

    List<Member> members() {
        return members;
    }

    /** {@return what an observer sees of them} */
    public List<UpstreamView> views() {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> members.get(i).view(weights[i]))
                .toList();
    }

    @Override
    public Optional<Upstream> choose(Collection<Upstream> tried) {
        Optional<Upstream> inUse = choose(member -> member.admits() && !tried.contains(member));
        return inUse.isPresent() ? inUse : choose(member -> !tried.contains(member));
    }

    /** An upstream's state may change while this looks; so it is asked once, and the answer kept. */
    private Optional<Upstream> choose(Predicate<Member> eligible) {
        int total = 0;
        int[] upTo = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
            total += eligible.test(members.get(i)) ? weights[i] : 0;
            upTo[i] = total;
        }
        if (total == 0) {
            return Optional.empty();
        }
        int point = total == 1 ? 0 : random.applyAsInt(total);
        int i = 0;
        while (upTo[i] <= point) {
            i++;
        }
        return Optional.of(members.get(i));
    }
}
