package io.redshank.broker.sys;

import io.redshank.events.Count;
import io.redshank.events.Counts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The load averages. */
final class Loads {
    private static final int[] MINUTES = {1, 5, 15};
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What rises under one name. */
    private static final class Load {
        final String name;
        final List<Count> counts;
        final List<LoadAverage> averages = new ArrayList<>();
        long last;

        Load(String name, List<Count> counts) {
            this.name = name;
            this.counts = counts;
            for (int minutes : MINUTES) {
                averages.add(new LoadAverage(minutes));
            }
        }
    }

    private final List<Load> loads = List.of(
            new Load("messages/received", Count.packetsReceived()),
            new Load("messages/sent", Count.packetsSent()),
            new Load("publish/received", List.of(Count.PUBLISH_RECEIVED)),
            new Load("publish/sent", List.of(Count.PUBLISH_SENT)),
            new Load("publish/dropped", List.of(Count.MESSAGES_DROPPED)),
            new Load("bytes/received", List.of(Count.BYTES_RECEIVED)),
            new Load("bytes/sent", List.of(Count.BYTES_SENT)),
            new Load("sockets", List.of(Count.SOCKETS_OPENED)),
            new Load("connections", List.of(Count.CONNECT_RECEIVED)));

    private long lastNanos;

    /** Averages of 0 at this time. */
    Loads(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    /** These are the totals at this time. */
    void measured(Counts totals, long nowNanos) {
        double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
        if (seconds <= 0) {
            return;
        }
        lastNanos = nowNanos;
        for (Load load : loads) {
            Long total = Sums.of(totals, load.counts);
            if (total != null) {
                long more = total - load.last;
                load.averages.forEach(average -> average.measured(more, seconds));
                load.last = total;
            }
        }
    }

    /** Each average by its name, such as {@code sockets/1min}. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Load load : loads) {
            for (int i = 0; i < MINUTES.length; i++) {
                texts.put(
                        load.name + "/" + MINUTES[i] + "min",
                        load.averages.get(i).text());
            }
        }
        return texts;
    }
}
