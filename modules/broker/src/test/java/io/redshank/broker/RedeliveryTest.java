package io.redshank.broker;

import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.pubcomp;
import static io.redshank.testkit.Packets.pubrec;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.BacklogFetch;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagesFetch;
import io.redshank.events.Received;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionMemory;
import io.redshank.model.Message;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is underway when a connection ends is remembered, and comes again, before anything else [MQTT-4.4.0-1]. */
class RedeliveryTest {
    private final BrokerFixture broker = new BrokerFixture();
    private final Backends backends = broker.backends;

    @BeforeEach
    void start() throws Exception {
        broker.start();
        backends.bodies.answering(RedeliveryTest::bodies);
    }

    @AfterEach
    void stop() throws Exception {
        backends.bodies.holding(event -> false);
        broker.close();
    }

    private RawMqtt persisting(int version) {
        return broker.connect(version, packet(version));
    }

    private static ConnectPacket packet(int version) {
        ConnectPacket packet = ConnectPacket.of(version, "c").resuming();
        return version == 5 ? packet.expiry(100) : packet;
    }

    /** The session of a client that has a subscription and these messages underway. */
    private void found(List<Integer> inbound, Underway... underway) {
        found(new SessionMemory(
                1,
                List.of(underway),
                inbound.stream().map(id -> new Received(id, null, true)).toList()));
    }

    private void found(SessionMemory memory) {
        backends.connected.answering(event -> new SessionFound(
                true, List.of(new Subscription(new TopicFilter("t"), Qos.EXACTLY_ONCE)), Map.of(), memory));
    }

    private static Underway underway(int packetId, Underway.Stage stage, Qos qos, int number) {
        return new Underway(
                number, packetId, stage, qos, false, true, new TopicName("t"), Messages.id(number), (@Nullable Message)
                        null);
    }

    private static Underway numbered(Underway one, long number) {
        return new Underway(
                number,
                one.packetId(),
                one.stage(),
                one.qos(),
                one.retain(),
                one.logged(),
                one.topic(),
                one.id(),
                one.body());
    }

    private static MessagePage bodies(MessagesFetch fetch) {
        return new MessagePage(
                fetch.messages().stream()
                        .map(wanted -> Messages.message(
                                wanted.topic().value(),
                                Integer.parseInt(wanted.id().value()),
                                Qos.EXACTLY_ONCE))
                        .toList(),
                null,
                false);
    }

    private void accept(int number, Qos qos) throws Exception {
        backends.accept(new MessageAccepted(Messages.message("t", number, qos), null, true));
    }

    private SessionMemory memoryOf(ClientDisconnected event) {
        SessionMemory memory = event.memory();
        assertThat(memory).as("what is remembered").isNotNull();
        return memory == null ? SessionMemory.NONE : memory;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void end_tellsWhatIsUnderwayInOrder(int version) throws Exception {
        try (RawMqtt client = persisting(version)) {
            client.subscribed("t", 2);
            for (int number = 1; number <= 5; number++) {
                accept(number, number % 2 == 0 ? Qos.EXACTLY_ONCE : Qos.AT_LEAST_ONCE);
                assertThat(client.next(RawPacket.PUBLISH).packetId()).isEqualTo(number);
            }
            client.send(pubrec(2)).next(RawPacket.PUBREL);
            client.send(puback(3)).expectNothing();
        }
        SessionMemory memory = memoryOf(backends.disconnected.next());
        long first = memory.outbound().get(0).number() - 1;
        assertThat(memory.outbound().stream().map(one -> numbered(one, one.number() - first)))
                .containsExactly(
                        underway(1, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 1),
                        underway(2, Underway.Stage.RELEASED, Qos.EXACTLY_ONCE, 2),
                        underway(0, Underway.Stage.ACKED, Qos.AT_LEAST_ONCE, 3),
                        underway(4, Underway.Stage.SENT, Qos.EXACTLY_ONCE, 4),
                        underway(5, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 5));
        assertThat(backends.awaited.all()).as("bookmarks are waited for").hasSize(1);
    }

    /** A message that is stored nowhere goes along itself; [MQTT-4.4.0-1] makes no difference. */
    @Test
    void end_tellsBodiesThatAreNotStored() throws Exception {
        Message live = Messages.message("t", 1, Qos.AT_LEAST_ONCE);
        try (RawMqtt client = persisting(4)) {
            client.subscribed("t", 1);
            backends.accept(new MessageAccepted(live, null, false));
            client.next(RawPacket.PUBLISH);
        }
        assertThat(memoryOf(backends.disconnected.next()).outbound())
                .singleElement()
                .satisfies(one -> assertThat(one.body()).isEqualTo(live));
    }

    @Test
    void endOfASessionThatDoesNotPersist_tellsNothing() throws Exception {
        broker.connect(4, "c").close();
        assertThat(backends.disconnected.next().memory()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void resume_sendsAgainWithTheSameIdsInOrder(int version) throws Exception {
        found(
                List.of(),
                underway(7, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 1),
                underway(3, Underway.Stage.RELEASED, Qos.EXACTLY_ONCE, 2),
                underway(9, Underway.Stage.SENT, Qos.EXACTLY_ONCE, 3));
        try (RawMqtt client = persisting(version)) {
            RawPacket first = client.next(RawPacket.PUBLISH);
            assertThat(first.duplicate()).as("DUP [MQTT-3.3.1-1]").isTrue();
            assertThat(List.of(first.packetId(), first.qos())).containsExactly(7, 1);
            assertThat(first.payload(version)).isEqualTo("1");
            assertThat(client.next(RawPacket.PUBREL).packetId()).isEqualTo(3);
            RawPacket last = client.next(RawPacket.PUBLISH);
            assertThat(last.duplicate()).isTrue();
            assertThat(List.of(last.packetId(), last.qos())).containsExactly(9, 2);
            client.send(puback(7), pubcomp(3), pubrec(9)).next(RawPacket.PUBREL);
            client.send(pubcomp(9)).expectNothing();
            accept(4, Qos.AT_LEAST_ONCE);
            RawPacket live = client.next(RawPacket.PUBLISH);
            assertThat(live.duplicate()).as("a new one").isFalse();
            assertThat(live.packetId()).isEqualTo(10);
        }
        assertThat(backends.acked.next().message()).as("told again").isEqualTo(Messages.id(2));
        assertThat(backends.acked.next().bookmark()).isEqualTo(Messages.id(2));
        assertThat(backends.acked.next().bookmark()).isEqualTo(Messages.id(3));
    }

    @Test
    void liveMessages_waitForWhatWasUnderway() throws Exception {
        found(List.of(), underway(1, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 1));
        backends.bodies.holding(event -> true);
        try (RawMqtt client = persisting(4)) {
            Stub.Asked<MessagesFetch, MessagePage> asked = backends.bodies.nextHeld();
            accept(2, Qos.AT_LEAST_ONCE);
            client.expectNothing();
            asked.fail(new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away"));
            backends.bodies.nextHeld().answer();
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("1");
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("2");
        }
    }

    /** What is acknowledged is not read from the log again, although the bookmark is before it. */
    @Test
    void acknowledgedAheadOfTheBookmark_doesNotComeAgain() throws Exception {
        found(
                List.of(),
                underway(1, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 1),
                underway(0, Underway.Stage.ACKED, Qos.AT_LEAST_ONCE, 2));
        backends.backlog.answering(fetch -> new MessagePage(Messages.range("t", 1, 3), "end", false));
        try (RawMqtt client = persisting(4)) {
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("1");
            RawPacket next = client.next(RawPacket.PUBLISH);
            assertThat(next.payload(4)).isEqualTo("3");
            client.send(puback(1), puback(next.packetId())).expectNothing();
        }
        assertThat(backends.acked.next().bookmark()).isEqualTo(Messages.id(2));
        assertThat(backends.acked.next().bookmark()).isEqualTo(Messages.id(3));
    }

    /** The log was asked for what is behind a bookmark that has moved meanwhile. */
    @Test
    void acknowledgedWhileTheLogIsRead_doesNotComeAgain() throws Exception {
        try (RawMqtt client = persisting(4)) {
            client.subscribed("t", 2);
            accept(1, Qos.AT_LEAST_ONCE);
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("1");
            backends.backlog.holding(fetch -> true);
            client.send(Packets.subscribe(4, 2, "t", 2));
            Stub.Asked<BacklogFetch, MessagePage> asked = backends.backlog.nextHeld();
            client.send(puback(1));
            assertThat(backends.acked.next().bookmark()).isEqualTo(Messages.id(1));
            asked.answer(new MessagePage(Messages.range("t", 1, 2), "end", false));
            client.next(RawPacket.SUBACK);
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("2");
        } finally {
            backends.backlog.holding(fetch -> false);
        }
    }

    /** The log is not asked before Redis knows what the client has acknowledged. */
    @Test
    void bookmarkThatHasMoved_isWaitedForBeforeTheLogIsRead() throws Exception {
        try (RawMqtt client = persisting(4)) {
            client.subscribed("t", 2);
            accept(1, Qos.AT_LEAST_ONCE);
            client.send(puback(client.next(RawPacket.PUBLISH).packetId()));
            backends.acked.next();
            int asked = backends.backlog.all().size();
            backends.awaited.holding(event -> true);
            client.send(Packets.subscribe(4, 2, "t", 2));
            Stub.Asked<AcksAwaited, Answer> awaited = backends.awaited.nextHeld();
            assertThat(backends.backlog.all()).hasSize(asked);
            backends.awaited.holding(event -> false); // the end of the connection asks, too
            awaited.answer();
            client.next(RawPacket.SUBACK);
            assertThat(backends.backlog.all()).hasSize(asked + 1);
        }
    }

    @Test
    void expiredBody_isLeftOut() throws Exception {
        found(
                List.of(),
                underway(1, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 1),
                underway(2, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 2));
        backends.bodies.answering(
                fetch -> new MessagePage(List.of(Messages.message("t", 2, Qos.AT_LEAST_ONCE)), null, false));
        try (RawMqtt client = persisting(4)) {
            assertThat(client.next(RawPacket.PUBLISH).packetId()).isEqualTo(2);
            client.expectNothing();
        }
    }

    /** [MQTT-3.3.4-9]: no more than the receive maximum of this connection; the rest follows, and is not forgotten. */
    @Test
    void smallerReceiveMaximum_isKept() throws Exception {
        found(
                List.of(),
                underway(1, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 1),
                underway(2, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 2),
                underway(3, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, 3));
        try (RawMqtt client = broker.connect(5, packet(5).receiveMaximum(1))) {
            assertThat(client.next(RawPacket.PUBLISH).packetId()).isEqualTo(1);
            client.expectNothing();
            client.send(puback(1));
            assertThat(client.next(RawPacket.PUBLISH).packetId()).isEqualTo(2);
        }
        assertThat(memoryOf(backends.disconnected.next()).outbound().stream().map(Underway::packetId))
                .containsExactly(2, 3);
    }

    /** [MQTT-4.3.3-10]: the same packet id is the same message, on the next connection too. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void inboundPacketIds_areKnownAgain(int version) throws Exception {
        try (RawMqtt client = persisting(version)) {
            client.send(Packets.publish(version, "q", 2, 5, "once")).next(RawPacket.PUBREC);
        }
        List<Received> inbound = memoryOf(backends.disconnected.next()).inbound();
        assertThat(inbound).containsExactly(new Received(5, null, true));
        found(List.of(5));
        try (RawMqtt client = persisting(version)) {
            client.send(Packets.publish(version, "q", 2, 5, "once"));
            assertThat(client.next(RawPacket.PUBREC).packetId()).isEqualTo(5);
            client.send(Packets.pubrel(5));
            RawPacket pubcomp = client.next(RawPacket.PUBCOMP);
            assertThat(pubcomp.body().length == 2 || pubcomp.at(2) == 0)
                    .as("reason of %s", pubcomp)
                    .isTrue();
            client.send(Packets.publish(version, "q", 2, 5, "another")).next(RawPacket.PUBREC);
        }
        assertThat(backends.published.all()).hasSize(2);
    }

    /** Whether a message is stored is known before the session lets go of its packet id. */
    @Test
    void end_waitsUntilWhatTheClientSentIsStored() throws Exception {
        backends.published.holding(event -> true);
        RawMqtt client = persisting(4);
        client.send(Packets.publish(4, "q", 2, 5, "once"), Packets.publish(4, "q", 2, 6, "lost"));
        Stub.Asked<?, ?> first = backends.published.nextHeld();
        var second = backends.published.nextHeld();
        client.close();
        second.fail(new EventFailedException(EventFailure.REFUSED, "no"));
        first.answer();
        assertThat(memoryOf(backends.disconnected.next()).inbound()).containsExactly(new Received(5, null, true));
        backends.published.holding(event -> false);
    }
}
