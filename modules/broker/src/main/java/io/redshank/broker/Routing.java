package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of an accepted message to the clients that are connected to this instance. Confined to its event loop. */
final class Routing {
    private static final Logger log = LoggerFactory.getLogger(Routing.class);
    private static final Future<Answer> DONE = Future.succeededFuture(Answer.DONE);

    private final BrokerInstance instance;
    private final SharedGroups groups;
    private final Subscribers<Session> subscribers;
    private final HeldBack heldBack;

    Routing(BrokerInstance instance) {
        this.instance = instance;
        this.groups = instance.sharedGroups;
        this.subscribers = new Subscribers<>(instance.tree);
        this.heldBack = new HeldBack(instance.vertx, instance.order, this::route);
    }

    /** A message from another node, for all instances of this one; they get it in the order in which it came here. */
    Future<Answer> onForwarded(MessageAccepted accepted) {
        instance.outbox.sendToAll(EventTypes.MESSAGE_ACCEPTED, Concern.BROKER, accepted);
        return DONE;
    }

    /** Gives a message to all who have subscribed to it, in the order of its topic's log. */
    Future<Answer> onAccepted(MessageAccepted accepted) {
        TopicName topic = accepted.message().topic();
        if (!accepted.stored() || !instance.hasPeers()) {
            route(accepted);
        } else if (isUnwanted(topic)) {
            instance.order.forget(topic); // other nodes do not send what nobody here wants, so gaps mean nothing
        } else if (!heldBack.takes(accepted)) {
            route(accepted);
            heldBack.release(topic);
        }
        return DONE;
    }

    /** Has those who have a place in the topic's log read what is behind this message there. */
    void readBehind(TopicName topic, MessageId last) {
        instance.order.forget(topic); // what is read is no gap for the next one
        groups.readAgain(topic);
        for (SubscriptionTree.Match<Session> match : subscribers.of(topic)) {
            if (readsGaps(match.subscriber(), match.granted())) {
                match.subscriber().readBehind(topic, last);
            }
        }
    }

    private boolean isUnwanted(TopicName topic) {
        return subscribers.of(topic).isEmpty() && !groups.want(topic);
    }

    private void route(MessageAccepted accepted) {
        TopicOrder.Place place = accepted.stored() ? instance.order.note(accepted) : TopicOrder.Place.NEXT;
        if (place == TopicOrder.Place.AGAIN) {
            return; // its event was sent again, and did nothing but this
        }
        List<SubscriptionTree.Match<Session>> matches = instance.leasedQueues.notReading(
                accepted, subscribers.of(accepted.message().topic()));
        MessageId before = instance.order.before();
        if (place == TopicOrder.Place.AFTER_A_GAP && before != null) {
            onGap(accepted, before, matches);
        }
        for (int i = 0; i < matches.size(); i++) {
            Session session = matches.get(i).subscriber();
            Granted granted = matches.get(i).granted();
            if (!readsGaps(session, granted)) {
                session.onMessage(accepted, granted);
            } else if (accepted.stored() && accepted.again()) {
                session.readAgain(accepted.message().topic()); // it may have read it before it was routed
            } else if (place != TopicOrder.Place.LATE) {
                session.onMessage(accepted, granted);
            }
        }
        groups.route(accepted, place);
    }

    /** Messages were lost on their way here: those who have a place in the log read them there, and this one behind them. */
    private void onGap(MessageAccepted accepted, MessageId before, List<SubscriptionTree.Match<Session>> matches) {
        log.warn(
                "Messages have not come here, read from their log [topic={}, after={}, up to={}]",
                accepted.message().topic(),
                before,
                accepted.previous());
        for (SubscriptionTree.Match<Session> match : matches) {
            if (readsGaps(match.subscriber(), match.granted())) {
                match.subscriber().readBehind(accepted.message().topic(), before);
            }
        }
    }

    private static boolean readsGaps(Session session, Granted granted) {
        return session.hasPlaces() && granted.qos().isAcknowledged();
    }
}
