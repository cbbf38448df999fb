package dev.sluice.chain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight<Object> register = new InFlight<>();

    private List<Object> registered() {
        List<Object> all = new ArrayList<>();
        register.forEach(all::add);
        return all;
    }

    @Test
    void showsWhatIsInItAndForgetsWhatHasGone() {
        Object first = new Object();
        Object second = new Object();
        int slotOfFirst = register.add(first);
        int slotOfSecond = register.add(second);
        assertThat(registered()).containsExactlyInAnyOrder(first, second);
        register.remove(first, slotOfFirst);
        assertThat(registered()).containsExactly(second);
        register.remove(second, slotOfSecond);
        assertThat(registered()).isEmpty();
    }

    @Test
    void holdsMoreOfOneThreadThanItHasSlotsForIt() {
        List<Object> requests =
                IntStream.range(0, 10_000).mapToObj(i -> new Object()).toList();
        int[] slots = requests.stream().mapToInt(register::add).toArray();
        assertThat(registered()).hasSize(10_000).containsAll(requests);
        for (int i = 0; i < slots.length; i++) {
            register.remove(requests.get(i), slots[i]);
        }
        assertThat(registered()).isEmpty();
    }

    @Test
    void losesAndKeepsNothingWhenThreadsMeet() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Object stays = new Object();
        register.add(stays);
        List<Future<Integer>> missing = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            missing.add(threads.submit(() -> {
                int missed = 0;
                for (int n = 0; n < 2_000; n++) {
                    Object mine = new Object();
                    int slot = register.add(mine);
                    if (n % 50 == 0 && !registered().contains(mine)) {
                        missed++;
                    }
                    register.remove(mine, slot);
                }
                return missed;
            }));
        }
        for (Future<Integer> one : missing) {
            assertThat(one.get()).isZero();
        }
        threads.shutdown();
        assertThat(registered()).containsExactly(stays);
    }
}
