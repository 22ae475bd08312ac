package io.redshank.broker;

import io.redshank.model.ExclusiveFilter;
import io.redshank.model.Qos;
import io.redshank.model.SharedFilter;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.List;

/**
 * A subscription as granted, or what several of one session that match a topic grant together.
 *
 * @param identifiers what is told with each message: the identifiers of these subscriptions
 */
record Granted(Subscription subscription, List<Integer> identifiers) {
    /** The retain handling that sends no retained messages. */
    static final int NO_RETAINED = 2;

    /** One subscription. */
    static Granted of(Subscription subscription) {
        Integer identifier = subscription.options().identifier();
        return new Granted(subscription, identifier == null ? List.of() : List.of(identifier));
    }

    /** What MQTT 3 knows of a subscription. */
    static Granted plain(TopicFilter filter, Qos qos) {
        return of(new Subscription(filter, qos));
    }

    /**
     * What this and another one grant together: the subscription of the higher quality [MQTT-3.3.4-2] and all identifiers
     *[MQTT-3.3.4-4]. A message is kept from its own publisher only if both say so.
     */
    Granted with(Granted other) {
        Granted higher = other.qos().level() > qos().level() ? other : this;
        List<Integer> all = identifiers;
        if (!other.identifiers.isEmpty()) {
            all = new ArrayList<>(identifiers);
            all.addAll(other.identifiers);
        }
        boolean noLocal = noLocal() && other.noLocal();
        boolean retainAsPublished = retainAsPublished() || other.retainAsPublished();
        Subscription joined = new Subscription(
                higher.filter(),
                higher.qos(),
                new SubscriptionOptions(noLocal, retainAsPublished, higher.retainHandling(), null));
        return new Granted(joined, List.copyOf(all));
    }

    /** The same for one of the topics that it is for. */
    Subscription ofTopic(TopicName topic) {
        return new Subscription(new TopicFilter(topic.value()), qos(), subscription.options());
    }

    /** Whether other clients share the subscription, so that each message goes to one of them only. */
    boolean isShared() {
        return SharedFilter.isOne(filter());
    }

    /** Whether no other client may have the subscription. */
    boolean isExclusive() {
        return ExclusiveFilter.isOne(filter());
    }

    /** The same, of the filter that topics are compared with: an exclusive one is spelled in another way. */
    Granted plainly() {
        return isExclusive()
                ? new Granted(
                        new Subscription(ExclusiveFilter.of(filter()).topics(), qos(), subscription.options()),
                        identifiers)
                : this;
    }

    TopicFilter filter() {
        return subscription.filter();
    }

    Qos qos() {
        return subscription.qos();
    }

    /** Whether the client's own messages are kept from it (MQTT 5, 3.8.3.1). */
    boolean noLocal() {
        return subscription.options().noLocal();
    }

    /** Whether live messages keep their retain flag. */
    boolean retainAsPublished() {
        return subscription.options().retainAsPublished();
    }

    /** 0: retained messages are sent; 1: only if the subscription is new; 2: not at all. */
    int retainHandling() {
        return subscription.options().retainHandling();
    }
}
