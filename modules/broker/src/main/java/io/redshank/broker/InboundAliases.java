package io.redshank.broker;

import io.redshank.model.TopicName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The topic aliases that a client has given in this connection (MQTT 5, 3.3.2.3.4). Grows with the aliases in use, up to what the
 * client was told. Confined to the connection's event loop.
 */
final class InboundAliases {
    /** What an alias stands for; the topic once it has been looked at and not refused. */
    static final class Alias {
        final String name;

        @Nullable
        TopicName topic;

        Alias(String name) {
            this.name = name;
        }
    }

    private final int maximum;
    private @Nullable Alias[] given = new Alias[0];

    InboundAliases(int maximum) {
        this.maximum = maximum;
    }

    /** Whether a client may use this alias: 1 up to what it was told [MQTT-3.3.2-8], [MQTT-3.3.2-9]. */
    boolean allows(long alias) {
        return alias >= 1 && alias <= maximum;
    }

    /** From now on the alias stands for this name, whether or not the client may publish to it. */
    void put(int alias, String name) {
        if (alias > given.length) {
            given = Arrays.copyOf(given, Math.min(maximum, Math.max(alias, given.length * 2)));
        }
        given[alias - 1] = new Alias(name);
    }

    /** What the alias stands for, if anything. */
    @Nullable
    Alias get(int alias) {
        return alias > given.length ? null : given[alias - 1];
    }
}
