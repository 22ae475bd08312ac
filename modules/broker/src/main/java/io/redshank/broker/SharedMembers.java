package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.events.MessageAssigned;
import io.redshank.events.MessageReturned;
import io.redshank.events.MessageSettled;
import io.redshank.events.ShareJoined;
import io.redshank.events.ShareLeft;
import io.redshank.events.ShareOvertaken;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of shared subscriptions that are connected here: tells the owners of the subscriptions who comes and goes, and
 * takes what they assign. Confined to one event loop.
 */
final class SharedMembers {
    private static final Logger log = LoggerFactory.getLogger(SharedMembers.class);

    private final BrokerInstance instance;

    SharedMembers(BrokerInstance instance) {
        this.instance = instance;
    }

    /** Complete when the owner knows the member: what is published from then on is not missed. */
    Future<Answer> join(Session session, Granted granted) {
        return instance.outbox.requestOf(
                EventTypes.SHARE_JOINED,
                Concern.BROKER,
                instance.ownerOf(granted.filter()),
                joined(session, granted, List.of(), List.of()));
    }

    /** Nodes have come or gone: who has a subscription with another owner than before is a member there now. */
    void ownersChanged(Function<TopicFilter, Instance> before) {
        for (Session session : instance.sessions.values()) {
            for (Granted granted : session.shared()) {
                Instance former = before.apply(granted.filter());
                if (!former.equals(instance.ownerOf(granted.filter()))) {
                    joinAgain(session, granted)
                            .onFailure(failure -> log.debug(
                                    "Owner of a shared subscription has gone, too [filter={}, cause={}]",
                                    granted.filter(),
                                    failure.getMessage()));
                    instance.outbox.sendOf(
                            EventTypes.SHARE_LEFT,
                            Concern.BROKER,
                            former,
                            new ShareLeft(granted.filter(), session.client(), session.epoch(), List.of(), List.of()));
                }
            }
        }
    }

    private Future<Answer> joinAgain(Session session, Granted granted) {
        List<Outgoing> unsettled = session.outbound().unsettledShared().getOrDefault(granted.filter(), List.of());
        List<MessageId> keeps = unsettled.stream()
                .filter(one -> one.isKept() && one.qos() != Qos.EXACTLY_ONCE) // those cannot be claimed any more
                .map(one -> one.message().id())
                .toList();
        return instance.outbox.requestOf(
                EventTypes.SHARE_JOINED,
                Concern.BROKER,
                instance.ownerOf(granted.filter()),
                joined(
                        session,
                        granted,
                        isElsewhere(granted.filter()) ? messagesOf(unsettled, false) : List.of(),
                        keeps));
    }

    private static List<Message> messagesOf(List<Outgoing> unsettled, boolean kept) {
        return unsettled.stream()
                .filter(one -> one.isKept() == kept)
                .map(Outgoing::message)
                .toList();
    }

    /** The session gives the subscription up, and these messages back. */
    void leave(Session session, TopicFilter filter, List<Outgoing> unsettled) {
        instance.outbox.sendOf(
                EventTypes.SHARE_LEFT,
                Concern.BROKER,
                instance.ownerOf(filter),
                new ShareLeft(
                        filter,
                        session.client(),
                        session.epoch(),
                        messagesOf(unsettled, false),
                        messagesOf(unsettled, true).stream().map(Message::id).toList()));
    }

    /** A message that waited here gives way to others: another member gets it if it can be read again. */
    void dropped(Session session, Outgoing outgoing) {
        Assignment share = outgoing.share();
        if (share != null && share.isKept()) {
            giveBack(session.client(), session.epoch(), share, 0, outgoing.message());
        } else {
            settled(session, outgoing);
        }
    }

    /** A message cannot be claimed: it is another member's, or to be assigned again by another owner. */
    void notClaimed(Session session, Outgoing outgoing, Throwable failure) {
        Assignment share = outgoing.share();
        if (share == null || !(failure instanceof EventFailedException known)) {
            return;
        }
        if (known.failure() == EventFailure.TAKEN) {
            tell(session, share.filter(), outgoing.message(), true);
        } else if (known.failure() == EventFailure.REFUSED) {
            instance.outbox.sendOf(
                    EventTypes.SHARE_OVERTAKEN,
                    Concern.BROKER,
                    share.owner(),
                    new ShareOvertaken(share.filter(), share.era()));
        }
    }

    /** The session is done with a message: tells so if it came by a shared subscription, and anybody wants to know. */
    void settled(Session session, Outgoing outgoing) {
        Assignment share = outgoing.share();
        if (share != null
                && (share.isKept()
                        || instance.options.shared().strategy() == SharedStrategy.LEAST_INFLIGHT
                        || isElsewhere(share.filter()))) {
            tell(session, share.filter(), outgoing.message(), true);
        }
    }

    /** At QoS 2, a message is this client's once it may have been sent, which waits for that if it is given. */
    void beginning(Session session, Outgoing outgoing, @Nullable Future<Answer> allowed) {
        if (outgoing.share() == null || outgoing.qos() != Qos.EXACTLY_ONCE) {
            return;
        }
        if (allowed == null) {
            begun(session, outgoing);
        } else {
            allowed.onSuccess(noted -> begun(session, outgoing));
        }
    }

    /** A message may have been sent, and is not acknowledged: no other member gets it, whatever becomes of this one [MQTT-4.8.2-5]. */
    void begun(Session session, Outgoing outgoing) {
        Assignment share = outgoing.share();
        if (share != null && (share.isKept() || isElsewhere(share.filter()))) {
            tell(session, share.filter(), outgoing.message(), false);
        }
    }

    /** Whether the owner outlives this node, and so holds what it sends here until it is told what has become of it. */
    private boolean isElsewhere(TopicFilter filter) {
        return instance.hasPeers()
                && !instance.ownerOf(filter).node().equals(instance.self().node());
    }

    private void tell(Session session, TopicFilter filter, Message message, boolean acknowledged) {
        MessageSettled settled =
                new MessageSettled(filter, session.client(), session.epoch(), message.id(), acknowledged);
        Instance owner = instance.ownerOf(filter);
        if (owner.equals(instance.self())) {
            instance.sharedGroups.settle(settled);
        } else {
            instance.outbox.sendOf(EventTypes.MESSAGE_SETTLED, Concern.BROKER, owner, settled);
        }
    }

    private void giveBack(ClientId client, long epoch, Assignment share, int attempt, Message message) {
        instance.outbox.sendOf(
                EventTypes.MESSAGE_RETURNED,
                Concern.BROKER,
                instance.ownerOf(share.filter()),
                new MessageReturned(share.filter(), client, epoch, attempt, share.era(), message));
    }

    /** A message for a member here, from an owner elsewhere; what is not taken goes back. */
    Future<Answer> onAssigned(MessageAssigned assigned) {
        switch (take(assigned)) {
            case TAKEN, SENT -> {}
            case FULL ->
                giveBack(
                        assigned.client(),
                        assigned.epoch(),
                        new Assignment(assigned.filter(), assigned.owner(), assigned.era()),
                        assigned.attempt(),
                        assigned.message());
            case GONE -> {
                boolean kept = assigned.era() > 0;
                instance.outbox.sendOf(
                        EventTypes.SHARE_LEFT,
                        Concern.BROKER,
                        instance.ownerOf(assigned.filter()),
                        new ShareLeft(
                                assigned.filter(),
                                assigned.client(),
                                assigned.epoch(),
                                kept ? List.of() : List.of(assigned.message()),
                                kept ? List.of(assigned.message().id()) : List.of()));
            }
        }
        return Future.succeededFuture(Answer.DONE);
    }

    /** A message for a member here, from the owner here. */
    SharedGroup.Outcome take(MessageAssigned assigned) {
        Session session = instance.sessions.get(assigned.client());
        return session == null || session.epoch() != assigned.epoch()
                ? SharedGroup.Outcome.GONE
                : session.onAssigned(assigned);
    }

    private ShareJoined joined(Session session, Granted granted, List<Message> holds, List<MessageId> keeps) {
        return new ShareJoined(
                granted.filter(),
                session.client(),
                session.epoch(),
                instance.self(),
                granted.qos(),
                session.persists(),
                holds,
                keeps);
    }
}
