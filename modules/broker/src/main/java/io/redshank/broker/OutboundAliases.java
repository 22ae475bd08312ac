package io.redshank.broker;

import io.redshank.model.TopicName;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The topic aliases towards one client in this connection (MQTT 5, 3.3.2.3.4). While there are free ones, a topic gets one when it
 * is first sent. Then a topic that comes again soon takes the alias that was not used for the longest time: a topic that is sent
 * once is not worth it. Confined to the connection's event loop.
 */
final class OutboundAliases {
    /** What an alias costs with each message, in bytes: shorter topics do not repay it. */
    private static final int COST = 3;

    private final int maximum;
    private final Map<TopicName, Integer> aliases = new LinkedHashMap<>(16, 0.75f, true);
    /** The topics without an alias that were sent last, at most as many as there are aliases. */
    private final Set<TopicName> recent = new LinkedHashSet<>();

    /** So many aliases at most; 0 for none. */
    OutboundAliases(int maximum) {
        this.maximum = maximum;
    }

    /** The alias that the client knows for this topic; 0 if there is none. */
    int known(TopicName topic) {
        if (maximum == 0) {
            return 0;
        }
        Integer alias = aliases.get(topic);
        return alias == null ? 0 : alias;
    }

    /** An alias to tell the client for this topic, which has none; 0 if the topic gets none now. */
    int assign(TopicName topic) {
        if (maximum == 0 || topic.value().length() <= COST) {
            return 0;
        }
        int alias = aliases.size() + 1;
        if (alias > maximum) {
            if (!recent.remove(topic)) {
                remember(topic);
                return 0;
            }
            alias = takeEldest();
        }
        aliases.put(topic, alias);
        return alias;
    }

    private int takeEldest() {
        Iterator<Integer> eldest = aliases.values().iterator();
        int alias = eldest.next();
        eldest.remove();
        return alias;
    }

    private void remember(TopicName topic) {
        if (recent.size() >= maximum) {
            Iterator<TopicName> eldest = recent.iterator();
            eldest.next();
            eldest.remove();
        }
        recent.add(topic);
    }
}
