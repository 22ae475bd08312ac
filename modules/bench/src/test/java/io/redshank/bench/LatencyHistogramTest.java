package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {
    private final LatencyHistogram histogram = new LatencyHistogram();

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 63, 64, 127, 128, 129, 1_000, 65_535, 65_536, 123_456_789, Long.MAX_VALUE / 2, Long.MAX_VALUE
            })
    void quantile_isAtMostAStepAbove(long nanos) {
        histogram.record(nanos);
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.quantile(0.5)).isGreaterThanOrEqualTo(nanos);
        assertThat((double) histogram.quantile(0.5)).isCloseTo(nanos, Percentage.withPercentage(1.6));
    }

    @Test
    void quantiles_areThoseOfBothWhenAdded() {
        LatencyHistogram other = new LatencyHistogram();
        for (int i = 1; i <= 500; i++) {
            histogram.record(i * 1_000L);
            other.record((500 + i) * 1_000L);
        }
        histogram.add(other);
        assertThat(histogram.quantile(0.5)).isCloseTo(500_000, within(8_000L));
        assertThat(histogram.quantile(0.99)).isCloseTo(990_000, within(16_000L));
        assertThat(histogram.max()).isEqualTo(1_000_000);
    }

    @Test
    void nothingRecorded_isZero() {
        assertThat(histogram.quantile(0.99)).isZero();
        assertThat(histogram.max()).isZero();
    }
}
