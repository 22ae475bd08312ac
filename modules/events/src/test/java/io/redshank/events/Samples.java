package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.MessageProperties;
import io.redshank.model.NodeName;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.redshank.model.UserProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Events of every type, with and without what may be absent, and the answers that each may get. */
final class Samples {
    static final ClientId CLIENT = new ClientId("gerät/7 +#");
    static final NodeName NODE = new NodeName("redshank@127.0.0.1");
    static final MessageId ID = new MessageId("0VtcGXyz1200abcd0001");
    private static final TopicName TOPIC = new TopicName("queue/😀/");
    private static final Subscription SUBSCRIPTION = new Subscription(
            new TopicFilter("a/+/#"), Qos.EXACTLY_ONCE, new SubscriptionOptions(true, true, 2, 268_435_455));
    private static final MessageProperties PROPERTIES = new MessageProperties(
            MessageProperties.UTF_8_TEXT,
            0xFFFF_FFFFL,
            "text/plain; ü",
            new TopicName("answers/7"),
            Payload.of(allBytes()),
            List.of(new UserProperty("", ""), new UserProperty("ä", "2"), new UserProperty("ä", "1")));
    private static final Message MESSAGE = message(Qos.EXACTLY_ONCE, true, Payload.of(allBytes()));
    private static final Message BARE = message(Qos.AT_MOST_ONCE, false, Payload.EMPTY);
    private static final SessionMemory MEMORY = new SessionMemory(
            Long.MAX_VALUE,
            List.of(
                    new Underway(
                            Long.MAX_VALUE,
                            65_535,
                            Underway.Stage.SENT,
                            Qos.AT_LEAST_ONCE,
                            true,
                            false,
                            TOPIC,
                            ID,
                            MESSAGE),
                    new Underway(2, 1, Underway.Stage.RELEASED, Qos.EXACTLY_ONCE, false, true, TOPIC, ID, null),
                    new Underway(3, 0, Underway.Stage.ACKED, Qos.AT_LEAST_ONCE, false, true, TOPIC, ID, null)),
            List.of(new Received(1, ID, false), new Received(65_535, null, true)));
    private static final String LONG_TEXT = "x".repeat(70_000);

    static final List<Sample<?, ?>> ALL = List.of(
            new Sample<>(
                    EventTypes.CLIENT_CONNECTED,
                    List.of(
                            new ClientConnected(
                                    CLIENT,
                                    "user",
                                    NODE,
                                    Long.MAX_VALUE,
                                    1,
                                    true,
                                    0xFFFF_FFFFL,
                                    new LastWill(MESSAGE, 7)),
                            new ClientConnected(CLIENT, null, NODE, 0, Long.MIN_VALUE, false, 0, null)),
                    List.of(
                            new SessionFound(true, List.of(SUBSCRIPTION, subscription("#", Qos.AT_MOST_ONCE))),
                            new SessionFound(false, List.of(), Map.of(filter("+"), ID), MEMORY))),
            new Sample<>(
                    EventTypes.CLIENT_DISCONNECTED,
                    List.of(
                            new ClientDisconnected(
                                    CLIENT, "", NODE, 7, 8, 9, ID, new LastWill(MESSAGE, 0xFFFF_FFFFL), MEMORY),
                            new ClientDisconnected(CLIENT, null, NODE, -1, -2, -3, null, null, null)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.SESSION_SUBSCRIBED,
                    List.of(
                            new SessionSubscribed(CLIENT, "u", SUBSCRIPTION, ID, SubscriptionOrigin.DEVICE, true, 1),
                            new SessionSubscribed(
                                    CLIENT, null, SUBSCRIPTION, null, SubscriptionOrigin.STORED, false, 2),
                            new SessionSubscribed(
                                    CLIENT, "u", SUBSCRIPTION, null, SubscriptionOrigin.APPLICATION, true, 3)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.SESSION_UNSUBSCRIBED,
                    List.of(
                            new SessionUnsubscribed(CLIENT, "u", filter("$SYS/#"), SubscriptionOrigin.STORED, 1),
                            new SessionUnsubscribed(CLIENT, null, filter("/"), SubscriptionOrigin.DEVICE, 2)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_PUBLISHED,
                    List.of(
                            new MessagePublished(MESSAGE, "u", 65_535, true),
                            new MessagePublished(BARE, null, false),
                            new MessagePublished(with(PROPERTIES), null, false),
                            new MessagePublished(with(partOf(PROPERTIES)), null, false)),
                    List.of(ID, new MessageId("an application's"))),
            new Sample<>(
                    EventTypes.MESSAGE_DELIVERED,
                    List.of(
                            new MessageDelivered(CLIENT, "u", TOPIC, ID, 1),
                            new MessageDelivered(CLIENT, null, TOPIC, ID, 2)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_ACKED,
                    List.of(
                            new MessageAcked(CLIENT, "u", TOPIC, ID, new MessageId("bookmark"), true, 1, true),
                            new MessageAcked(CLIENT, null, TOPIC, ID, null, false, 2, false)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_ACCEPTED,
                    List.of(
                            new MessageAccepted(MESSAGE, new MessageId("previous"), true),
                            new MessageAccepted(BARE, null, false)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.RETAINED_LOOKUP,
                    List.of(
                            new RetainedLookup(CLIENT, filter("a/#"), LONG_TEXT),
                            new RetainedLookup(CLIENT, filter("+"), null)),
                    List.of(new MessagePage(List.of(MESSAGE, BARE), "next", true), MessagePage.empty())),
            new Sample<>(
                    EventTypes.BACKLOG_FETCH,
                    List.of(
                            new BacklogFetch(CLIENT, SUBSCRIPTION, ID, null, true, "cursor"),
                            new BacklogFetch(CLIENT, SUBSCRIPTION, null, ID, true, null),
                            new BacklogFetch(CLIENT, SUBSCRIPTION, null, null, false, null)),
                    List.of(
                            new MessagePage(List.of(MESSAGE), null, false),
                            new MessagePage(List.of(), "next", false, ID))),
            new Sample<>(
                    EventTypes.SUBSCRIPTION_COMMANDED,
                    List.of(
                            new SubscriptionCommanded(CLIENT, filter("a"), Qos.AT_MOST_ONCE),
                            new SubscriptionCommanded(CLIENT, filter("a"), Qos.EXACTLY_ONCE),
                            new SubscriptionCommanded(CLIENT, filter("a"), null)),
                    List.of(true, false)),
            new Sample<>(
                    EventTypes.CLIENT_CLAIMED,
                    List.of(
                            new ClientClaimed(CLIENT, NODE, 7, 0),
                            new ClientClaimed(CLIENT, NODE, 7, Integer.MAX_VALUE)),
                    List.of(0L, Long.MIN_VALUE)),
            new Sample<>(
                    EventTypes.CLIENT_EVICTED,
                    List.of(new ClientEvicted(CLIENT, 1), new ClientEvicted(CLIENT, Long.MAX_VALUE)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.CLIENT_RELEASED,
                    List.of(new ClientReleased(CLIENT, 1), new ClientReleased(CLIENT, Long.MAX_VALUE)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.COUNTS_LOOKUP,
                    List.of(new CountsLookup()),
                    List.of(
                            Counts.NONE,
                            new Counts(Map.of(
                                    Count.BYTES_SENT, Long.MAX_VALUE, Count.AUTH_SENT, 0L, Count.RETAINED, -1L)))),
            new Sample<>(
                    EventTypes.STATUS_CHANGED,
                    List.of(
                            new StatusChanged(List.of()),
                            new StatusChanged(List.of(
                                    new StatusValue(TOPIC, ""),
                                    new StatusValue(new TopicName("$SYS/broker/uptime"), "1 seconds")))),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.SHARE_JOINED,
                    List.of(
                            new ShareJoined(
                                    filter("$share/g/a"),
                                    CLIENT,
                                    1,
                                    new Instance(NODE, 0),
                                    Qos.AT_MOST_ONCE,
                                    false,
                                    List.of(),
                                    List.of()),
                            new ShareJoined(
                                    filter("$share/g/#"),
                                    CLIENT,
                                    2,
                                    new Instance(NODE, 7),
                                    Qos.EXACTLY_ONCE,
                                    true,
                                    List.of(MESSAGE, BARE),
                                    List.of(ID))),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.SHARE_LEFT,
                    List.of(
                            new ShareLeft(filter("$share/g/a"), CLIENT, 1, List.of(), List.of(ID)),
                            new ShareLeft(filter("$share/g/a"), CLIENT, 2, List.of(MESSAGE, BARE), List.of())),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_ASSIGNED,
                    List.of(new MessageAssigned(filter("$share/g/a"), CLIENT, 1, 2, new Instance(NODE, 3), 4, MESSAGE)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_RETURNED,
                    List.of(new MessageReturned(filter("$share/g/a"), CLIENT, 1, 2, 3, MESSAGE)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_SETTLED,
                    List.of(
                            new MessageSettled(filter("$share/g/a"), CLIENT, 1, ID, true),
                            new MessageSettled(filter("$share/g/a"), CLIENT, 2, ID, false)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_DELAYED,
                    List.of(new MessageDelayed(MESSAGE, "u", Long.MAX_VALUE), new MessageDelayed(BARE, null, 1)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_DUE,
                    List.of(new MessageDue(MESSAGE, "u"), new MessageDue(BARE, null)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.APPENDED_LOOKUP,
                    List.of(
                            new AppendedLookup(CLIENT, List.of(filter("+"), filter("a/#")), 1, 2, "cursor"),
                            new AppendedLookup(CLIENT, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, null)),
                    List.of(new TopicPage(List.of(TOPIC, TOPIC), "next"), new TopicPage(List.of(), null))),
            new Sample<>(
                    EventTypes.MESSAGES_FETCH,
                    List.of(
                            new MessagesFetch(
                                    CLIENT,
                                    List.of(
                                            new MessagesFetch.Wanted(TOPIC, ID, true),
                                            new MessagesFetch.Wanted(TOPIC, ID, false))),
                            new MessagesFetch(CLIENT, List.of())),
                    List.of(new MessagePage(List.of(MESSAGE, BARE), null, false), MessagePage.empty())),
            new Sample<>(EventTypes.ACKS_AWAITED, List.of(new AcksAwaited(CLIENT)), List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.UNDERWAY_NOTED,
                    MEMORY.outbound().stream()
                            .map(one -> new UnderwayNoted(
                                    CLIENT,
                                    one,
                                    one.packetId() % 2 == 0 ? null : new ShareClaim(filter("$share/g/a"), 1, true)))
                            .toList(),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.UNDERWAY_SETTLED,
                    List.of(new UnderwaySettled(CLIENT, Long.MAX_VALUE)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.PACKET_ID_RELEASED, List.of(new PacketIdReleased(CLIENT, 65_535)), List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.MESSAGE_FORWARDED,
                    List.of(new MessageAccepted(MESSAGE, ID, true), new MessageAccepted(MESSAGE, ID, true, true)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.ROUTE_WANTED,
                    List.of(new RouteWanted(filter("a/+"), true), new RouteWanted(filter("#"), false)),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.ROUTES_CHANGED,
                    List.of(
                            new RoutesChanged(
                                    NODE, RoutesChanged.Part.NEWS, List.of(filter("a")), List.of(filter("#"))),
                            new RoutesChanged(NODE, RoutesChanged.Part.END, List.of(), List.of())),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.PEER_GREETED,
                    List.of(
                            new PeerGreeted(new Member(NODE, 1, Map.of(Concern.BROKER, 2, Concern.ACKS, 1)), true),
                            new PeerGreeted(
                                    new Member(NODE, 3, Map.of())
                                            .listeningTo(EventSet.NONE.and(EventTypes.MESSAGE_ACKED)),
                                    false),
                            new PeerGreeted(new Member(NODE, Long.MAX_VALUE, Map.of()), false)),
                    List.of(new Member(NODE, 2, Map.of(Concern.NODE, 1)))),
            new Sample<>(EventTypes.NODES_REUNITED, List.of(new NodesReunited(7)), List.of(Answer.DONE)),
            new Sample<>(EventTypes.CLAIM_PROMPTED, List.of(new ClaimPrompted(CLIENT)), List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.SHARE_OPENED,
                    List.of(
                            new ShareOpened(filter("$share/g/a"), "a/0", 0, null, ID, 1),
                            new ShareOpened(filter("$share/g/#"), "a/0", Long.MAX_VALUE, CLIENT, ID, 2)),
                    List.of(ShareFound.NONE, new ShareFound(1, true, true, "x", 3, List.of(ID, ID)))),
            new Sample<>(
                    EventTypes.SHARE_CAUGHT_UP,
                    List.of(new ShareCaughtUp(filter("$share/g/a"), 1, 2, List.of(ID))),
                    List.of(0L, Long.MAX_VALUE)),
            new Sample<>(
                    EventTypes.SHARE_MOVED,
                    List.of(
                            new ShareMoved(filter("$share/g/a"), TOPIC, ID, List.of()),
                            new ShareMoved(filter("$share/g/a"), TOPIC, ID, List.of(ID, ID))),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.SHARE_ENDED,
                    List.of(new ShareEnded(filter("$share/g/a"), List.of(TOPIC))),
                    List.of(Answer.DONE)),
            new Sample<>(
                    EventTypes.SHARE_OVERTAKEN,
                    List.of(new ShareOvertaken(filter("$share/g/a"), 1)),
                    List.of(Answer.DONE)));

    private Samples() {}

    /** A published message of this topic; the number tells it from others. */
    static MessagePublished published(String topic, int number) {
        Message message =
                new Message(ID, CLIENT, new TopicName(topic), Qos.AT_LEAST_ONCE, false, Payload.EMPTY, number);
        return new MessagePublished(message, null, false);
    }

    private static Message message(Qos qos, boolean retain, Payload payload) {
        return new Message(ID, CLIENT, TOPIC, qos, retain, payload, 1_800_000_000_000L);
    }

    private static Message with(MessageProperties properties) {
        return new Message(ID, CLIENT, TOPIC, Qos.AT_LEAST_ONCE, false, Payload.EMPTY, 1, properties);
    }

    private static MessageProperties partOf(MessageProperties all) {
        return new MessageProperties(0, null, null, all.responseTopic(), Payload.EMPTY, List.of());
    }

    private static Subscription subscription(String filter, Qos qos) {
        return new Subscription(filter(filter), qos);
    }

    private static TopicFilter filter(String filter) {
        return new TopicFilter(filter);
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** Events of one type, and answers to them. */
    record Sample<E, R>(EventType<E, R> type, List<E> events, List<R> answers) {
        List<Batch.Entry<?, ?>> entries() {
            List<Batch.Entry<?, ?>> entries = new ArrayList<>();
            events.forEach(event -> entries.add(new Batch.Entry<>(type, event, entries.size() % 2 == 0)));
            return entries;
        }

        List<Answers.Outcome<?>> outcomes() {
            List<Answers.Outcome<?>> outcomes = new ArrayList<>();
            answers.forEach(answer -> outcomes.add(new Answers.Outcome<>(type, answer, null)));
            return outcomes;
        }

        Answers.Outcome<?> failed(EventFailure failure, String message) {
            return new Answers.Outcome<>(type, null, new EventFailedException(failure, message));
        }

        @Override
        public String toString() {
            return type.name();
        }
    }
}
