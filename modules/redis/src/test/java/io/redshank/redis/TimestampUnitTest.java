package io.redshank.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Seconds and milliseconds. */
class TimestampUnitTest {
    @Test
    void of_countsInTheUnit() {
        assertThat(TimestampUnit.SECONDS.of(1_481_685_802_999L)).isEqualTo(1_481_685_802L);
        assertThat(TimestampUnit.MILLISECONDS.of(1_481_685_802_999L)).isEqualTo(1_481_685_802_999L);
    }

    @Test
    void millisOf_takesBothUnits() {
        assertThat(TimestampUnit.millisOf(1_481_685_802L)).isEqualTo(1_481_685_802_000L);
        assertThat(TimestampUnit.millisOf(1_481_685_802_999L)).isEqualTo(1_481_685_802_999L);
        assertThat(TimestampUnit.millisOf(99_999_999_999L)).isEqualTo(99_999_999_999_000L);
        assertThat(TimestampUnit.millisOf(100_000_000_000L)).isEqualTo(100_000_000_000L);
    }
}
