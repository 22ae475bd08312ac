package io.redshank.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsTest {
    @Test
    void plus_addsUpWhatIsOfEachNodeAndKeepsWhatIsShared() {
        Counts one = new Counts(Map.of(Count.BYTES_SENT, 3L, Count.RETAINED, 5L, Count.CONNECTIONS, 1L));
        Counts other = new Counts(Map.of(Count.BYTES_SENT, 4L, Count.RETAINED, 6L, Count.INFLIGHT, 2L));
        assertThat(one.plus(other).values())
                .isEqualTo(Map.of(Count.BYTES_SENT, 7L, Count.RETAINED, 6L, Count.CONNECTIONS, 1L, Count.INFLIGHT, 2L));
        assertThat(one.plus(Counts.NONE)).isEqualTo(one);
        assertThat(one.get(Count.INFLIGHT)).isNull();
    }

    @Test
    void counts_haveCodesAndNamesOfTheirOwn() {
        assertThat(Count.values())
                .extracting(Count::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> code > 0 && code < Count.Codes.END);
        assertThat(Count.values())
                .extracting(Count::label)
                .doesNotHaveDuplicates()
                .allMatch(label -> label.matches("[a-z]+(\\.[a-z]+)*"));
        assertThat(Arrays.stream(Count.values()).map(count -> Count.of(count.code())))
                .containsExactly(Count.values());
    }

    @Test
    void packets_areCountedByTheirTypes() {
        assertThat(Count.packetsReceived()).hasSize(11).contains(Count.PUBLISH_RECEIVED, Count.AUTH_RECEIVED);
        assertThat(Count.packetsSent()).hasSize(11).contains(Count.CONNACK_SENT, Count.AUTH_SENT);
    }
}
