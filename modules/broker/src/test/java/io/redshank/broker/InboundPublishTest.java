package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrel;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessagePublished;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients publish, and when they are told that it is stored. */
class InboundPublishTest {
    private static final int WINDOW = 4;

    private final BrokerFixture broker = new BrokerFixture().receiveMaximum(WINDOW);

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void qos0_isRoutedAtOnceAndNotStored() {
        try (RawMqtt subscriber = broker.connect(4, "s").subscribed("t", 2);
                RawMqtt publisher = broker.connect(4, "p")) {
            publisher.send(publish(4, "t", 0, 0, "hello"));
            RawPacket received = subscriber.next(RawPacket.PUBLISH);
            assertThat(received.payload(4)).isEqualTo("hello");
            assertThat(received.qos()).isZero();
            publisher.expectNothing();
        }
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3,1", "3,2", "4,1", "4,2", "5,1", "5,2"})
    void acknowledgement_waitsForTheStore(int version, int qos) throws Exception { // [MQTT-4.3.2-4], [MQTT-4.3.3-8]
        broker.backends.published.holding(event -> true);
        try (RawMqtt client = broker.connect(version, "p")) {
            client.send(publish(version, "t", qos, 7, "hello"));
            Stub.Asked<MessagePublished, MessageId> asked = broker.backends.published.nextHeld();
            assertThat(asked.event().message().qos()).isEqualTo(Qos.of(qos));
            client.expectNothing();
            asked.answer();
            client.expect(bytes(qos == 1 ? 0x40 : 0x50, 2, 0, 7));
        }
    }

    @Test
    void acknowledgements_leaveInTheOrderOfThePublishes() throws Exception { // [MQTT-4.6.0-2, -3]
        broker.backends.published.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, "t1", 1, 1, "a"));
            var first = broker.backends.published.nextHeld();
            client.send(publish(4, "t2", 2, 2, "b"));
            var second = broker.backends.published.nextHeld();
            client.send(publish(4, "t3", 1, 3, "c"));
            var third = broker.backends.published.nextHeld();
            third.answer();
            second.answer();
            client.expectNothing();
            first.answer();
            client.expect(bytes(0x40, 2, 0, 1)).expect(bytes(0x50, 2, 0, 2)).expect(bytes(0x40, 2, 0, 3));
        }
    }

    @Test
    void qos2SentAgainBeforePubrec_isOneMessage() throws Exception { // [MQTT-4.3.3-10]
        broker.backends.published.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, "t", 2, 7, "a"));
            var asked = broker.backends.published.nextHeld();
            client.send(publish(4, 0x3C, "t", 7, bytes('a'))).expectNothing();
            asked.answer();
            client.expect(bytes(0x50, 2, 0, 7)).expectNothing();
        }
        assertThat(broker.backends.published.all()).hasSize(1);
    }

    @Test
    void qos2SentAgainAfterPubrec_isAcknowledgedAgainAndStillOne() { // [MQTT-4.3.3-10]
        try (RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, "t", 2, 7, "a")).expect(bytes(0x50, 2, 0, 7));
            client.send(publish(4, 0x3C, "t", 7, bytes('a'))).expect(bytes(0x50, 2, 0, 7));
            client.send(pubrel(7)).expect(bytes(0x70, 2, 0, 7));
            assertThat(broker.backends.published.all()).hasSize(1);
            client.send(publish(4, "t", 2, 7, "another")).expect(bytes(0x50, 2, 0, 7));
        }
        assertThat(broker.backends.published.all()).hasSize(2);
    }

    @Test
    void pubrelOfUnknownId_isCompletedAsSuch() { // MQTT 5, 3.7.2.1
        try (RawMqtt older = broker.connect(4, "older");
                RawMqtt newer = broker.connect(5, "newer")) {
            older.send(pubrel(9)).expect(bytes(0x70, 2, 0, 9));
            newer.send(pubrel(9)).expect(bytes(0x70, 4, 0, 9, 0x92, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE,128", "REFUSED,131"})
    void publishThatIsNotStored_isRefusedInMqtt5(EventFailure failure, int code) { // MQTT 5, 3.4.2.1
        broker.backends.published.answering(event -> {
            throw new EventFailedException(failure, "no");
        });
        try (RawMqtt client = broker.connect(5, "p");
                LogLines log = LogLines.capture()) {
            client.send(publish(5, "t", 1, 7, "a")).expect(bytes(0x40, 9, 0, 7, code, 5, 0x1F, 0, 2, 'n', 'o'));
            client.send(publish(5, "t", 2, 8, "a")).expect(bytes(0x50, 9, 0, 8, code, 5, 0x1F, 0, 2, 'n', 'o'));
            broker.backends.published.answering(event -> event.message().id());
            client.send(publish(5, "t", 2, 8, "a")).expect(bytes(0x50, 2, 0, 8)); // the id was free again
            assertThat(log.all()).hasSize(2);
        }
    }

    @Test
    void publishThatIsNotStored_endsTheConnectionInMqtt3() throws Exception {
        broker.backends.published.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, "t", 1, 7, "a"));
            var first = broker.backends.published.nextHeld();
            client.send(publish(4, "t", 1, 8, "b"));
            var second = broker.backends.published.nextHeld();
            first.fail(new EventFailedException(EventFailure.REFUSED, "no"));
            second.answer();
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void receiveMaximum_isTheClientsToUse(int qos) throws Exception { // [MQTT-3.3.4-7]
        broker.backends.published.holding(event -> true);
        try (RawMqtt client = broker.connect(5, "p")) {
            for (int id = 1; id <= WINDOW; id++) {
                client.send(publish(5, "t", qos, id, "m"));
                broker.backends.published.nextHeld();
            }
            client.send(publish(5, "t", 0, 0, "more")).expectNothing(); // QoS 0 does not count
            client.send(publish(5, "t", qos, WINDOW + 1, "one too many")).expectDisconnect(0x93);
        }
    }

    @Test
    void qos2BetweenPubrecAndPubrel_countsForTheReceiveMaximum() { // MQTT 5, 4.9
        try (RawMqtt client = broker.connect(5, "p")) {
            for (int id = 1; id <= WINDOW; id++) {
                client.send(publish(5, "t", 2, id, "m")).next(RawPacket.PUBREC);
            }
            client.send(pubrel(1)).next(RawPacket.PUBCOMP);
            client.send(publish(5, "t", 2, 1, "m")).next(RawPacket.PUBREC);
            client.send(publish(5, "t", 1, WINDOW + 1, "one too many")).expectDisconnect(0x93);
        }
    }

    @Test
    void retainedMessage_isAcknowledgedWhenItIsKeptToo() throws Exception {
        broker.backends.retained.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, 0x33, "t", 7, bytes('a')));
            var kept = broker.backends.retained.nextHeld();
            assertThat(kept.event().message().id())
                    .isEqualTo(broker.backends.published.next().message().id());
            client.expectNothing();
            kept.answer();
            client.expect(bytes(0x40, 2, 0, 7));
        }
    }

    @Test
    void retainedMessageAtQos0_isKeptAndNotStored() throws Exception {
        try (RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, 0x31, "t", 0, bytes('a')));
            assertThat(broker.backends.retained.next().message().retain()).isTrue();
        }
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void answersForAClientThatHasGone_areNoHarm() throws Exception {
        broker.backends.published.holding(event -> true);
        RawMqtt client = broker.connect(4, "p");
        client.send(publish(4, "t", 1, 7, "a"), publish(4, "t", 2, 8, "a"));
        var first = broker.backends.published.nextHeld();
        var second = broker.backends.published.nextHeld();
        client.close();
        broker.backends.disconnected.next();
        try (LogLines log = LogLines.capture()) {
            first.answer();
            second.fail(new EventFailedException(EventFailure.UNAVAILABLE, "no"));
            broker.connect(4, "p").expectNothing().close();
            log.expectNone();
        }
    }
}
