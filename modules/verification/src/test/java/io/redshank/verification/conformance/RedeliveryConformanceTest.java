package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.pubcomp;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrec;
import static io.redshank.testkit.Packets.pubrel;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Eventually;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is underway when a connection ends, and goes on with the next. */
class RedeliveryConformanceTest {
    private static final int DUP = 8;

    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    private static void publishAt(int qos, String topic, String payload) {
        RawMqtt publisher = node.connect(4, "redelivery-pub");
        publisher.send(publish(4, topic, qos, 1, payload)).next(qos == 2 ? RawPacket.PUBREC : RawPacket.PUBACK);
        if (qos == 2) {
            publisher.send(pubrel(1)).next(RawPacket.PUBCOMP);
        }
        ConformanceNode.leave(publisher);
    }

    /** The next packet is this message, sent again at this quality. Answers its packet id. */
    private static int again(RawMqtt client, int qos, String payload) {
        RawPacket packet = client.next(RawPacket.PUBLISH);
        assertThat(packet.first()).as("with DUP").isEqualTo(0x30 | DUP | qos << 1);
        assertThat(packet.payload(client.version())).isEqualTo(payload);
        return packet.packetId();
    }

    private static void end(RawMqtt client, boolean inOrder) {
        if (inOrder) {
            ConformanceNode.leave(client);
        } else {
            client.close();
        }
    }

    /**
     * [MQTT-4.4.0-1], [MQTT-3.3.1-1], [MQTT-4.3.2-3], [MQTT-4.3.3-3], [MQTT-4.3.3-5], [MQTT-4.3.3-6]; [MQTT-4.4.0-1],
     * [MQTT-2.3.1-3], [MQTT-3.3.1-1], [MQTT-4.6.0-1] of 3.1.1.
     */
    @ParameterizedTest
    @CsvSource({"3, true", "4, true", "4, false", "5, true", "5, false"})
    void whatIsNotAcknowledged_comesAgainUnderItsId_inItsOrder(int version, boolean inOrder) {
        String topic = "again/" + version + inOrder;
        RawMqtt first = node.connectToStay(version, topic).subscribed(topic, 2);
        int[] ids = new int[5];
        for (int i = 1; i < ids.length; i++) {
            publishAt(i == 2 || i == 3 ? 2 : 1, topic, "m" + i);
            ids[i] = first.next(RawPacket.PUBLISH).packetId();
        }
        first.send(pubrec(ids[2])).expect(pubrel(ids[2])).expectNothing();
        end(first, inOrder);

        RawMqtt second = node.connectToStay(version, topic);
        assertThat(again(second, 1, "m1")).isEqualTo(ids[1]);
        second.expect(pubrel(ids[2]));
        assertThat(again(second, 2, "m3")).isEqualTo(ids[3]);
        assertThat(again(second, 1, "m4")).isEqualTo(ids[4]);
        second.send(puback(ids[1]), pubcomp(ids[2]), puback(ids[4])).expectNothing();
        second.send(pubrec(ids[3])).expect(pubrel(ids[3])).expectNothing();
        end(second, inOrder);

        RawMqtt third = node.connectToStay(version, topic);
        third.expect(pubrel(ids[3]));
        third.send(pubcomp(ids[3])).expectNothing();
        end(third, inOrder);
        node.connectToStay(version, topic).expectNothing();
    }

    /** A session that is discarded takes along what was underway [MQTT-3.1.2-4], [MQTT-3.1.2-6] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void cleanStart_forgetsWhatWasUnderway(int version) {
        String topic = "forgotten/" + version;
        RawMqtt first = node.connectToStay(version, topic).subscribed(topic, 2);
        publishAt(1, topic, "m1");
        publishAt(2, topic, "m2");
        first.next(RawPacket.PUBLISH);
        first.next(RawPacket.PUBLISH);
        ConformanceNode.leave(first);
        RawMqtt clean = node.connect(version, topic);
        clean.subscribed(topic, 2).expectNothing();
        ConformanceNode.leave(clean);
        node.connectToStay(version, topic).subscribed(topic, 2).expectNothing();
    }

    /** [MQTT-4.3.3-10], [MQTT-4.1.0-1]; [MQTT-4.3.3-2] of 3.1.1: the receiver's side of QoS 2 goes on, too. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void qos2OfTheClient_isDeliveredOnce_overConnections(int version) {
        String topic = "once-over/" + version;
        RawMqtt subscriber = node.connect(4, "once-over-sub").subscribed(topic, 0);
        byte[] answer = bytes(0x50, 2, 0, 7);
        RawMqtt first = node.connectToStay(version, topic);
        first.send(publish(version, 0x34, topic, 7, bytes('a'))).expect(answer);
        first.close();
        RawMqtt second = node.connectToStay(version, topic);
        second.send(publish(version, 0x34 | DUP, topic, 7, bytes('a'))).expect(answer);
        second.close();
        RawMqtt third = node.connectToStay(version, topic);
        third.send(pubrel(7)).expect(bytes(0x70, 2, 0, 7));
        third.send(publish(version, 0x34, topic, 7, bytes('b'))).expect(answer);
        assertThat(subscriber.next(RawPacket.PUBLISH).payload(4)).isEqualTo("a");
        assertThat(subscriber.next(RawPacket.PUBLISH).payload(4)).isEqualTo("b");
        subscriber.expectNothing();
    }

    /** [MQTT-4.8.2-4], [MQTT-4.8.2-5]. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void sharedQos2_isCompletedWithTheClientThatItBeganWith(int version) {
        String topic = "shared-begun/" + version;
        String filter = "$share/g/" + topic;
        RawMqtt first = node.connectToStay(version, topic).subscribed(filter, 2);
        publishAt(2, topic, "sent");
        int sent = first.next(RawPacket.PUBLISH).packetId();
        publishAt(2, topic, "received");
        int received = first.next(RawPacket.PUBLISH).packetId();
        first.send(pubrec(received)).expect(pubrel(received)).expectNothing();
        RawMqtt other = node.connect(version, topic + "-other").subscribed(filter, 2);
        first.close();
        other.expectNothing();
        RawMqtt second = node.connectToStay(version, topic);
        assertThat(again(second, 2, "sent")).isEqualTo(sent);
        second.expect(pubrel(received));
        second.send(pubcomp(received), pubrec(sent)).expect(pubrel(sent));
        second.send(pubcomp(sent)).expectNothing();
        other.expectNothing();
    }

    /** [MQTT-4.3.3-7], [MQTT-4.3.3-13]: within a connection, both sides. */
    @Test
    void handshakeOfQos2_goesOnAlthoughTheMessageHasExpired() {
        String topic = "expiring/handshake";
        RawMqtt subscriber = node.connect(5, "expiring-sub").subscribed(topic, 2);
        RawMqtt publisher = node.connect(5, "expiring-pub");
        byte[] oneSecond = Packets.join(bytes(RawProperties.MESSAGE_EXPIRY), u32(1));
        publisher.send(publish(5, 0x34, topic, 7, bytes('m'), oneSecond)).next(RawPacket.PUBREC);
        int id = subscriber.next(RawPacket.PUBLISH).packetId();
        long expired = System.nanoTime() + 1_500_000_000L;
        Eventually.until("more than the expiry to pass", () -> System.nanoTime() > expired);
        subscriber.send(pubrec(id)).expect(pubrel(id));
        subscriber.send(pubcomp(id)).expectNothing();
        publisher.send(publish(5, 0x34 | DUP, topic, 7, bytes('m'), oneSecond)).expect(bytes(0x50, 2, 0, 7));
        publisher.send(pubrel(7)).expect(bytes(0x70, 2, 0, 7));
        subscriber.expectNothing();
    }
}
