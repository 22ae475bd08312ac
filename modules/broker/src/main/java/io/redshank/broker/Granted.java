package io.redshank.broker;

import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;

/**
 * A subscription as granted.
 *
 * @param noLocal whether the client's own messages are kept from it (MQTT 5, 3.8.3.1)
 * @param retainAsPublished whether live messages keep their retain flag
 * @param retainHandling 0: retained messages are sent; 1: only if the subscription is new; 2: not at all
 */
record Granted(TopicFilter filter, Qos qos, boolean noLocal, boolean retainAsPublished, int retainHandling) {
    /** The retain handling that sends no retained messages. */
    static final int NO_RETAINED = 2;

    /** What MQTT 3 knows of a subscription. */
    static Granted plain(TopicFilter filter, Qos qos) {
        return new Granted(filter, qos, false, false, 0);
    }

    Subscription subscription() {
        return new Subscription(filter, qos);
    }
}
