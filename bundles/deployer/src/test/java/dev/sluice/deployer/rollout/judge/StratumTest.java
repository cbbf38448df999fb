package dev.sluice.deployer.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class StratumTest {

    private static final double LOG2 = Math.log(2);

    @Test
    void isExact() {
        for (int[] seen :
                new int[][] {{5, 2, 9, 1}, {1, 1, 99, 0}, {40, 0, 60, 7}, {30, 30, 30, 30}, {8, 3, 792, 160}}) {
            assertThat(new Stratum(seen[0], seen[1], seen[2], seen[3]).logRatio(Math.log(3), LOG2))
                    .as("%d of %d against %d of %d", seen[1], seen[0], seen[3], seen[2])
                    .isCloseTo(Math.log(likelihood(seen, 3) / likelihood(seen, 2)), within(1e-9));
        }
    }

    /** By whole numbers, term by term. */
    private static double likelihood(int[] seen, int odds) {
        int all = seen[1] + seen[3];
        BigInteger sum = BigInteger.ZERO;
        for (int k = 0; k <= seen[0]; k++) {
            sum = sum.add(ways(seen[0], k)
                    .multiply(ways(seen[2], all - k))
                    .multiply(BigInteger.valueOf(odds).pow(k)));
        }
        BigInteger one = ways(seen[0], seen[1])
                .multiply(ways(seen[2], seen[3]))
                .multiply(BigInteger.valueOf(odds).pow(seen[1]));
        return new BigDecimal(one)
                .divide(new BigDecimal(sum), MathContext.DECIMAL128)
                .doubleValue();
    }

    private static BigInteger ways(int of, int chosen) {
        if (chosen < 0 || chosen > of) {
            return BigInteger.ZERO;
        }
        BigInteger ways = BigInteger.ONE;
        for (int i = 0; i < chosen; i++) {
            ways = ways.multiply(BigInteger.valueOf(of - i)).divide(BigInteger.valueOf(i + 1));
        }
        return ways;
    }

    @Test
    void saysNothingWhereAllAreBadOrNone() {
        assertThat(new Stratum(50, 50, 4950, 4950).logRatio(Math.log(9), 0)).isCloseTo(0, within(1e-12));
        assertThat(new Stratum(50, 0, 4950, 0).logRatio(Math.log(9), 0)).isCloseTo(0, within(1e-12));
    }

    /** Were it more, evidence against a good version would grow by itself. */
    @Test
    void hasAnExpectationOfOneIfTheToleratedOddsAreTheTrueOnes() {
        double expectation = 0;
        for (int k = 0; k <= 20; k++) {
            int[] seen = {20, k, 80, 30 - k};
            expectation += likelihood(seen, 2) * Math.exp(new Stratum(20, k, 80, 30 - k).logRatio(Math.log(5), LOG2));
        }

        assertThat(expectation).isCloseTo(1, Percentage.withPercentage(1e-6));
    }

    @Test
    void hasAnExpectationOfLessIfTheTrueOddsAreSmaller() {
        double expectation = 0;
        for (int k = 0; k <= 20; k++) {
            int[] seen = {20, k, 80, 30 - k};
            expectation += likelihood(seen, 1) * Math.exp(new Stratum(20, k, 80, 30 - k).logRatio(Math.log(5), LOG2));
        }

        assertThat(expectation).isLessThan(0.5);
    }

    @Test
    void copesWithManyRequests() {
        double ratio = new Stratum(1_000_000, 200_000, 1_000_000, 200_000).logRatio(Math.log(1.5), 0);

        assertThat(ratio).isNegative().isFinite();
    }
}
