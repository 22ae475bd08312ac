package io.redshank.broker;

import io.redshank.events.Count;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages on their way to one client: those {@linkplain SentMessages sent} and not acknowledged, and a bounded queue of
 * those that wait for a place among them. QoS 0 messages do not wait: what a slow client's connection cannot take is dropped.
 * Confined to the connection's event loop.
 */
final class OutboundMessages {
    private static final Logger log = LoggerFactory.getLogger(OutboundMessages.class);

    /** How many members may be too small for a message of a shared subscription before it is given up. */
    private static final int TRIES_WHEN_TOO_LARGE = 20;

    private final Session session;
    private final BrokerInstance instance;
    private final OutboundLimits limits;
    private final long maxPacketSize;
    private final SentMessages sent;
    private final Redelivery redelivery;
    private final Deque<Outgoing> queue = new ArrayDeque<>();
    /** Who has more to send than may wait here, each with one page at a time, and one after the other. */
    private final Deque<Runnable> replays = new ArrayDeque<>();

    private boolean replaying;
    private boolean goingOn;
    private long queuedBytes;
    private long dropped;

    /** The way to a client that takes so much. */
    OutboundMessages(Session session, BrokerInstance instance, ClientCapabilities client) {
        this.session = session;
        this.instance = instance;
        this.limits = session.limits().outbound();
        this.sent = new SentMessages(session, instance, Math.min(limits.maxInflight(), client.receiveMaximum()));
        this.redelivery = new Redelivery(session, instance, sent);
        this.maxPacketSize = client.maximumPacketSize();
    }

    /** Sends again, before anything else, what was underway when the session's last connection ended. */
    void restore(List<Underway> underway) {
        redelivery.begin(underway);
    }

    /** What is underway now, in the order it was sent. */
    List<Underway> underway() {
        return sent.underway(redelivery.unsent());
    }

    /** Up to when the client has been sent what was stored, if it has up to this time but for what waits here. */
    long sentUpTo(long millis) {
        return queue.stream()
                .filter(Outgoing::logged)
                .mapToLong(waiting -> WildcardReading.timeOf(waiting.message()))
                .reduce(millis, Math::min);
    }

    /** Sends a live message, or keeps it until there is room, at the lower of its own and the subscription's quality. */
    void deliver(Message message, Granted granted, boolean retain, boolean logged) {
        Outgoing outgoing = Outgoing.of(message, granted, retain, logged);
        if (isTooLarge(outgoing)) {
            return; // [MQTT-3.1.2-25]: as if it had been delivered
        }
        if (!outgoing.qos().isAcknowledged()) {
            if (session.socket().isWritable()) {
                sent.send(outgoing);
            } else {
                drop(message);
            }
        } else if (queue.isEmpty() && hasWindow()) {
            sent.send(outgoing);
        } else if (hasPlaceFor(message)) {
            enqueue(outgoing);
        } else if (!logged || !session.readsAgainFrom(message)) {
            onFull(outgoing);
        }
    }

    private void onFull(Outgoing outgoing) {
        switch (limits.whenFull()) {
            case DROP_NEWEST -> drop(outgoing.message());
            case DROP_OLDEST -> {
                while (!queue.isEmpty() && !hasPlaceFor(outgoing.message())) {
                    Outgoing oldest = dequeue();
                    drop(oldest.message());
                    instance.sharedMembers.dropped(session, oldest);
                }
                if (hasPlaceFor(outgoing.message())) {
                    enqueue(outgoing);
                } else {
                    drop(outgoing.message());
                }
            }
            case DISCONNECT -> session.disconnect(ReasonCode.QUOTA_EXCEEDED, "takes messages too slowly");
        }
    }

    private boolean hasPlaceFor(Message message) {
        return queue.size() < limits.maxQueuedMessages()
                && queuedBytes + message.payload().length() <= limits.maxQueuedBytes();
    }

    /** The same for a message of a shared subscription, except that others may get what has no room here; answers whether it has. */
    boolean offer(Message message, Granted granted, boolean retain, Assignment share, int attempt) {
        Outgoing outgoing = Outgoing.of(message, granted, retain, share);
        boolean acknowledged = outgoing.qos().isAcknowledged();
        if (isTooLarge(outgoing)) { // MQTT 5, 3.1.2.11.4: another one may be able to take it
            return share.isKept() && attempt >= TRIES_WHEN_TOO_LARGE && giveUp(outgoing);
        }
        if (acknowledged ? queue.isEmpty() && hasWindow() : session.socket().isWritable()) {
            sent.send(outgoing);
            if (!acknowledged && (share.isKept() || message.qos().isAcknowledged())) {
                instance.sharedMembers.begun(session, outgoing); // the owner may have heard of a higher quality
            }
            return true;
        }
        if (acknowledged && hasPlaceFor(message)) {
            enqueue(outgoing);
            return true;
        }
        return false;
    }

    /** A message that nobody can take would stay in front of all others: it is as if it had been delivered. */
    private boolean giveUp(Outgoing outgoing) {
        drop(outgoing.message());
        instance.sharedMembers.settled(session, outgoing);
        return true;
    }

    /** What came by shared subscriptions and is to go to other members now that this one goes, in order. */
    Map<TopicFilter, List<Outgoing>> unsettledShared() {
        Map<TopicFilter, List<Outgoing>> unsettled = new HashMap<>();
        Stream.concat(sent.unacknowledged().stream(), queue.stream()).forEach(outgoing -> {
            Assignment share = outgoing.share();
            if (share != null) {
                unsettled
                        .computeIfAbsent(share.filter(), first -> new ArrayList<>())
                        .add(outgoing);
            }
        });
        return unsettled;
    }

    /** Sends a message of a page that was asked for when there was room: what cannot be sent yet waits, whatever the limits. */
    void replay(Message message, Granted granted, boolean retain, boolean logged) {
        Outgoing outgoing = Outgoing.of(message, granted, retain, logged);
        if (isTooLarge(outgoing)) {
            return;
        }
        if (queue.isEmpty() && hasWindow()) {
            sent.send(outgoing);
        } else {
            enqueue(outgoing);
        }
    }

    /** Whether a message from a log has been sent and is not acknowledged. */
    boolean isUnderway(Message message) {
        return sent.isUnderway(message);
    }

    /** All messages of a topic's log that were sent, or wait to be, and are not behind its bookmark. */
    List<MessageId> underwayOf(TopicName topic) {
        List<MessageId> underway = new ArrayList<>(sent.underwayOf(topic));
        for (Outgoing waiting : queue) {
            if (waiting.logged() && waiting.message().topic().equals(topic)) {
                underway.add(waiting.message().id());
            }
        }
        return underway;
    }

    /** Whether a bookmark has moved on this connection. */
    boolean hasMovedBookmarks() {
        return sent.hasMovedBookmarks();
    }

    /** Whether a page may be sent now. */
    boolean isIdle() {
        return queue.isEmpty() && hasWindow() && !replaying;
    }

    /**
     * Runs the action, once, when nothing waits for this client any more: now, or later. It asks for a page and tells by {@link
     * #replayed} when that is dealt with; no other action is run before.
     */
    void whenRoom(Runnable action) {
        replays.add(action);
        goOn();
    }

    /** The action that was run last is done. */
    void replayed() {
        replaying = false;
        goOn();
    }

    /** Sends what waits, as far as the window and the connection allow. */
    void drain() {
        redelivery.goOn();
        while (!queue.isEmpty() && hasWindow()) {
            sent.send(dequeue());
        }
        goOn();
    }

    /** A loop and not a recursion: an action may be done at once, and there may be thousands. */
    private void goOn() {
        if (goingOn) {
            return;
        }
        goingOn = true;
        while (isIdle() && !replays.isEmpty()) {
            replaying = true;
            replays.remove().run();
        }
        goingOn = false;
    }

    private boolean isTooLarge(Outgoing outgoing) {
        return maxPacketSize < Long.MAX_VALUE && outgoing.size() > maxPacketSize;
    }

    private Outgoing dequeue() {
        Outgoing next = queue.remove();
        queuedBytes -= next.message().payload().length();
        return next;
    }

    private void enqueue(Outgoing outgoing) {
        queue.add(outgoing);
        queuedBytes += outgoing.message().payload().length();
    }

    /** PUBACK has come. */
    void onPuback(int packetId) {
        if (sent.onPuback(packetId)) {
            drain();
        }
    }

    /** PUBREC has come, with an error or without. */
    void onPubrec(int packetId, boolean refused) {
        if (sent.onPubrec(packetId, refused)) {
            drain();
        }
    }

    /** PUBCOMP has come. */
    void onPubcomp(int packetId) {
        if (sent.onPubcomp(packetId)) {
            drain();
        }
    }

    private boolean hasWindow() {
        return redelivery.isOver() && sent.hasRoom() && session.socket().isWritable();
    }

    private void drop(Message message) {
        if (!session.socket().isConnected()) {
            return; // nobody is too slow: the client has gone, and its session is about to end
        }
        instance.counters.add(Count.MESSAGES_DROPPED, 1);
        if (dropped++ == 0) {
            log.warn(
                    "Client takes messages too slowly, dropping some [client={}, topic={}, waiting={}]",
                    session.client(),
                    message.topic(),
                    queue.size());
        }
    }

    /** How many messages were sent and are not acknowledged. */
    int inflight() {
        return sent.size();
    }

    /** How many messages were dropped because the client did not take them. */
    long dropped() {
        return dropped;
    }
}
