package io.redshank.broker;

import io.redshank.model.TopicName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The topic aliases that a client has given in this connection (MQTT 5, 3.3.2.3.4). Grows with the aliases in use, up to what the
 * client was told. Confined to the connection's event loop.
 */
final class InboundAliases {
    private final int maximum;
    private @Nullable TopicName[] topics = new TopicName[0];

    InboundAliases(int maximum) {
        this.maximum = maximum;
    }

    /** Whether a client may use this alias: 1 up to what it was told [MQTT-3.3.2-8], [MQTT-3.3.2-9]. */
    boolean allows(long alias) {
        return alias >= 1 && alias <= maximum;
    }

    /** From now on the alias stands for the topic. */
    void put(int alias, TopicName topic) {
        if (alias > topics.length) {
            topics = Arrays.copyOf(topics, Math.min(maximum, Math.max(alias, topics.length * 2)));
        }
        topics[alias - 1] = topic;
    }

    /** The topic that the alias stands for, if any. */
    @Nullable
    TopicName get(int alias) {
        return alias > topics.length ? null : topics[alias - 1];
    }
}
