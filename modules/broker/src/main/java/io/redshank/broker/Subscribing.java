package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
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
    private final FilterRules rules;

    Subscribing(Session session, BrokerInstance instance) {
        this.session = session;
        this.instance = instance;
        this.starts = new SubscriptionStarts(session);
        this.rules = new FilterRules(
                instance.options.shared(),
                instance.options.topics(),
                session.limits().packets());
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
        if (rules.refusalOf(filter) != null) {
            log.warn("Subscription cannot be granted [client={}, filter={}]", session.client(), filter);
            return;
        }
        Granted granted = Granted.of(new Subscription(
                filter, subscription.qos(), subscription.options().withRetainHandling(retainHandling)));
        MessageId begun = starts.begin(granted, start, origin);
        boolean fresh = begin(granted);
        Future<Answer> told = tell(granted, begun, origin).onFailure(this::onNotTold);
        ready(granted, start, DONE, told)
                .onSuccess(ready -> replayRetained(granted, fresh))
                .onFailure(failure -> session.takeBack(granted));
    }

    /** Makes a subscription live, unless others have a say in that; answers whether it is new. */
    private boolean begin(Granted granted) {
        if (granted.isExclusive()) {
            session.claim(granted);
            return session.subscription(granted.filter()) == null;
        }
        return session.subscribe(granted);
    }

    private Asked ask(MqttTopicSubscription topic, @Nullable Integer identifier) {
        TopicFilter filter = filterOrNull(topic.topicName());
        if (filter == null) {
            return refused(ReasonCode.TOPIC_FILTER_INVALID, "not a topic filter");
        }
        FilterRules.Refusal refusal = rules.refusalOf(filter);
        if (refusal != null) {
            return refused(refusal.reason(), refusal.why());
        }
        if (isOneTooMany(filter)) {
            return refused(ReasonCode.QUOTA_EXCEEDED, "too many subscriptions");
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
        MessageId begun = starts.begin(granted, null, SubscriptionOrigin.DEVICE);
        return new Asked(granted, begun, granted.qos().level(), begin(granted), null);
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
                codes[i] = onNotStored(one.granted(), stored.get(i).cause());
                why = stored.get(i).cause().getMessage();
            } else if (one.granted() != null) {
                granted.add(one);
            }
        }
        session.socket().suback(packetId, codes, why);
        return granted;
    }

    /** Takes a subscription back; answers the code that says why. */
    private int onNotStored(@Nullable Granted granted, Throwable failure) {
        onNotTold(failure);
        if (granted != null) {
            session.takeBack(granted);
        }
        boolean taken = failure instanceof EventFailedException known && known.failure() == EventFailure.TAKEN;
        return taken && session.socket().speaksMqtt5()
                ? ReasonCode.QUOTA_EXCEEDED.code()
                : ReasonCode.UNSPECIFIED_ERROR.code();
    }

    /**
     * Settles what a subscription of a persisting session needs in Redis; for others, nothing is waited for, except what other
     * clients have a say in.
     */
    private Future<Answer> store(Granted granted, @Nullable MessageId begun, Future<?> acknowledged) {
        Future<Answer> told = tell(granted, begun, SubscriptionOrigin.DEVICE);
        Future<Answer> ready = ready(granted, null, acknowledged, told);
        if (session.persists()) {
            return Future.join(ready, told)
                    .compose(stored -> begun == null ? DONE : starts.over(begun))
                    .map(Answer.DONE);
        }
        if (granted.isExclusive()) {
            return ready;
        }
        told.onFailure(this::onNotTold);
        return granted.isShared()
                ? ready
                : instance.wanted.known(granted.plainly().filter());
    }

    /** Complete when nothing is missed that is published from then on; of a session that goes on, since it was made. */
    private Future<Answer> ready(Granted granted, @Nullable MessageId since, Future<?> released, Future<Answer> told) {
        if (granted.isShared()) {
            return instance.sharedMembers.join(session, granted);
        }
        if (granted.isExclusive()) {
            return told.compose(own -> session.claimed(granted) ? readLog(granted.plainly(), since, released) : DONE);
        }
        return readLog(granted, since, released);
    }

    /** Other nodes send what is published from now on, and what was before is read. */
    private Future<Answer> readLog(Granted granted, @Nullable MessageId since, Future<?> released) {
        Future<Answer> known = instance.wanted.known(granted.plainly().filter());
        return instance.readsLog(session, granted) ? session.catchUps().start(granted, since, released, known) : known;
    }

    private void replayRetained(@Nullable Granted granted, boolean fresh) {
        if (granted == null || granted.isShared() || granted.retainHandling() == Granted.NO_RETAINED) {
            return; // MQTT 5, 4.8.2: retained messages are not sent for a shared subscription
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
        SessionSubscribed event = new SessionSubscribed(
                session.client(),
                session.username(),
                granted.subscription(),
                begun,
                origin,
                session.persists(),
                System.currentTimeMillis());
        return instance.outbox
                .request(EventTypes.SESSION_SUBSCRIBED, Concern.CONNECTIONS, event)
                .onSuccess(stored -> instance.broadcasts.send(EventTypes.SESSION_SUBSCRIBED, event));
    }

    private Future<Answer> tellEnd(TopicFilter filter, SubscriptionOrigin origin) {
        SessionUnsubscribed event = new SessionUnsubscribed(
                session.client(), session.username(), filter, origin, System.currentTimeMillis());
        return instance.outbox
                .request(EventTypes.SESSION_UNSUBSCRIBED, Concern.CONNECTIONS, event)
                .onSuccess(forgotten -> instance.broadcasts.send(EventTypes.SESSION_UNSUBSCRIBED, event));
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
