package io.redshank.broker;

import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.events.BacklogFetch;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventTypes;
import io.redshank.events.MessagePage;
import io.redshank.events.SessionFound;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A persisting session gets what the topic's log holds and then what is live: everything, once, in order. */
class CatchUpTest {
    private static final int QUEUE = 20;

    private final BrokerFixture broker =
            new BrokerFixture().outbound(new OutboundLimits(10, QUEUE, 1 << 20, WhenFull.DROP_NEWEST));
    private final Backends backends = broker.backends;

    @BeforeEach
    void start() throws Exception {
        broker.start();
        backends.backlog.holding(event -> true);
    }

    @AfterEach
    void stop() throws Exception {
        backends.backlog.holding(event -> false);
        broker.close();
    }

    private RawMqtt persisting() {
        return broker.connect(4, ConnectPacket.of(4, "c").resuming());
    }

    private static MessagePage page(int first, int last, boolean more) {
        return new MessagePage(Messages.range("t", first, last), "at " + last, more);
    }

    /** The numbers of the next messages, each acknowledged. */
    private static List<String> received(RawMqtt client, int count) {
        List<String> received = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawPacket packet = client.next(RawPacket.PUBLISH);
            received.add(packet.payload(4));
            client.send(puback(packet.packetId()));
        }
        return received;
    }

    private void live(int first, int last) throws Exception {
        for (int number = first; number <= last; number++) {
            backends.accept(Messages.stored("t", number));
        }
    }

    @Test
    void suback_waitsForThePlaceInTheLogAndComesFirst() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            Stub.Asked<BacklogFetch, MessagePage> fetch = backends.backlog.nextHeld();
            assertThat(fetch.event().persists()).isTrue();
            assertThat(fetch.event().cursor()).isNull();
            client.expectNothing();
            fetch.answer(page(1, 3, false));
            client.next(RawPacket.SUBACK);
            assertThat(received(client, 3)).isEqualTo(OutboundTest.numbers(1, 3));
            client.expectNothing();
        }
    }

    @Test
    void restoredSubscription_isReadAfterConnack() throws Exception {
        backends.connected.answering(
                event -> new SessionFound(true, List.of(new Subscription(new TopicFilter("t"), Qos.AT_LEAST_ONCE))));
        try (RawMqtt client = persisting()) {
            live(4, 4);
            backends.backlog.nextHeld().answer(page(1, 3, false));
            assertThat(received(client, 4)).isEqualTo(OutboundTest.numbers(1, 4));
            client.expectNothing();
        }
    }

    @Test
    void liveMessagesDuringPaging_comeOnceAndInOrder() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            var first = backends.backlog.nextHeld();
            live(8, 9); // on the second page too
            first.answer(page(1, 5, true));
            client.next(RawPacket.SUBACK);
            assertThat(received(client, 5)).isEqualTo(OutboundTest.numbers(1, 5));
            var second = backends.backlog.nextHeld();
            assertThat(second.event().cursor()).isEqualTo("at 5");
            live(10, 12); // behind the second page
            second.answer(page(6, 9, false));
            assertThat(received(client, 7)).isEqualTo(OutboundTest.numbers(6, 12));
            live(13, 13);
            assertThat(received(client, 1)).containsExactly("13");
            client.expectNothing();
        }
    }

    @Test
    void liveMessageBehindThePageThatHasIt_isNotSentTwice() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            backends.backlog.nextHeld().answer(page(1, 5, true));
            client.next(RawPacket.SUBACK);
            assertThat(received(client, 5)).isEqualTo(OutboundTest.numbers(1, 5));
            var second = backends.backlog.nextHeld();
            live(4, 5);
            second.answer(page(6, 7, false));
            assertThat(received(client, 2)).isEqualTo(OutboundTest.numbers(6, 7));
            live(6, 8);
            assertThat(received(client, 1)).containsExactly("8");
            client.expectNothing();
        }
    }

    /** Two nodes publish the first messages of a topic, and those of one are quicker here. */
    @Test
    void liveMessagesBeforeTheFirstThatHasCome_areNotLost() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            var first = backends.backlog.nextHeld();
            live(5, 5);
            live(3, 3); // while the log is read
            first.answer(MessagePage.empty());
            client.next(RawPacket.SUBACK);
            live(4, 4); // and behind that
            assertThat(received(client, 3)).containsExactlyInAnyOrder("3", "4", "5");
            client.expectNothing();
        }
    }

    /** What was read stays known for a while, also when newer ones have come live. */
    @Test
    void liveMessageThatWasRead_isNotSentTwice_afterOthersHaveCome() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            backends.backlog.nextHeld().answer(page(1, 5, false));
            client.next(RawPacket.SUBACK);
            live(7, 7);
            live(4, 5);
            assertThat(received(client, 6)).containsExactly("1", "2", "3", "4", "5", "7");
            client.expectNothing();
        }
    }

    @Test
    void moreLiveThanMayBeHeld_isReadFromTheLog() throws Exception {
        int last = 1500;
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            var first = backends.backlog.nextHeld();
            backends.turn(events -> {
                for (int number = 4; number <= last; number++) {
                    events.sendToAll(EventTypes.MESSAGE_ACCEPTED, Concern.BROKER, Messages.stored("t", number));
                }
            });
            first.answer(page(1, 3, false));
            client.next(RawPacket.SUBACK);
            assertThat(received(client, 3)).isEqualTo(OutboundTest.numbers(1, 3));
            var again = backends.backlog.nextHeld();
            assertThat(again.event().cursor()).isEqualTo("at 3");
            live(last + 1, last + 1);
            again.answer(page(4, last, false));
            assertThat(received(client, last - 2)).isEqualTo(OutboundTest.numbers(4, last + 1));
            client.expectNothing();
        }
    }

    @Test
    void nextPage_isAskedForWhenTheClientHasRoom() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            backends.backlog.nextHeld().answer(page(1, 50, true)); // more than window and queue
            client.next(RawPacket.SUBACK);
            assertThat(received(client, 40)).isEqualTo(OutboundTest.numbers(1, 40));
            for (int i = 0; i < 10; i++) {
                client.next(RawPacket.PUBLISH); // the window is full of them
            }
            client.expectNothing();
            assertThat(backends.backlog.all()).hasSize(1);
            for (int id = 41; id <= 50; id++) {
                client.send(puback(id));
            }
            backends.backlog.nextHeld().answer(page(51, 51, false));
            assertThat(received(client, 1)).containsExactly("51");
        }
    }

    /** The queue holds less than what is live: it comes from the log when the client takes messages again. */
    @Test
    void liveMessagesWithoutAPlaceInTheQueue_areReadFromTheLog() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            backends.backlog.nextHeld().answer(MessagePage.empty());
            client.next(RawPacket.SUBACK);
            try (LogLines log = LogLines.capture()) {
                live(1, 100);
                assertThat(received(client, 10 + QUEUE)).isEqualTo(OutboundTest.numbers(1, 10 + QUEUE));
                backends.backlog.nextHeld().answer(page(20, 60, true)); // the bookmark lags behind
                assertThat(received(client, 30)).isEqualTo(OutboundTest.numbers(31, 60));
                backends.backlog.nextHeld().answer(page(61, 99, false));
                assertThat(received(client, 40)).isEqualTo(OutboundTest.numbers(61, 100));
                client.expectNothing();
                log.expectNone();
            }
        }
        String bookmark = "";
        while (!bookmark.equals(Messages.id(100).value())) {
            String moved = String.valueOf(backends.acked.next().bookmark());
            assertThat(moved).isGreaterThan(bookmark).hasSize(MessageId.LENGTH);
            bookmark = moved;
        }
    }

    @Test
    void secondSubscribeDuringTheFirst_readsOnce() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            var first = backends.backlog.nextHeld();
            client.send(subscribe(4, 2, "t", 1));
            var second = backends.backlog.nextHeld();
            backends.backlog.holding(
                    event -> false); // it is asked for again if a look-up of retained messages has the turn
            backends.backlog.answering(fetch -> page(1, 3, false));
            live(4, 4);
            first.answer(page(1, 3, false));
            assertThat(client.next(RawPacket.SUBACK).packetId()).isEqualTo(1);
            second.answer(page(1, 3, false));
            assertThat(client.next(RawPacket.SUBACK).packetId()).isEqualTo(2);
            assertThat(received(client, 4)).isEqualTo(OutboundTest.numbers(1, 4));
            client.expectNothing();
        }
    }

    @Test
    void secondSubscribe_doesNotRepeatWhatIsUnderway() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            backends.backlog.nextHeld().answer(page(1, 3, false));
            client.next(RawPacket.SUBACK);
            for (int i = 0; i < 3; i++) {
                client.next(RawPacket.PUBLISH);
            }
            client.send(subscribe(4, 2, "t", 1));
            backends.backlog.nextHeld().answer(page(1, 4, false));
            client.next(RawPacket.SUBACK);
            assertThat(received(client, 1)).containsExactly("4");
            client.expectNothing();
        }
    }

    @Test
    void unsubscribeDuringPaging_endsIt() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            var first = backends.backlog.nextHeld();
            client.send(unsubscribe(4, 2, "t")).next(RawPacket.UNSUBACK);
            first.answer(page(1, 3, true));
            client.next(RawPacket.SUBACK);
            client.expectNothing();
            assertThat(backends.backlog.all()).hasSize(1);
        }
    }

    @Test
    void logThatCannotBeRead_isTriedAgain() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(subscribe(4, 1, "t", 1));
            backends.backlog.nextHeld().fail(new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away"));
            client.expectNothing();
            backends.backlog.nextHeld().answer(page(1, 2, false));
            client.next(RawPacket.SUBACK);
            assertThat(received(client, 2)).isEqualTo(OutboundTest.numbers(1, 2));
        }
    }

    /** Each topic's first page may come at once, but only one waits for the client. */
    @Test
    void manyTopics_areReadOneByOne() throws Exception {
        int topics = 20;
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < topics; i++) {
            all.add(new Subscription(new TopicFilter("t" + i), Qos.AT_LEAST_ONCE));
        }
        backends.connected.answering(event -> new SessionFound(true, all));
        backends.backlog.answering(fetch ->
                new MessagePage(Messages.range(fetch.subscription().filter().value(), 1, 30), "end", false));
        backends.backlog.holding(event -> false);
        try (RawMqtt client = persisting()) {
            List<String> received = received(client, topics * 30);
            for (int i = 0; i < topics; i++) {
                assertThat(received.subList(i * 30, i * 30 + 30)).isEqualTo(OutboundTest.numbers(1, 30));
            }
            client.expectNothing();
        }
    }

    @Test
    void cleanSession_readsOnlyWhatSomebodyWantsIt() throws Exception {
        try (RawMqtt client = broker.connect(4, "clean")) {
            client.send(subscribe(4, 1, "t", 1)).next(RawPacket.SUBACK);
            client.expectNothing();
        }
        assertThat(backends.backlog.all()).isEmpty();
    }
}
