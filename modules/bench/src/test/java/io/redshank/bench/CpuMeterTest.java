package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
    @Test
    void userAndSystemTime_areAddedWhateverTheCommandIsCalled() {
        String stat = "42 (a) b (c)) S 1 42 42 0 -1 4194304 1 2 3 4 150 25 9 9 20 0 1 0 100\n";
        assertThat(CpuMeter.timeIn(stat)).isEqualTo(Duration.ofMillis(1_750));
    }
}
