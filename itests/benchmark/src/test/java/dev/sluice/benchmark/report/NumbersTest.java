package dev.sluice.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "0.01234|0.0123",
                "0.5|0.500",
                "1.234|1.23",
                "9.999|10.00",
                "12.34|12.3",
                "123.4|123",
                "-12.34|-12.3",
                "12345.6|12,346",
                "NaN|–"
            })
    void threeDigitsCount(double value, String text) {
        assertThat(Numbers.text(value)).isEqualTo(text);
    }
}
