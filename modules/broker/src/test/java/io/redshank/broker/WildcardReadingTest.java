package io.redshank.broker;

import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.AppendedLookup;
import io.redshank.events.BacklogFetch;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePage;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionMemory;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.TopicPage;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session that persists gets what the logs hold for its subscriptions with wildcards: everything, once, in order per topic. */
class WildcardReadingTest {
    private static final MessageId START = Messages.id(1);
    private static final long CAUGHT_UP = 1_700_000_000_000L;

    private final BrokerFixture broker =
            new BrokerFixture().outbound(new OutboundLimits(10, 20, 1 << 20, WhenFull.DROP_NEWEST));
    private final Backends backends = broker.backends;

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        backends.topics.holding(event -> false);
        backends.backlog.holding(event -> false);
        broker.close();
    }

    private void found(String... filters) {
        List<Subscription> subscriptions = Stream.of(filters)
                .map(filter -> new Subscription(new TopicFilter(filter), Qos.AT_LEAST_ONCE))
                .toList();
        Map<TopicFilter, MessageId> starts = subscriptions.stream()
                .map(Subscription::filter)
                .collect(Collectors.toMap(filter -> filter, filter -> START));
        SessionMemory memory = new SessionMemory(CAUGHT_UP, List.of(), List.of());
        backends.connected.answering(event -> new SessionFound(true, subscriptions, starts, memory));
    }

    private RawMqtt persisting() {
        return broker.connect(4, ConnectPacket.of(4, "c").resuming());
    }

    private static TopicPage topics(String... names) {
        return new TopicPage(Stream.of(names).map(TopicName::new).toList(), null);
    }

    private void logs(int last) {
        backends.backlog.answering(fetch ->
                new MessagePage(Messages.range(fetch.subscription().filter().value(), 1, last), "at " + last, false));
    }

    /** The next messages as topic and number, each acknowledged. */
    private static List<String> received(RawMqtt client, int count) {
        List<String> received = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawPacket packet = client.next(RawPacket.PUBLISH);
            received.add(packet.topic() + packet.payload(4));
            client.send(puback(packet.packetId()));
        }
        return received;
    }

    @Test
    void newSubscription_isToldWhereItBeginsAndReadsNothing() throws Exception {
        try (RawMqtt client = persisting()) {
            long before = System.currentTimeMillis();
            client.send(subscribe(4, 1, "a/+", 1)).next(RawPacket.SUBACK);
            long after = System.currentTimeMillis();
            SessionSubscribed told = backends.subscribed.next();
            MessageId start = told.start();
            assertThat(String.valueOf(start))
                    .isGreaterThanOrEqualTo(MessageClock.endOf(before).value());
            assertThat(String.valueOf(start))
                    .as("the millisecond is over at SUBACK")
                    .isLessThan(MessageClock.endOf(after).value());
            client.send(subscribe(4, 2, "a/+", 1)).next(RawPacket.SUBACK);
            assertThat(backends.subscribed.next().start())
                    .as("it has begun already")
                    .isNull();
            client.send(subscribe(4, 3, "a/+", 0)).next(RawPacket.SUBACK);
            assertThat(backends.subscribed.next().start()).isNull();
            client.send(subscribe(4, 4, "a/+", 1)).next(RawPacket.SUBACK);
            assertThat(String.valueOf(backends.subscribed.next().start()))
                    .as("it begins anew")
                    .isGreaterThan(String.valueOf(start));
            client.send(subscribe(4, 5, "a/b", 1)).next(RawPacket.SUBACK);
            assertThat(String.valueOf(backends.subscribed.next().start()))
                    .as("a topic has one too, for the case that its bookmark is lost")
                    .isGreaterThan(String.valueOf(start));
            assertThat(backends.backlog.next().since())
                    .as("which is of no interest to a new one")
                    .isNull();
            client.send(subscribe(4, 6, "a/b", 0)).next(RawPacket.SUBACK);
            assertThat(backends.subscribed.next().start()).isNull();
        }
        assertThat(backends.topics.all()).isEmpty();
    }

    @Test
    void cleanSession_hasNoStart() throws Exception {
        try (RawMqtt client = broker.connect(4, "clean")) {
            client.send(subscribe(4, 1, "a/+", 1)).next(RawPacket.SUBACK);
            assertThat(backends.subscribed.next().start()).isNull();
            client.send(subscribe(4, 2, "a/b", 1)).next(RawPacket.SUBACK);
            assertThat(backends.subscribed.next().start()).isNull();
        }
        assertThat(backends.topics.all()).isEmpty();
    }

    @Test
    void resume_readsTheTopicsThatWereAppendedTo() throws Exception {
        found("a/+", "b/#");
        backends.topics.answering(lookup -> topics("a/1", "b/2"));
        logs(2);
        try (RawMqtt client = persisting()) {
            assertThat(received(client, 4)).containsExactlyInAnyOrder("a/11", "a/12", "b/21", "b/22");
            client.expectNothing();
        }
        AppendedLookup lookup = backends.topics.next();
        assertThat(lookup.filters()).extracting(TopicFilter::value).containsExactlyInAnyOrder("a/+", "b/#");
        assertThat(lookup.since()).isEqualTo(CAUGHT_UP - WildcardReading.MARGIN_MILLIS);
        assertThat(lookup.until()).isGreaterThan(System.currentTimeMillis());
        BacklogFetch fetch = backends.backlog.next();
        assertThat(fetch.start()).isEqualTo(START);
        assertThat(fetch.persists()).isTrue();
    }

    @Test
    void topicWithASubscriptionOfItsOwn_isReadOnce() throws Exception {
        found("a/1", "a/+", "#");
        backends.topics.answering(lookup -> topics("a/1", "a/2", "a/2"));
        logs(1);
        try (RawMqtt client = persisting()) {
            assertThat(received(client, 2)).containsExactlyInAnyOrder("a/11", "a/21");
            client.expectNothing();
        }
        assertThat(backends.backlog.all().stream()
                        .map(fetch ->
                                fetch.subscription().filter() + " from " + fetch.start() + " since " + fetch.since())
                        .distinct()) // a page that finds no room is asked for again
                .containsExactlyInAnyOrder("a/1 from null since " + START, "a/2 from " + START + " since null");
    }

    /** Live messages wait for older ones of their topic, wherever the reading stands. */
    @Test
    void liveMessagesDuringTheLookUp_comeBehindTheLog() throws Exception {
        found("a/+");
        backends.topics.holding(event -> true);
        try (RawMqtt client = persisting()) {
            Stub.Asked<AppendedLookup, TopicPage> lookup = backends.topics.nextHeld();
            backends.accept(Messages.stored("a/1", 3));
            backends.accept(Messages.stored("a/new", 3));
            client.expectNothing();
            logs(3);
            lookup.answer(topics("a/1"));
            assertThat(received(client, 6))
                    .containsSubsequence("a/11", "a/12", "a/13")
                    .containsSubsequence("a/new1", "a/new2", "a/new3");
            backends.accept(Messages.stored("a/1", 3)); // by the bus, and late
            backends.accept(Messages.stored("a/1", 4));
            backends.accept(Messages.stored("a/other", 4));
            assertThat(received(client, 2)).containsExactly("a/14", "a/other4");
            client.expectNothing();
        }
    }

    @Test
    void liveMessagesWhileTheirTopicIsRead_comeOnceAndInOrder() throws Exception {
        found("a/+");
        backends.topics.answering(lookup -> topics("a/1"));
        backends.backlog.holding(event -> true);
        try (RawMqtt client = persisting()) {
            var first = backends.backlog.nextHeld();
            backends.accept(Messages.stored("a/1", 5));
            backends.accept(Messages.stored("a/1", 6));
            first.answer(new MessagePage(Messages.range("a/1", 1, 3), "at 3", true));
            assertThat(received(client, 3)).containsExactly("a/11", "a/12", "a/13");
            var second = backends.backlog.nextHeld();
            assertThat(second.event().cursor()).isEqualTo("at 3");
            second.answer(new MessagePage(Messages.range("a/1", 4, 5), "at 5", false));
            assertThat(received(client, 3)).containsExactly("a/14", "a/15", "a/16");
            client.expectNothing();
        }
    }

    /** The index names the topic a second time, since it was appended to while the first page was read. */
    @Test
    void topicThatIsReadTwice_bringsNothingAgainThatWaitsInTheQueue() throws Exception {
        found("a/+");
        backends.topics.holding(event -> true);
        logs(2);
        try (RawMqtt client = persisting()) {
            backends.topics.nextHeld().answer(new TopicPage(names(1, 2), "next"));
            Stub.Asked<AppendedLookup, TopicPage> second = backends.topics.nextHeld();
            for (int number = 3; number <= 15; number++) { // of which the window holds some
                backends.accept(Messages.stored("a/1", number));
            }
            logs(15); // nothing is acknowledged
            second.answer(topics("a/1"));
            assertThat(received(client, 15)).isEqualTo(numbered(1, 15));
            client.expectNothing();
        }
    }

    /** What comes live behind a message that is routed again waits until that is read, or the bookmark would pass it. */
    @Test
    void messageRoutedAgain_isReadBeforeWhatIsLiveBehindIt() throws Exception {
        found("a/+");
        backends.topics.answering(lookup -> topics("a/1"));
        logs(3);
        try (RawMqtt client = persisting()) {
            assertThat(received(client, 3)).isEqualTo(numbered(1, 3));
            backends.backlog.holding(event -> true);
            Message four = Messages.message("a/1", 4, Qos.AT_LEAST_ONCE);
            backends.accept(new MessageAccepted(four, Messages.id(3), true, true));
            backends.accept(Messages.stored("a/1", 5));
            backends.accept(Messages.stored("a/1", 6));
            client.expectNothing();
            backends.backlog.nextHeld().answer(new MessagePage(Messages.range("a/1", 4, 6), "at 6", false));
            assertThat(received(client, 3)).isEqualTo(numbered(4, 6));
            client.expectNothing();
        }
    }

    /** The client has acknowledged it on another connection; the bus has it from a node that was frozen meanwhile. */
    @Test
    void lateMessageBeforeTheBookmark_isNotSentAgain() throws Exception {
        found("a/+", "a/9");
        backends.topics.answering(lookup -> topics("a/1"));
        backends.backlog.holding(event -> true);
        try (RawMqtt client = persisting()) {
            for (int readings = 0; readings < 2; readings++) {
                Stub.Asked<BacklogFetch, MessagePage> reading = backends.backlog.nextHeld();
                String topic = reading.event().subscription().filter().value();
                backends.accept(Messages.stored(topic, 4)); // before the page
                reading.answer(new MessagePage(List.of(), "at 5", false, Messages.id(5)));
                backends.accept(Messages.stored(topic, 5)); // and behind it
                client.expectNothing();
                backends.accept(Messages.stored(topic, 6));
                assertThat(received(client, 1)).containsExactly(topic + "6");
            }
        }
    }

    /** A bookmark that is read before it is written would bring messages twice. */
    @Test
    void bookmarksThatAreNotWritten_areWaitedFor() throws Exception {
        found("a/+");
        backends.topics.answering(lookup -> topics("a/1"));
        backends.awaited.holding(event -> true);
        logs(1);
        try (RawMqtt client = persisting()) {
            backends.awaited.nextHeld().fail(new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away"));
            Stub.Asked<AcksAwaited, Answer> again = backends.awaited.nextHeld();
            assertThat(backends.backlog.all()).isEmpty();
            again.answer(Answer.DONE);
            assertThat(received(client, 1)).containsExactly("a/11");
            backends.awaited.holding(event -> false);
        }
    }

    private static List<String> numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "a/1" + i).toList();
    }

    /** More topics than are held at once, on several pages, with live messages for all of them in between. */
    @Test
    void manyTopics_areReadSomeAtATime() throws Exception {
        int topics = 2500;
        found("a/+");
        backends.topics.holding(event -> true);
        Set<TopicName> acknowledged = ConcurrentHashMap.newKeySet();
        backends.acked.effect((event, answer) -> acknowledged.add(event.topic()));
        backends.backlog.answering(fetch -> {
            TopicName topic = fetch.subscription().filter().asTopic();
            int first = acknowledged.contains(topic) ? 2 : 1; // as a bookmark has it
            return new MessagePage(Messages.range(topic.value(), first, 1), "at 1", false);
        });
        try (RawMqtt client = persisting()) {
            Stub.Asked<AppendedLookup, TopicPage> lookup = backends.topics.nextHeld();
            for (int i = 0; i < topics; i += 2) {
                backends.accept(Messages.stored("a/" + i, 1));
            }
            backends.topics.holding(event -> false);
            backends.topics.answering(again ->
                    new TopicPage(names(500 * (again.cursor() == null ? 0 : 1), topics), null));
            lookup.answer(new TopicPage(names(0, 500), "next"));
            List<String> got = received(client, topics);
            assertThat(got).doesNotHaveDuplicates();
            assertThat(backends.topics.all())
                    .as("more live topics than are noted")
                    .hasSizeGreaterThan(2);
        }
    }

    private static List<TopicName> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> new TopicName("a/" + i)).toList();
    }

    /** The queue holds less than what is live: it comes from the log when the client takes messages again. */
    @Test
    void liveMessagesWithoutAPlaceInTheQueue_areReadFromTheLog() throws Exception {
        found("a/+");
        try (RawMqtt client = persisting();
                LogLines log = LogLines.capture()) {
            backends.topics.next();
            client.expectNothing();
            for (int number = 1; number <= 100; number++) {
                backends.accept(Messages.stored("a/1", number));
            }
            assertThat(backends.topics.all()).as("the topic is known").hasSize(1);
            backends.backlog.answering(
                    fetch -> new MessagePage(Messages.range("a/1", 31, 100), "end", false)); // the bookmark is at 30
            List<String> got = received(client, 100);
            assertThat(got).isEqualTo(numbered(1, 100));
            client.expectNothing();
            assertThat(backends.awaited.all())
                    .as("bookmarks are written before they are read")
                    .isNotEmpty();
            log.expectNone();
        }
    }

    @Test
    void lookUpThatFails_isTriedAgain() throws Exception {
        found("a/+");
        backends.topics.holding(event -> true);
        logs(1);
        try (RawMqtt client = persisting()) {
            backends.topics.nextHeld().fail(new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away"));
            backends.topics.nextHeld().answer(topics("a/1"));
            assertThat(received(client, 1)).containsExactly("a/11");
        }
    }

    /** [MQTT-3.10.4-2] */
    @Test
    void unsubscribe_endsTheReading() throws Exception {
        found("a/+");
        backends.topics.answering(lookup -> topics("a/1", "a/2"));
        backends.backlog.holding(event -> true);
        try (RawMqtt client = persisting()) {
            var first = backends.backlog.nextHeld();
            var second = backends.backlog.nextHeld();
            client.send(unsubscribe(4, 9, "a/+")).next(RawPacket.UNSUBACK);
            first.answer(new MessagePage(Messages.range("a/1", 1, 3), "at 3", true));
            second.answer(new MessagePage(Messages.range("a/2", 1, 3), "at 3", false));
            client.expectNothing();
        }
        assertThat(backends.backlog.all()).hasSize(2);
    }

    /** What a session that goes on had waiting comes also on a connection that ends it [MQTT-3.1.2-5]. */
    @Test
    void resumeWithoutExpiry_readsToo() throws Exception {
        found("a/+");
        backends.topics.answering(lookup -> topics("a/1"));
        logs(1);
        try (RawMqtt client = broker.connect(5, ConnectPacket.of(5, "c").resuming())) {
            assertThat(client.next(RawPacket.PUBLISH).topic()).isEqualTo("a/1");
        }
    }

    /** The time up to which everything was sent is remembered: now, unless something is left. */
    @Test
    void end_tellsUpToWhenItHasEverything() throws Exception {
        long before = System.currentTimeMillis();
        persisting().subscribed("a/+", 1).close();
        assertThat(caughtUp()).isBetween(before, System.currentTimeMillis());
        found("a/+");
        backends.topics.holding(event -> true);
        try (RawMqtt client = persisting()) {
            backends.topics.nextHeld();
            client.expectNothing();
        }
        assertThat(caughtUp()).as("with topics to be read").isEqualTo(CAUGHT_UP);
    }

    private long caughtUp() throws Exception {
        SessionMemory memory = backends.disconnected.next().memory();
        return memory == null ? -1 : memory.caughtUpMillis();
    }
}
