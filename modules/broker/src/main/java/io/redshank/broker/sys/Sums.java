package io.redshank.broker.sys;

import io.redshank.events.Count;
import io.redshank.events.Counts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values under {@code $SYS/broker} that are a count, or several together, by the names that Mosquitto gives them. */
final class Sums {
    private static final Map<String, List<Count>> BY_TOPIC = byTopic();

    private Sums() {}

    private static Map<String, List<Count>> byTopic() {
        Map<String, List<Count>> sums = new LinkedHashMap<>();
        sums.put("clients/connected", List.of(Count.CONNECTIONS));
        sums.put("clients/active", List.of(Count.CONNECTIONS));
        sums.put("clients/disconnected", List.of(Count.SESSIONS_DISCONNECTED));
        sums.put("clients/inactive", List.of(Count.SESSIONS_DISCONNECTED));
        sums.put("clients/total", List.of(Count.CONNECTIONS, Count.SESSIONS_DISCONNECTED));
        sums.put("clients/expired", List.of(Count.SESSIONS_EXPIRED));
        sums.put("messages/received", Count.packetsReceived());
        sums.put("messages/sent", Count.packetsSent());
        sums.put("messages/inflight", List.of(Count.INFLIGHT));
        sums.put("publish/messages/received", List.of(Count.PUBLISH_RECEIVED));
        sums.put("publish/messages/sent", List.of(Count.PUBLISH_SENT));
        sums.put("publish/messages/dropped", List.of(Count.MESSAGES_DROPPED));
        sums.put("publish/bytes/received", List.of(Count.PAYLOAD_RECEIVED));
        sums.put("publish/bytes/sent", List.of(Count.PAYLOAD_SENT));
        sums.put("bytes/received", List.of(Count.BYTES_RECEIVED));
        sums.put("bytes/sent", List.of(Count.BYTES_SENT));
        sums.put("retained messages/count", List.of(Count.RETAINED));
        sums.put("subscriptions/count", List.of(Count.SUBSCRIPTIONS));
        sums.put("shared_subscriptions/count", List.of(Count.SHARED_SUBSCRIPTIONS));
        sums.put("bookmarks/missing", List.of(Count.BOOKMARKS_MISSING));
        sums.put("bookmarks/lost", List.of(Count.BOOKMARKS_LOST));
        sums.put("backlog/messages/skipped", List.of(Count.BACKLOG_SKIPPED));
        sums.put("store/messages/trimmed", List.of(Count.TRIMMED));
        sums.put("broadcasts/lost", List.of(Count.BROADCASTS_LOST));
        sums.put("heap/current", List.of(Count.HEAP_USED));
        return sums;
    }

    /** All sums of which each part is known. */
    static Map<String, String> texts(Counts counts) {
        Map<String, String> texts = new LinkedHashMap<>();
        BY_TOPIC.forEach((topic, parts) -> {
            Long sum = of(counts, parts);
            if (sum != null) {
                texts.put(topic, Long.toString(sum));
            }
        });
        return texts;
    }

    /** Null if one of them is not known. */
    static @Nullable Long of(Counts counts, List<Count> parts) {
        long sum = 0;
        for (Count part : parts) {
            Long value = counts.get(part);
            if (value == null) {
                return null;
            }
            sum += value;
        }
        return sum;
    }
}
