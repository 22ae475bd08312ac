package io.redshank.broker.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.StatusValue;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said under {@code $SYS/broker}, by a clock that the test moves. */
class StatusTextTest {
    private static final long START = -5_000_000_000L; // such a clock may start anywhere

    private final StatusText text = new StatusText("redshank 1.2.3", START);

    private static long after(long seconds) {
        return START + TimeUnit.SECONDS.toNanos(seconds);
    }

    private Map<String, String> news(Counts counts) {
        return text.news(counts).stream()
                .collect(Collectors.toMap(value -> value.topic().value(), StatusValue::text));
    }

    private static Counts counts(Count count, long value) {
        return new Counts(Map.of(count, value));
    }

    @Test
    void first_saysWhatIsKnownAndNothingElse() {
        Map<String, String> first = news(counts(Count.CONNECTIONS, 2));
        assertThat(first)
                .containsEntry("$SYS/broker/version", "redshank 1.2.3")
                .containsEntry("$SYS/broker/uptime", "0 seconds")
                .containsEntry("$SYS/broker/clients/connected", "2")
                .containsEntry("$SYS/broker/clients/active", "2")
                .containsEntry("$SYS/broker/load/connections/15min", "0.00")
                .doesNotContainKeys(
                        "$SYS/broker/clients/total", "$SYS/broker/clients/disconnected", "$SYS/broker/bytes/sent");
    }

    @Test
    void news_areOnlyWhatHasChanged() {
        assertThat(news(counts(Count.CONNECTIONS, 2))).isNotEmpty();
        assertThat(news(counts(Count.CONNECTIONS, 2))).isEmpty();
        text.measured(Counts.NONE, after(3));
        assertThat(news(counts(Count.CONNECTIONS, 1)))
                .containsOnly(
                        Map.entry("$SYS/broker/uptime", "3 seconds"),
                        Map.entry("$SYS/broker/clients/connected", "1"),
                        Map.entry("$SYS/broker/clients/active", "1"));
    }

    @Test
    void maxima_doNotFall() {
        assertThat(news(new Counts(Map.of(Count.CONNECTIONS, 3L, Count.HEAP_USED, 30L))))
                .containsEntry("$SYS/broker/clients/maximum", "3")
                .containsEntry("$SYS/broker/heap/maximum", "30");
        assertThat(news(new Counts(Map.of(Count.CONNECTIONS, 1L, Count.HEAP_USED, 10L))))
                .containsEntry("$SYS/broker/clients/connected", "1")
                .containsEntry("$SYS/broker/heap/current", "10")
                .doesNotContainKeys("$SYS/broker/clients/maximum", "$SYS/broker/heap/maximum");
        assertThat(news(counts(Count.CONNECTIONS, 4))).containsEntry("$SYS/broker/clients/maximum", "4");
    }

    @Test
    void totals_addUpTheirParts() {
        Counts known = new Counts(Map.of(Count.CONNECTIONS, 3L, Count.SESSIONS_DISCONNECTED, 4L));
        assertThat(news(known))
                .containsEntry("$SYS/broker/clients/total", "7")
                .containsEntry("$SYS/broker/clients/inactive", "4");
        Counters counters = new Counters();
        counters.received(1);
        counters.received(3);
        counters.received(3);
        counters.sent(2);
        counters.add(Count.PAYLOAD_RECEIVED, 11);
        assertThat(news(new Counts(counters.totals())))
                .containsEntry("$SYS/broker/messages/received", "3")
                .containsEntry("$SYS/broker/messages/sent", "1")
                .containsEntry("$SYS/broker/publish/messages/received", "2")
                .containsEntry("$SYS/broker/publish/bytes/received", "11")
                .containsEntry("$SYS/broker/publish/messages/sent", "0");
    }

    @Test
    void load_isWhatMosquittoComputes() {
        // new = interval + exp(-elapsed / (60 * minutes)) * (old - interval), interval = count * 60 / elapsed
        text.measured(counts(Count.SOCKETS_OPENED, 10), after(10));
        Map<String, String> first = news(Counts.NONE);
        assertThat(first)
                .containsEntry("$SYS/broker/load/sockets/1min", "9.21") // 60 * (1 - exp(-1/6))
                .containsEntry("$SYS/broker/load/sockets/5min", "1.97") // 60 * (1 - exp(-1/30))
                .containsEntry("$SYS/broker/load/sockets/15min", "0.66"); // 60 * (1 - exp(-1/90))
        text.measured(counts(Count.SOCKETS_OPENED, 10), after(20));
        assertThat(news(Counts.NONE)).containsEntry("$SYS/broker/load/sockets/1min", "7.80"); // 9.21 * exp(-1/6)
    }

    @Test
    void measurementAtTheSameTime_changesNothing() {
        text.measured(counts(Count.BYTES_SENT, 100), after(0));
        assertThat(news(Counts.NONE)).containsEntry("$SYS/broker/load/bytes/sent/1min", "0.00");
        text.measured(counts(Count.BYTES_SENT, 100), after(60));
        assertThat(news(Counts.NONE)).containsEntry("$SYS/broker/load/bytes/sent/1min", "63.21");
    }

    @ParameterizedTest
    @CsvSource({"1", "5", "15"})
    void steadyLoad_isWhatItIsInAMinute(int minutes) {
        LoadAverage average = new LoadAverage(minutes);
        for (int second = 0; second < 60 * 60 * 3; second += 10) {
            average.measured(20, 10);
        }
        assertThat(Double.parseDouble(average.text())).isCloseTo(120, within(0.01));
    }
}
