package io.redshank.connections;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one connecting client is subscribed to by its hashes of subscriptions. What is not readable in them is skipped. */
final class SubscriptionLookup {
    private static final Logger log = LoggerFactory.getLogger(SubscriptionLookup.class);

    private final String key;
    private final Map<TopicFilter, Qos> found = new LinkedHashMap<>();
    private int skipped;
    private boolean read;

    /** A look-up of this key, in whatever pools. */
    SubscriptionLookup(String key) {
        this.key = key;
    }

    /** The key of the hash. */
    String key() {
        return key;
    }

    /** Takes in one hash: filters and qualities. Of a filter that is in several, the first one counts. */
    void read(Map<String, String> hash) {
        read = true;
        hash.forEach(this::take);
    }

    /** Whether any hash was taken in. */
    boolean hasRead() {
        return read;
    }

    boolean contains(String filter) {
        return found.keySet().stream().anyMatch(known -> known.value().equals(filter));
    }

    /** All that was readable; says once what was not. */
    List<Subscription> subscriptions() {
        if (skipped > 0) {
            log.warn("Stored subscriptions skipped, filter or QoS not readable [key={}, skipped={}]", key, skipped);
        }
        List<Subscription> subscriptions = new ArrayList<>(found.size());
        found.forEach((filter, qos) -> subscriptions.add(new Subscription(filter, qos)));
        return subscriptions;
    }

    private void take(String filter, String qos) {
        try {
            long level = Math.max(0, Math.min(2, Long.parseLong(qos.strip())));
            found.putIfAbsent(new TopicFilter(filter), Qos.of((int) level));
        } catch (MalformedMqttException | NumberFormatException damaged) {
            skipped++;
        }
    }
}
