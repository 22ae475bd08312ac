package io.redshank.events;

import io.redshank.model.MessageId;
import java.util.List;

/**
 * Every event there is, with its wire form. Who receives which:
 *
 * <pre>
 * client-connected, client-disconnected         broker to connections   by client
 * session-subscribed, session-unsubscribed      broker to connections   by client
 * message-published                             broker to messages, and to retained if retained   by topic
 * message-delivered, message-acked              broker to acks   by client
 * message-accepted                              messages (QoS 0: broker) to every broker instance of the node
 * message-forwarded                             the same to one broker instance of each other node that wants it
 * retained-lookup                               broker to retained   by client
 * backlog-fetch                                 broker to messages   by filter
 * appended-lookup, messages-fetch               broker to messages   by client
 * acks-awaited                                  broker to acks   by client
 * underway-noted, underway-settled              broker to acks   by client
 * packet-id-released                            broker to messages   by client
 * subscription-commanded                        channel to broker
 * client-claimed, -released                     broker to connections   by client
 * client-evicted                                channel to the broker instance that has, or had, the client
 * claim-prompted                                channel to connections   by client
 * share-joined, -left, message-settled          broker to the broker instance that owns the group   by filter
 * message-assigned, -returned, share-overtaken  between that and the broker instance of a member
 * share-opened, -caught-up, -moved, -ended      from that to acks   by filter
 * route-wanted                                  broker to its node
 * routes-changed, peer-greeted                  node to every other node
 * nodes-reunited                                node to every broker instance of its own
 * counts-lookup                                 broker to every instance of who counts
 * status-changed                                broker to every broker instance
 * message-delayed                               broker to delayed   by topic
 * message-due                                   delayed to broker   by topic
 * </pre>
 *
 * <p>The first seven, which are lifecycle events, are besides told to each {@link EventListener} of their type in the cluster, by
 * the broker where they happen.
 */
public final class EventTypes {
    /** Answered by what Redis knew of the client. */
    public static final EventType<ClientConnected, SessionFound> CLIENT_CONNECTED = new EventType<>(
            1,
            "client-connected",
            ClientBodies.CONNECTED,
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
            SessionBodies.UNSUBSCRIBED,
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Answered by the id under which the message is kept, which may be another than the event's. */
    public static final EventType<MessagePublished, MessageId> MESSAGE_PUBLISHED = new EventType<>(
            5,
            "message-published",
            MessageBodies.PUBLISHED,
            MessageBodies.KEPT,
            event -> event.message().topic().value().hashCode(),
            event -> new MessagePublished(event.message(), event.username(), event.packetId(), true));

    /** Nobody waits for it. */
    public static final EventType<MessageDelivered, Answer> MESSAGE_DELIVERED = new EventType<>(
            6,
            "message-delivered",
            MessageBodies.DELIVERED,
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<MessageAcked, Answer> MESSAGE_ACKED = new EventType<>(
            7,
            "message-acked",
            MessageBodies.ACKED,
            Answer.NONE,
            event -> event.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<MessageAccepted, Answer> MESSAGE_ACCEPTED = new EventType<>(
            8,
            "message-accepted",
            MessageBodies.ACCEPTED,
            Answer.NONE,
            event -> event.message().topic().value().hashCode());

    /** Answered by a page. */
    public static final EventType<RetainedLookup, MessagePage> RETAINED_LOOKUP = new EventType<>(
            9,
            "retained-lookup",
            PageBodies.RETAINED_LOOKUP,
            PageBodies.MESSAGES,
            lookup -> lookup.client().value().hashCode());

    /** Answered by a page. */
    public static final EventType<BacklogFetch, MessagePage> BACKLOG_FETCH = new EventType<>(
            10,
            "backlog-fetch",
            PageBodies.BACKLOG_FETCH,
            PageBodies.MESSAGES,
            fetch -> fetch.subscription().filter().value().hashCode());

    /** Answered by whether the client is live. */
    public static final EventType<SubscriptionCommanded, Boolean> SUBSCRIPTION_COMMANDED = new EventType<>(
            11,
            "subscription-commanded",
            ClientBodies.COMMANDED,
            Body.of(WireWriter::writeFlag, WireReader::readFlag),
            command -> command.client().value().hashCode());

    /** Answered by the epoch of the new connection, once it is granted. */
    public static final EventType<ClientClaimed, Long> CLIENT_CLAIMED = new EventType<>(
            12,
            "client-claimed",
            ClientBodies.CLAIMED,
            Body.of(WireWriter::writeLong, WireReader::readLong),
            claim -> claim.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<ClientEvicted, Answer> CLIENT_EVICTED = new EventType<>(
            13,
            "client-evicted",
            ClientBodies.EVICTED,
            Answer.NONE,
            eviction -> eviction.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<ClientReleased, Answer> CLIENT_RELEASED = new EventType<>(
            14,
            "client-released",
            ClientBodies.RELEASED,
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

    /** Nobody waits for it. Sent where the owner holds the message, and where the choice of a member depends on it. */
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
            MessageBodies.DELAYED,
            Answer.NONE,
            event -> event.message().topic().value().hashCode());

    /** Answered when it is published: at QoS 1 and 2 that is when it is stored. */
    public static final EventType<MessageDue, Answer> MESSAGE_DUE = new EventType<>(
            23,
            "message-due",
            MessageBodies.DUE,
            Answer.NONE,
            event -> event.message().topic().value().hashCode());

    /** Answered by a page. */
    public static final EventType<AppendedLookup, TopicPage> APPENDED_LOOKUP = new EventType<>(
            24,
            "appended-lookup",
            PageBodies.APPENDED_LOOKUP,
            PageBodies.TOPICS,
            lookup -> lookup.client().value().hashCode());

    /** Answered by a page with all that are there. */
    public static final EventType<MessagesFetch, MessagePage> MESSAGES_FETCH = new EventType<>(
            25,
            "messages-fetch",
            PageBodies.MESSAGES_FETCH,
            PageBodies.MESSAGES,
            fetch -> fetch.client().value().hashCode());

    /** Answered when they are written, or cannot be. */
    public static final EventType<AcksAwaited, Answer> ACKS_AWAITED = new EventType<>(
            26,
            "acks-awaited",
            ClientBodies.ACKS_AWAITED,
            Answer.NONE,
            awaited -> awaited.client().value().hashCode());

    /** Answered when it is written, which the packet to the client waits for; or failed if another member has the message. */
    public static final EventType<UnderwayNoted, Answer> UNDERWAY_NOTED = new EventType<>(
            27,
            "underway-noted",
            SessionBodies.NOTED,
            Answer.NONE,
            noted -> noted.client().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<UnderwaySettled, Answer> UNDERWAY_SETTLED = new EventType<>(
            28,
            "underway-settled",
            SessionBodies.SETTLED,
            Answer.NONE,
            settled -> settled.client().value().hashCode());

    /** Answered when it is forgotten, which PUBCOMP waits for. */
    public static final EventType<PacketIdReleased, Answer> PACKET_ID_RELEASED = new EventType<>(
            29,
            "packet-id-released",
            SessionBodies.RELEASED,
            Answer.NONE,
            released -> released.client().value().hashCode());

    /** Answered when the node has it; its broker instances route it in the order in which it came. */
    public static final EventType<MessageAccepted, Answer> MESSAGE_FORWARDED = new EventType<>(
            30,
            "message-forwarded",
            MessageBodies.ACCEPTED,
            Answer.NONE,
            event -> event.message().topic().value().hashCode());

    /** Answered when the other nodes know. */
    public static final EventType<RouteWanted, Answer> ROUTE_WANTED = new EventType<>(
            31,
            "route-wanted",
            ClusterBodies.WANTED,
            Answer.NONE,
            wanted -> wanted.filter().value().hashCode());

    /** Answered when it is heeded. */
    public static final EventType<RoutesChanged, Answer> ROUTES_CHANGED = new EventType<>(
            32,
            "routes-changed",
            ClusterBodies.ROUTES,
            Answer.NONE,
            changed -> changed.node().value().hashCode());

    /** Answered by who the other one is. */
    public static final EventType<PeerGreeted, Member> PEER_GREETED = new EventType<>(
            33,
            "peer-greeted",
            ClusterBodies.GREETED,
            Member.BODY,
            greeted -> greeted.member().node().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<NodesReunited, Answer> NODES_REUNITED = new EventType<>(
            34,
            "nodes-reunited",
            Body.of((out, reunited) -> out.writeLong(reunited.sinceMillis()), in -> new NodesReunited(in.readLong())),
            Answer.NONE,
            reunited -> 0);

    /** Nobody waits for it. */
    public static final EventType<ClaimPrompted, Answer> CLAIM_PROMPTED = new EventType<>(
            35,
            "claim-prompted",
            ClientBodies.PROMPTED,
            Answer.NONE,
            prompted -> prompted.client().value().hashCode());

    /** Answered by what is kept of the subscription, which the SUBACK of a member waits for. */
    public static final EventType<ShareOpened, ShareFound> SHARE_OPENED = new EventType<>(
            36,
            "share-opened",
            ShareBodies.OPENED,
            ShareBodies.FOUND,
            opened -> opened.filter().value().hashCode());

    /** Answered by the era in which the subscription is dealt out; 0 if it is not kept any more. */
    public static final EventType<ShareCaughtUp, Long> SHARE_CAUGHT_UP = new EventType<>(
            37,
            "share-caught-up",
            ShareBodies.CAUGHT_UP,
            Body.of(WireWriter::writeLong, WireReader::readLong),
            caughtUp -> caughtUp.filter().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<ShareMoved, Answer> SHARE_MOVED = new EventType<>(
            38,
            "share-moved",
            ShareBodies.MOVED,
            Answer.NONE,
            moved -> moved.filter().value().hashCode());

    /** Nobody waits for it. */
    public static final EventType<ShareEnded, Answer> SHARE_ENDED = new EventType<>(
            39,
            "share-ended",
            ShareBodies.ENDED,
            Answer.NONE,
            ended -> ended.filter().value().hashCode());

    /** Nobody waits for it. Goes to the instance that was the owner. */
    public static final EventType<ShareOvertaken, Answer> SHARE_OVERTAKEN = new EventType<>(
            40,
            "share-overtaken",
            ShareBodies.OVERTAKEN,
            Answer.NONE,
            overtaken -> overtaken.filter().value().hashCode());

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
            ACKS_AWAITED,
            UNDERWAY_NOTED,
            UNDERWAY_SETTLED,
            PACKET_ID_RELEASED,
            MESSAGE_FORWARDED,
            ROUTE_WANTED,
            ROUTES_CHANGED,
            PEER_GREETED,
            NODES_REUNITED,
            CLAIM_PROMPTED,
            SHARE_OPENED,
            SHARE_CAUGHT_UP,
            SHARE_MOVED,
            SHARE_ENDED,
            SHARE_OVERTAKEN);

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
