package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.List;

/**
 * Every event there is, with its wire form. Who receives which:
 *
 * <pre>
 * client-connected, client-disconnected         broker to connections   by client
 * session-subscribed, session-unsubscribed      broker to connections   by client
 * message-published                             broker to messages, and to retained if retained   by topic
 * message-delivered, message-acked              broker to acks   by client
 * message-accepted                              messages (QoS 0: broker) to every broker instance
 * retained-lookup                               broker to retained   by client
 * backlog-fetch                                 broker to messages   by filter
 * appended-lookup, messages-fetch               broker to messages   by client
 * acks-awaited                                  broker to acks   by client
 * subscription-commanded                        connections to broker   by client
 * client-claimed, -evicted, -released           broker to broker   by client
 * share-joined, -left, message-settled          broker to the broker instance that owns the group   by filter
 * message-assigned, -returned                   between that and the broker instance of a member
 * counts-lookup                                 broker to every instance of who counts
 * status-changed                                broker to every broker instance
 * message-delayed                               broker to delayed   by topic
 * message-due                                   delayed to broker   by topic
 * </pre>
 */
public final class EventTypes {
    /** Answered by what Redis knew of the client. */
    public static final EventType<ClientConnected, SessionFound> CLIENT_CONNECTED = new EventType<>(
            1,
            "client-connected",
            Body.of(
                    (out, event) -> {
                        out.writeText(event.client().value());
                        out.writeTextOrNull(event.username());
                        out.writeText(event.node().value());
                        out.writeLong(event.epoch());
                        out.writeLong(event.millis());
                        out.writeFlag(event.cleanStart());
                        out.writeLong(event.expirySeconds());
                    },
                    in -> new ClientConnected(
                            Values.client(in),
                            in.readTextOrNull(),
                            new NodeName(in.readText()),
                            in.readLong(),
                            in.readLong(),
                            in.readFlag(),
                            in.readLong())),
            SessionBodies.FOUND,
            event -> event.client().value().hashCode());

    /** Answered when the state is written. */
    public static final EventType<ClientDisconnected, Answer> CLIENT_DISCONNECTED = new EventType<>(
            2,
            "client-disconnected",
            SessionBodies.DISCONNECTED,
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Answered when a persisting subscription is written, which its SUBACK waits for. */
    public static final EventType<SessionSubscribed, Answer> SESSION_SUBSCRIBED = new EventType<>(
            3,
            "session-subscribed",
            SessionBodies.SUBSCRIBED,
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Answered when the subscription is forgotten. */
    public static final EventType<SessionUnsubscribed, Answer> SESSION_UNSUBSCRIBED = new EventType<>(
            4,
            "session-unsubscribed",
            Body.of(
                    (out, event) -> {
                        out.writeText(event.client().value());
                        out.writeTextOrNull(event.username());
                        out.writeText(event.filter().value());
                        out.writeByte(event.origin().code());
                        out.writeLong(event.millis());
                    },
                    in -> new SessionUnsubscribed(
                            Values.client(in),
                            in.readTextOrNull(),
                            new TopicFilter(in.readText()),
                            SubscriptionOrigin.of(in.readByte()),
                            in.readLong())),
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Answered by the id under which the message is kept, which may be another than the event's. */
    public static final EventType<MessagePublished, MessageId> MESSAGE_PUBLISHED = new EventType<>(
            5,
            "message-published",
            Body.of(
                    (out, event) -> {
                        Values.write(out, event.message());
                        out.writeTextOrNull(event.username());
                        out.writeFlag(event.resent());
                    },
                    in -> new MessagePublished(Values.message(in), in.readTextOrNull(), in.readFlag())),
            Body.of((out, id) -> out.writeText(id.value()), in -> new MessageId(in.readText())),
            event -> event.message().topic().value().hashCode(),
            event -> new MessagePublished(event.message(), event.username(), true));

    /** Nobody waits for it. */
    public static final EventType<MessageDelivered, Answer> MESSAGE_DELIVERED = new EventType<>(
            6,
            "message-delivered",
            Body.of(
                    (out, event) -> {
                        out.writeText(event.client().value());
                        out.writeTextOrNull(event.username());
                        out.writeText(event.topic().value());
                        out.writeText(event.message().value());
                        out.writeLong(event.millis());
                    },
                    in -> new MessageDelivered(
                            Values.client(in),
                            in.readTextOrNull(),
                            new TopicName(in.readText()),
                            new MessageId(in.readText()),
                            in.readLong())),
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<MessageAcked, Answer> MESSAGE_ACKED = new EventType<>(
            7,
            "message-acked",
            Body.of(
                    (out, event) -> {
                        out.writeText(event.client().value());
                        out.writeTextOrNull(event.username());
                        out.writeText(event.topic().value());
                        out.writeText(event.message().value());
                        Values.writeIdOrNull(out, event.bookmark());
                        out.writeFlag(event.persists());
                        out.writeLong(event.millis());
                    },
                    in -> new MessageAcked(
                            Values.client(in),
                            in.readTextOrNull(),
                            new TopicName(in.readText()),
                            new MessageId(in.readText()),
                            Values.idOrNull(in),
                            in.readFlag(),
                            in.readLong())),
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<MessageAccepted, Answer> MESSAGE_ACCEPTED = new EventType<>(
            8,
            "message-accepted",
            Body.of(
                    (out, event) -> {
                        Values.write(out, event.message());
                        Values.writeIdOrNull(out, event.previous());
                        out.writeFlag(event.stored());
                    },
                    in -> new MessageAccepted(Values.message(in), Values.idOrNull(in), in.readFlag())),
            Answer.NONE,
            event -> event.message().topic().value().hashCode());

    /** The wire form of a page. */
    private static final Body<MessagePage> PAGE = Body.of(
            (out, page) -> {
                out.writeList(page.messages(), Values::write);
                out.writeTextOrNull(page.cursor());
                out.writeFlag(page.more());
            },
            in -> new MessagePage(in.readList(Values::message), in.readTextOrNull(), in.readFlag()));

    /** Answered by a page. */
    public static final EventType<RetainedLookup, MessagePage> RETAINED_LOOKUP = new EventType<>(
            9,
            "retained-lookup",
            Body.of(
                    (out, lookup) -> {
                        out.writeText(lookup.client().value());
                        out.writeText(lookup.filter().value());
                        out.writeTextOrNull(lookup.cursor());
                    },
                    in -> new RetainedLookup(Values.client(in), new TopicFilter(in.readText()), in.readTextOrNull())),
            PAGE,
            lookup -> lookup.client().value().hashCode());

    /** Answered by a page. */
    public static final EventType<BacklogFetch, MessagePage> BACKLOG_FETCH = new EventType<>(
            10,
            "backlog-fetch",
            Body.of(
                    (out, fetch) -> {
                        out.writeText(fetch.client().value());
                        Values.write(out, fetch.subscription());
                        Values.writeIdOrNull(out, fetch.start());
                        out.writeFlag(fetch.persists());
                        out.writeTextOrNull(fetch.cursor());
                    },
                    in -> new BacklogFetch(
                            Values.client(in),
                            Values.subscription(in),
                            Values.idOrNull(in),
                            in.readFlag(),
                            in.readTextOrNull())),
            PAGE,
            fetch -> fetch.subscription().filter().value().hashCode());

    /** Answered by whether the client is live. */
    public static final EventType<SubscriptionCommanded, Boolean> SUBSCRIPTION_COMMANDED = new EventType<>(
            11,
            "subscription-commanded",
            Body.of(
                    (out, command) -> {
                        out.writeText(command.client().value());
                        out.writeText(command.filter().value());
                        Qos qos = command.qos();
                        out.writeByte(qos == null ? 3 : qos.level());
                    },
                    in -> new SubscriptionCommanded(
                            Values.client(in), new TopicFilter(in.readText()), Values.qosOrNull(in))),
            Body.of(WireWriter::writeFlag, WireReader::readFlag),
            command -> command.client().value().hashCode());

    /** Answered by the epoch of the new connection. */
    public static final EventType<ClientClaimed, Long> CLIENT_CLAIMED = new EventType<>(
            12,
            "client-claimed",
            Body.of(
                    (out, claim) -> {
                        out.writeText(claim.client().value());
                        out.writeInt(claim.instance());
                    },
                    in -> new ClientClaimed(Values.client(in), in.readInt())),
            Body.of(WireWriter::writeLong, WireReader::readLong),
            claim -> claim.client().value().hashCode());

    /** Answered at once; that the old connection's end has been told, its {@link #CLIENT_RELEASED} says. */
    public static final EventType<ClientEvicted, Answer> CLIENT_EVICTED = new EventType<>(
            13,
            "client-evicted",
            Body.of(
                    (out, eviction) -> {
                        out.writeText(eviction.client().value());
                        out.writeLong(eviction.epoch());
                    },
                    in -> new ClientEvicted(Values.client(in), in.readLong())),
            Answer.NONE,
            eviction -> eviction.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<ClientReleased, Answer> CLIENT_RELEASED = new EventType<>(
            14,
            "client-released",
            Body.of(
                    (out, release) -> {
                        out.writeText(release.client().value());
                        out.writeLong(release.epoch());
                    },
                    in -> new ClientReleased(Values.client(in), in.readLong())),
            Answer.NONE,
            release -> release.client().value().hashCode());

    /** Answered by what the receiver has counted. */
    public static final EventType<CountsLookup, Counts> COUNTS_LOOKUP = new EventType<>(
            15, "counts-lookup", Body.of((out, lookup) -> {}, in -> new CountsLookup()), Counts.BODY, lookup -> 0);

    /** Nobody waits for it. */
    public static final EventType<StatusChanged, Answer> STATUS_CHANGED = new EventType<>(
            16,
            "status-changed",
            Body.of(
                    (out, changed) -> out.writeList(changed.values(), Values::write),
                    in -> new StatusChanged(in.readList(Values::statusValue))),
            Answer.NONE,
            changed -> 0);

    /** Answered when the client is a member, which its SUBACK waits for. */
    public static final EventType<ShareJoined, Answer> SHARE_JOINED = new EventType<>(
            17,
            "share-joined",
            ShareBodies.JOINED,
            Answer.NONE,
            joined -> joined.filter().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<ShareLeft, Answer> SHARE_LEFT = new EventType<>(
            18,
            "share-left",
            ShareBodies.LEFT,
            Answer.NONE,
            left -> left.filter().value().hashCode());

    /** Nobody waits for it. Goes to the instance of the member. */
    public static final EventType<MessageAssigned, Answer> MESSAGE_ASSIGNED = new EventType<>(
            19,
            "message-assigned",
            ShareBodies.ASSIGNED,
            Answer.NONE,
            assigned -> assigned.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<MessageReturned, Answer> MESSAGE_RETURNED = new EventType<>(
            20,
            "message-returned",
            ShareBodies.RETURNED,
            Answer.NONE,
            returned -> returned.filter().value().hashCode());

    /** Nobody waits for it. Sent only where the choice of a member depends on it. */
    public static final EventType<MessageSettled, Answer> MESSAGE_SETTLED = new EventType<>(
            21,
            "message-settled",
            ShareBodies.SETTLED,
            Answer.NONE,
            settled -> settled.filter().value().hashCode());

    /** Answered when it is stored to be published later. */
    public static final EventType<MessageDelayed, Answer> MESSAGE_DELAYED = new EventType<>(
            22,
            "message-delayed",
            Body.of(
                    (out, event) -> {
                        Values.write(out, event.message());
                        out.writeTextOrNull(event.username());
                        out.writeLong(event.dueMillis());
                    },
                    in -> new MessageDelayed(Values.message(in), in.readTextOrNull(), in.readLong())),
            Answer.NONE,
            event -> event.message().topic().value().hashCode());

    /** Answered when it is published: at QoS 1 and 2 that is when it is stored. */
    public static final EventType<MessageDue, Answer> MESSAGE_DUE = new EventType<>(
            23,
            "message-due",
            Body.of(
                    (out, event) -> {
                        Values.write(out, event.message());
                        out.writeTextOrNull(event.username());
                    },
                    in -> new MessageDue(Values.message(in), in.readTextOrNull())),
            Answer.NONE,
            event -> event.message().topic().value().hashCode());

    /** Answered by a page. */
    public static final EventType<AppendedLookup, TopicPage> APPENDED_LOOKUP = new EventType<>(
            24,
            "appended-lookup",
            SessionBodies.APPENDED_LOOKUP,
            SessionBodies.TOPIC_PAGE,
            lookup -> lookup.client().value().hashCode());

    /** Answered by a page with all that are there. */
    public static final EventType<MessagesFetch, MessagePage> MESSAGES_FETCH = new EventType<>(
            25,
            "messages-fetch",
            SessionBodies.MESSAGES_FETCH,
            PAGE,
            fetch -> fetch.client().value().hashCode());

    /** Answered when they are written, or cannot be. */
    public static final EventType<AcksAwaited, Answer> ACKS_AWAITED = new EventType<>(
            26,
            "acks-awaited",
            Body.of(
                    (out, awaited) -> out.writeText(awaited.client().value()),
                    in -> new AcksAwaited(Values.client(in))),
            Answer.NONE,
            awaited -> awaited.client().value().hashCode());

    private static final List<EventType<?, ?>> ALL = List.of(
            CLIENT_CONNECTED,
            CLIENT_DISCONNECTED,
            SESSION_SUBSCRIBED,
            SESSION_UNSUBSCRIBED,
            MESSAGE_PUBLISHED,
            MESSAGE_DELIVERED,
            MESSAGE_ACKED,
            MESSAGE_ACCEPTED,
            RETAINED_LOOKUP,
            BACKLOG_FETCH,
            SUBSCRIPTION_COMMANDED,
            CLIENT_CLAIMED,
            CLIENT_EVICTED,
            CLIENT_RELEASED,
            COUNTS_LOOKUP,
            STATUS_CHANGED,
            SHARE_JOINED,
            SHARE_LEFT,
            MESSAGE_ASSIGNED,
            MESSAGE_RETURNED,
            MESSAGE_SETTLED,
            MESSAGE_DELAYED,
            MESSAGE_DUE,
            APPENDED_LOOKUP,
            MESSAGES_FETCH,
            ACKS_AWAITED);

    private EventTypes() {}

    /** All of them. */
    public static List<EventType<?, ?>> all() {
        return ALL;
    }

    /** The type with this number on the wire. */
    static EventType<?, ?> of(int code) {
        if (code < 1 || code > ALL.size()) {
            throw new IllegalArgumentException("unknown event type " + code);
        }
        return ALL.get(code - 1);
    }
}
