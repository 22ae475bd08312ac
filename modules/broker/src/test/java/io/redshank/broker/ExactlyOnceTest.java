package io.redshank.broker;

import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.pubcomp;
import static io.redshank.testkit.Packets.pubrec;
import static io.redshank.testkit.Packets.pubrel;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Answer;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagePublished;
import io.redshank.events.Received;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionMemory;
import io.redshank.events.UnderwayNoted;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.redshank.model.Underway.Stage;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** QoS 2 to and from sessions that persist: Redis knows of each step before the packet that makes it leaves. */
class ExactlyOnceTest {
    private final BrokerFixture broker = new BrokerFixture();
    private final Backends backends = broker.backends;

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        backends.noted.holding(event -> false);
        backends.forgotten.holding(event -> false);
        broker.close();
    }

    private RawMqtt persisting() {
        return broker.connect(4, ConnectPacket.of(4, "c").resuming());
    }

    private void found(List<Received> inbound, Underway... underway) {
        SessionMemory memory = new SessionMemory(1, List.of(underway), inbound);
        backends.connected.answering(event -> new SessionFound(
                true, List.of(new Subscription(new TopicFilter("t"), Qos.EXACTLY_ONCE)), Map.of(), memory));
    }

    private static Underway underway(long number, int packetId, Stage stage, int message) {
        return new Underway(
                number, packetId, stage, Qos.EXACTLY_ONCE, false, true, new TopicName("t"), Messages.id(message), null);
    }

    private void accept(int number, Qos qos) throws Exception {
        backends.accept(new MessageAccepted(Messages.message("t", number, qos), null, true));
    }

    @Test
    void publishLeaves_whenItIsNotedAndInOrder() throws Exception {
        try (RawMqtt client = persisting()) {
            client.subscribed("t", 2);
            backends.noted.holding(event -> true);
            accept(1, Qos.EXACTLY_ONCE);
            accept(2, Qos.AT_LEAST_ONCE);
            Stub.Asked<UnderwayNoted, Answer> first = backends.noted.nextHeld();
            client.expectNothing();
            Underway noted = first.event().underway();
            assertThat(noted.stage()).isEqualTo(Stage.SENT);
            assertThat(noted.id()).isEqualTo(Messages.id(1));
            first.answer();
            RawPacket sent = client.next(RawPacket.PUBLISH);
            assertThat(sent.packetId()).isEqualTo(noted.packetId());
            assertThat(sent.duplicate()).isFalse();
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("2");
        }
    }

    @Test
    void pubrelLeaves_whenTheReleaseIsNoted() throws Exception {
        try (RawMqtt client = persisting()) {
            client.subscribed("t", 2);
            accept(1, Qos.EXACTLY_ONCE);
            int packetId = client.next(RawPacket.PUBLISH).packetId();
            long number = backends.noted.next().underway().number();
            backends.noted.holding(event -> true);
            client.send(pubrec(packetId));
            Stub.Asked<UnderwayNoted, Answer> released = backends.noted.nextHeld();
            client.expectNothing();
            assertThat(released.event().underway()).isEqualTo(underway(number, packetId, Stage.RELEASED, 1));
            released.answer();
            client.next(RawPacket.PUBREL);
            client.send(pubcomp(packetId));
            assertThat(backends.settled.next().number()).isEqualTo(number);
        }
    }

    /** Until then the log would bring it again. */
    @Test
    void completedMessage_isSettledOnlyWhenTheBookmarkIsPastIt() throws Exception {
        try (RawMqtt client = persisting()) {
            client.subscribed("t", 2);
            accept(1, Qos.AT_LEAST_ONCE);
            accept(2, Qos.EXACTLY_ONCE);
            int first = client.next(RawPacket.PUBLISH).packetId();
            int second = client.next(RawPacket.PUBLISH).packetId();
            client.send(pubrec(second)).next(RawPacket.PUBREL);
            client.send(pubcomp(second)).expectNothing();
            assertThat(backends.settled.all()).isEmpty();
            client.send(puback(first));
            backends.settled.next();
        }
    }

    @Test
    void sessionThatDoesNotPersist_notesNothing() throws Exception {
        try (RawMqtt client = broker.connect(4, "c")) {
            client.subscribed("t", 2);
            accept(1, Qos.EXACTLY_ONCE);
            int packetId = client.next(RawPacket.PUBLISH).packetId();
            client.send(pubrec(packetId)).next(RawPacket.PUBREL);
        }
        assertThat(backends.noted.all()).isEmpty();
    }

    /** The node was killed after PUBREC: the client may have forgotten the packet id, so PUBLISH must not come again. */
    @Test
    void released_comesAsPubrelAndNotFromTheLog() throws Exception {
        found(List.of(), underway(4, 9, Stage.RELEASED, 1));
        backends.backlog.answering(fetch -> new MessagePage(Messages.range("t", 1, 2), "end", false));
        try (RawMqtt client = persisting()) {
            assertThat(client.next(RawPacket.PUBREL).packetId()).isEqualTo(9);
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("2");
            MessageAcked again = backends.acked.next();
            assertThat(again.bookmark()).isEqualTo(Messages.id(1));
            assertThat(again.again()).isTrue();
            client.send(pubcomp(9));
            assertThat(backends.settled.next().number()).isEqualTo(4);
        }
    }

    /** A packet id is used again when its message is complete, and the record of that one stays until the bookmark is written. */
    @Test
    void packetIdThatWasUsedAgain_belongsToTheLaterMessage() throws Exception {
        found(List.of(), underway(4, 9, Stage.RELEASED, 1), underway(5, 9, Stage.SENT, 2));
        backends.bodies.answering(
                fetch -> new MessagePage(List.of(Messages.message("t", 2, Qos.EXACTLY_ONCE)), null, false));
        try (RawMqtt client = persisting()) {
            RawPacket second = client.next(RawPacket.PUBLISH);
            assertThat(second.payload(4)).isEqualTo("2");
            assertThat(second.packetId()).isEqualTo(9);
            assertThat(second.duplicate()).isTrue();
            assertThat(backends.settled.next().number()).isEqualTo(4);
            client.expectNothing();
        }
    }

    /** The client may have the message and keep its packet id until it is released. */
    @Test
    void expiredMessage_isReleased() throws Exception {
        found(List.of(), underway(4, 9, Stage.SENT, 1));
        try (RawMqtt client = persisting()) {
            assertThat(client.next(RawPacket.PUBREL).packetId()).isEqualTo(9);
            client.send(pubcomp(9));
            assertThat(backends.settled.next().number()).isEqualTo(4);
        }
    }

    @Test
    void newMessages_areNumberedAboveThoseBefore() throws Exception {
        long far = Long.MAX_VALUE / 2;
        found(List.of(), underway(far, 9, Stage.RELEASED, 1));
        try (RawMqtt client = persisting()) {
            client.next(RawPacket.PUBREL);
            client.send(pubcomp(9));
            accept(2, Qos.EXACTLY_ONCE);
            client.next(RawPacket.PUBLISH);
            assertThat(backends.noted.next().underway().number()).isEqualTo(far + 1);
        }
    }

    @Test
    void inboundMessage_isStoredWithItsPacketId() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(Packets.publish(4, "q", 2, 5, "once")).next(RawPacket.PUBREC);
            assertThat(backends.published.next().packetId()).isEqualTo(5);
            client.send(Packets.publish(4, "q", 1, 6, "often")).next(RawPacket.PUBACK);
            assertThat(backends.published.next().packetId()).isZero();
        }
    }

    /** The client may use the packet id again as soon as it has PUBCOMP. */
    @Test
    void pubcompLeaves_whenThePacketIdIsForgotten() throws Exception {
        try (RawMqtt client = persisting()) {
            client.send(Packets.publish(4, "q", 2, 5, "once")).next(RawPacket.PUBREC);
            backends.forgotten.holding(event -> true);
            client.send(pubrel(5));
            var released = backends.forgotten.nextHeld();
            assertThat(released.event().packetId()).isEqualTo(5);
            client.expectNothing();
            released.answer();
            client.next(RawPacket.PUBCOMP);
        }
    }

    /** The node was killed before it knew that the message was stored. */
    @Test
    void messageThatMayBeStored_isStoredUnderItsId() throws Exception {
        MessageId id = Messages.id(77);
        found(List.of(new Received(5, id, false)));
        try (RawMqtt client = persisting()) {
            client.send(Packets.publish(4, "q", 2, 5, "once")).next(RawPacket.PUBREC);
            MessagePublished again = backends.published.next();
            assertThat(again.message().id()).isEqualTo(id);
            assertThat(again.resent()).isTrue();
            assertThat(again.packetId()).isEqualTo(5);
            client.send(Packets.publish(4, "q", 2, 5, "once")).next(RawPacket.PUBREC);
            assertThat(backends.published.all()).hasSize(1);
        }
    }

    @Test
    void messageThatIsStored_isOnlyAcknowledged() throws Exception {
        found(List.of(new Received(5, Messages.id(77), true)));
        try (RawMqtt client = persisting()) {
            client.send(Packets.publish(4, "q", 2, 5, "once")).next(RawPacket.PUBREC);
            client.send(pubrel(5)).next(RawPacket.PUBCOMP);
        }
        assertThat(backends.published.all()).isEmpty();
    }
}
