package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SessionUnsubscribed;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.mqtt.MqttTopicSubscription;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the subscriptions of one session come and go. Confined to the connection's event loop. */
final class Subscribing {
    private static final Logger log = LoggerFactory.getLogger(Subscribing.class);
    private static final String SHARED = "$share/";
    private static final Future<Answer> DONE = Future.succeededFuture(Answer.DONE);

    /** One filter of a SUBSCRIBE: granted, or refused with a code. */
    private record Asked(
            @Nullable Granted granted,
            @Nullable MessageId begun,
            int code,
            boolean fresh,
            @Nullable String why) {}

    private final Session session;
    private final BrokerInstance instance;
    private final SubscriptionStarts starts;

    Subscribing(Session session, BrokerInstance instance) {
        this.session = session;
        this.instance = instance;
        this.starts = new SubscriptionStarts(session);
    }

    /** SUBSCRIBE: live at once; acknowledged when what must be stored of it is; then retained and stored messages follow. */
    void onSubscribe(MqttSubscribeMessage packet) {
        Long identifier = PropertyReader.number(packet.properties(), MqttPropertyType.SUBSCRIPTION_IDENTIFIER);
        if (identifier != null && identifier == 0) { // MQTT 5, 3.8.2.1.2
            session.disconnect(ReasonCode.PROTOCOL_ERROR, "a subscription identifier of 0");
            return;
        }
        List<Asked> asked = new ArrayList<>();
        for (MqttTopicSubscription topic : packet.topicSubscriptions()) {
            asked.add(ask(topic, identifier == null ? null : identifier.intValue()));
        }
        Promise<Answer> acknowledged = Promise.promise();
        List<Future<Answer>> stored = new ArrayList<>();
        for (Asked one : asked) {
            stored.add(one.granted() == null ? DONE : store(one.granted(), one.begun(), acknowledged.future()));
        }
        Future.join(stored).onComplete(done -> {
            if (!session.isEnded()) {
                List<Asked> granted = acknowledge(packet.messageId(), asked, stored);
                acknowledged.complete(Answer.DONE);
                granted.forEach(one -> replayRetained(one.granted(), one.fresh()));
            }
        });
    }

    /** UNSUBSCRIBE: gone at once; acknowledged when it is forgotten in Redis. */
    void onUnsubscribe(MqttUnsubscribeMessage packet) {
        List<String> topics = packet.topics();
        short[] codes = new short[topics.size()];
        List<Future<Answer>> forgotten = new ArrayList<>();
        for (int i = 0; i < codes.length; i++) {
            TopicFilter filter = filterOrNull(topics.get(i));
            if (filter == null) {
                codes[i] = (short) ReasonCode.TOPIC_FILTER_INVALID.code();
            } else if (session.unsubscribe(filter)) {
                forgotten.add(tellEnd(filter, SubscriptionOrigin.DEVICE));
            } else {
                codes[i] = (short) ReasonCode.NO_SUBSCRIPTION_EXISTED.code();
            }
        }
        Future.join(forgotten).onComplete(done -> {
            if (!session.isEnded()) {
                session.socket().unsuback(packet.messageId(), codes, null);
            }
        });
    }

    /** What Redis had for this client when it connected; a session that goes on has had its retained messages. */
    void restore(SessionFound found) {
        found.subscriptions()
                .forEach(subscription -> grant(
                        subscription,
                        found.starts().get(subscription.filter()),
                        SubscriptionOrigin.STORED,
                        found.present()
                                ? Granted.NO_RETAINED
                                : subscription.options().retainHandling()));
        if (found.present()) {
            session.catchUps().wildcards().resume(found.memory().caughtUpMillis());
        }
    }

    /** What the configuration subscribes each client to, and this session does not have yet. */
    void subscribeUnasked() {
        for (Subscription subscription : instance.options.topics().automaticFor(session.client(), session.username())) {
            if (session.subscription(subscription.filter()) == null) {
                grant(
                        subscription,
                        null,
                        SubscriptionOrigin.DEVICE,
                        subscription.options().retainHandling());
            }
        }
    }

    /** An application's command; what is so already is left as it is. */
    void command(TopicFilter filter, @Nullable Qos qos) {
        Granted before = session.subscription(filter);
        if (qos == null) {
            if (session.unsubscribe(filter)) {
                tellEnd(filter, SubscriptionOrigin.APPLICATION).onFailure(this::onNotTold);
            }
        } else if (before == null || before.qos() != qos) {
            grant(new Subscription(filter, qos), null, SubscriptionOrigin.APPLICATION, 0);
        }
    }

    /** A subscription that the client has not asked for, so that there is nobody to be told that it cannot be. */
    private void grant(
            Subscription subscription, @Nullable MessageId start, SubscriptionOrigin origin, int retainHandling) {
        TopicFilter filter = subscription.filter();
        if (!SubscriptionTree.takes(filter)
                || filter.value().startsWith(SHARED)
                || instance.options.topics().refuses(filter)) {
            log.warn("Subscription cannot be granted [client={}, filter={}]", session.client(), filter);
            return;
        }
        Granted granted = Granted.of(new Subscription(
                filter, subscription.qos(), subscription.options().withRetainHandling(retainHandling)));
        MessageId begun = starts.begin(granted, start);
        boolean fresh = session.subscribe(granted);
        readLog(granted, DONE).onSuccess(read -> replayRetained(granted, fresh));
        tell(granted, begun, origin).onFailure(this::onNotTold);
    }

    private Asked ask(MqttTopicSubscription topic, @Nullable Integer identifier) {
        TopicFilter filter = filterOrNull(topic.topicName());
        if (filter == null) {
            return refused(ReasonCode.TOPIC_FILTER_INVALID, "not a topic filter");
        }
        if (!session.limits().packets().allowTopic(filter.value())) {
            return refused(ReasonCode.TOPIC_FILTER_INVALID, "topic filter too long or too deep");
        }
        if (filter.value().startsWith(SHARED)) {
            return refused(ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, "no shared subscriptions");
        }
        if (isOneTooMany(filter)) {
            return refused(ReasonCode.QUOTA_EXCEEDED, "too many subscriptions");
        }
        if (instance.options.topics().refuses(filter)) {
            return refused(ReasonCode.NOT_AUTHORIZED, "nobody may subscribe to this filter");
        }
        MqttSubscriptionOption option = topic.subscriptionOption();
        Granted granted = Granted.of(new Subscription(
                filter,
                Qos.of(topic.qualityOfService().value()),
                new SubscriptionOptions(
                        option.isNoLocal(),
                        option.isRetainAsPublished(),
                        option.retainHandling().value(),
                        identifier)));
        MessageId begun = starts.begin(granted, null);
        return new Asked(granted, begun, granted.qos().level(), session.subscribe(granted), null);
    }

    private boolean isOneTooMany(TopicFilter filter) {
        return session.subscriptionCount() >= session.limits().sessions().maxSubscriptions()
                && session.subscription(filter) == null;
    }

    private Asked refused(ReasonCode reason, String why) {
        int code = session.socket().speaksMqtt5() ? reason.code() : ReasonCode.UNSPECIFIED_ERROR.code();
        return new Asked(null, null, code, false, why);
    }

    /** Sends SUBACK; answers what is granted in it. */
    private List<Asked> acknowledge(int packetId, List<Asked> asked, List<Future<Answer>> stored) {
        int[] codes = new int[asked.size()];
        List<Asked> granted = new ArrayList<>();
        String why = null;
        for (int i = 0; i < codes.length; i++) {
            Asked one = asked.get(i);
            codes[i] = one.code();
            why = why == null ? one.why() : why;
            if (stored.get(i).failed()) {
                onNotTold(stored.get(i).cause());
                takeBack(one.granted());
                codes[i] = ReasonCode.UNSPECIFIED_ERROR.code();
                why = stored.get(i).cause().getMessage();
            } else if (one.granted() != null) {
                granted.add(one);
            }
        }
        session.socket().suback(packetId, codes, why);
        return granted;
    }

    private void takeBack(@Nullable Granted granted) {
        if (granted != null && granted.equals(session.subscription(granted.filter()))) {
            session.unsubscribe(granted.filter());
        }
    }

    /** Settles what a subscription of a persisting session needs in Redis; for others, nothing is waited for. */
    private Future<Answer> store(Granted granted, @Nullable MessageId begun, Future<?> acknowledged) {
        Future<Answer> read = readLog(granted, acknowledged);
        Future<Answer> told = tell(granted, begun, SubscriptionOrigin.DEVICE);
        if (session.persists()) {
            return Future.join(read, told)
                    .compose(stored -> begun == null ? DONE : starts.over(begun))
                    .map(Answer.DONE);
        }
        told.onFailure(this::onNotTold);
        return DONE;
    }

    private Future<Answer> readLog(Granted granted, Future<?> released) {
        return instance.readsLog(session, granted) ? session.catchUps().start(granted, released) : DONE;
    }

    private void replayRetained(@Nullable Granted granted, boolean fresh) {
        if (granted == null || granted.retainHandling() == Granted.NO_RETAINED) {
            return;
        }
        if (granted.retainHandling() == 0 || fresh) {
            if (StatusBoard.has(granted.filter())) {
                instance.status.replay(session, granted);
            } else if (instance.options.retainedServed()) {
                new RetainedReplay(session, instance, granted).start();
            }
        }
    }

    private Future<Answer> tell(Granted granted, @Nullable MessageId begun, SubscriptionOrigin origin) {
        return instance.outbox.request(
                EventTypes.SESSION_SUBSCRIBED,
                Concern.CONNECTIONS,
                new SessionSubscribed(
                        session.client(),
                        session.username(),
                        granted.subscription(),
                        begun,
                        origin,
                        session.persists(),
                        System.currentTimeMillis()));
    }

    private Future<Answer> tellEnd(TopicFilter filter, SubscriptionOrigin origin) {
        return instance.outbox.request(
                EventTypes.SESSION_UNSUBSCRIBED,
                Concern.CONNECTIONS,
                new SessionUnsubscribed(
                        session.client(), session.username(), filter, origin, System.currentTimeMillis()));
    }

    private void onNotTold(Throwable failure) {
        log.warn("Subscription not stored [client={}, cause={}]", session.client(), failure.getMessage());
    }

    private @Nullable TopicFilter filterOrNull(String filter) {
        try {
            return instance.rewriting.filter(new TopicFilter(filter), session.client(), session.username());
        } catch (MalformedMqttException malformed) {
            return null;
        }
    }
}
