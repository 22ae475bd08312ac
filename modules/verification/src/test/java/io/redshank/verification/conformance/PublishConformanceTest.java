package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.pubcomp;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrec;
import static io.redshank.testkit.Packets.pubrel;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH and its acknowledgements, from clients and to them. */
class PublishConformanceTest {
    private static final int DUP = 8;

    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    /** [MQTT-3.3.4-1], [MQTT-2.2.1-5], [MQTT-4.3.2-4], [MQTT-4.3.3-8], [MQTT-4.3.3-11]. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void publish_isAnsweredAsItsQualityOfServiceDemands(int version) {
        RawMqtt client = node.connect(version, "answered");
        client.send(publish(version, "answered/t", 0, 0, "m")).expectNothing();
        client.send(publish(version, "answered/t", 1, 0x1234, "m")).expect(bytes(0x40, 2, 0x12, 0x34));
        client.send(publish(version, "answered/t", 2, 0xFFFF, "m")).expect(bytes(0x50, 2, 0xFF, 0xFF));
        client.send(pubrel(0xFFFF)).expect(bytes(0x70, 2, 0xFF, 0xFF)).expectNothing();
    }

    /** [MQTT-4.3.2-5]; [MQTT-4.3.2.2] of 3.1.1. */
    @ParameterizedTest
    @CsvSource({"3, 0", "4, 0", "4, 8", "5, 0", "5, 8"})
    void samePacketIdAfterPuback_isANewMessage_withDupOrWithout(int version, int dup) {
        RawMqtt subscriber = node.connect(4, "again-sub").subscribed("again/t", 0);
        RawMqtt client = node.connect(version, "again");
        client.send(publish(version, 0x32, "again/t", 7, bytes('a'))).expect(bytes(0x40, 2, 0, 7));
        client.send(publish(version, 0x32 | dup, "again/t", 7, bytes('b'))).expect(bytes(0x40, 2, 0, 7));
        assertThat(subscriber.next(RawPacket.PUBLISH).payload(4)).isEqualTo("a");
        assertThat(subscriber.next(RawPacket.PUBLISH).payload(4)).isEqualTo("b");
    }

    /** [MQTT-4.3.3-10], [MQTT-4.3.3-12]; [MQTT-4.3.3-2] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void qos2SentAgain_isDeliveredOnce_untilItIsReleased(int version) {
        RawMqtt subscriber = node.connect(4, "once-sub").subscribed("once/t", 0);
        RawMqtt client = node.connect(version, "once");
        byte[] pubrec = bytes(0x50, 2, 0, 7);
        client.send(publish(version, 0x34, "once/t", 7, bytes('a'))).expect(pubrec);
        client.send(publish(version, 0x34 | DUP, "once/t", 7, bytes('a'))).expect(pubrec);
        client.send(publish(version, 0x34, "once/t", 7, bytes('a'))).expect(pubrec);
        client.send(pubrel(7)).expect(bytes(0x70, 2, 0, 7));
        client.send(publish(version, 0x34, "once/t", 7, bytes('b'))).expect(pubrec);
        assertThat(subscriber.next(RawPacket.PUBLISH).payload(4)).isEqualTo("a");
        assertThat(subscriber.next(RawPacket.PUBLISH).payload(4)).isEqualTo("b");
        subscriber.expectNothing();
    }

    /** [MQTT-3.3.1-3]. */
    @ParameterizedTest
    @CsvSource({"3, 1", "4, 1", "4, 2", "5, 1", "5, 2"})
    void dupOfThePublisher_isNotPassedOn(int version, int qos) {
        RawMqtt subscriber = node.connect(version, "dup-sub").subscribed("dup/t", 2);
        RawMqtt client = node.connect(version, "dup");
        client.send(publish(version, 0x30 | qos << 1 | DUP, "dup/t", 7, bytes('a')));
        assertThat(subscriber.next(RawPacket.PUBLISH).duplicate()).isFalse();
    }

    /** [MQTT-2.2.1-2], [MQTT-3.3.1-2], [MQTT-4.3.1-1]. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void deliveryAtQos0_hasNoPacketIdAndNoDup(int version) {
        RawMqtt subscriber = node.connect(version, "plain-sub").subscribed("plain/t", 0);
        node.connect(4, "plain").send(publish(4, "plain/t", 2, 9, "payload"));
        byte[] expected = publish(version, "plain/t", 0, 0, "payload");
        subscriber.expect(expected);
    }

    /** [MQTT-2.2.1-4], [MQTT-4.3.2-1] to [MQTT-4.3.2-3], [MQTT-4.3.3-1], [MQTT-4.3.3-2], [MQTT-4.4.0-1]. */
    @ParameterizedTest
    @CsvSource({"3, 1", "4, 1", "4, 2", "5, 1", "5, 2"})
    void unacknowledgedDeliveries_haveDifferentIds_andAreNotRepeatedMeanwhile(int version, int qos) {
        String topic = "unacked/" + version + qos;
        RawMqtt subscriber = node.connect(version, "unacked-sub").subscribed(topic, qos);
        RawMqtt client = node.connect(4, "unacked");
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            client.send(publish(4, topic, qos, i + 1, "m" + i));
            RawPacket got = subscriber.next(RawPacket.PUBLISH);
            assertThat(got.first()).isEqualTo(0x30 | qos << 1);
            assertThat(got.payload(version)).isEqualTo("m" + i);
            assertThat(got.packetId()).isPositive();
            assertThat(ids.add(got.packetId())).as("a packet id of its own").isTrue();
        }
        subscriber.expectNothing();
    }

    /** [MQTT-4.3.3-4], [MQTT-4.3.3-6]. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void qos2Delivery_isReleased_andRepeatedPubrecToo(int version) {
        RawMqtt subscriber = node.connect(version, "released").subscribed("released/t", 2);
        node.connect(4, "releasing").send(publish(4, "released/t", 2, 9, "m"));
        int id = subscriber.next(RawPacket.PUBLISH).packetId();
        byte[] pubrel = pubrel(id);
        subscriber.send(pubrec(id)).expect(pubrel);
        subscriber.send(pubrec(id)).expect(pubrel);
        subscriber.send(pubcomp(id)).expectNothing();
    }

    /** [MQTT-4.6.0-5], [MQTT-4.6.0-6]. */
    @ParameterizedTest
    @CsvSource({"3, 0", "4, 1", "5, 2"})
    void messagesOfOneClientAndTopic_keepTheirOrder(int version, int qos) {
        String topic = "order/" + version;
        RawMqtt subscriber = node.connect(version, "order-sub").subscribed(topic, qos);
        RawMqtt client = node.connect(version, "order");
        for (int i = 1; i <= 200; i++) {
            client.send(publish(version, topic, qos, i, "m" + i));
        }
        for (int i = 1; i <= 200; i++) {
            RawPacket got = subscriber.next(RawPacket.PUBLISH);
            assertThat(got.payload(version)).isEqualTo("m" + i);
            if (qos == 1) {
                subscriber.send(puback(got.packetId()));
            }
        }
    }

    /** [MQTT-4.4.0-2], [MQTT-4.9.0-2]: a refusal acknowledges too. */
    @ParameterizedTest
    @CsvSource({"1, 0x40", "2, 0x50"})
    void refusedDelivery_countsAsAcknowledged_andIsNotSentAgain(int qos, String acknowledgement) {
        String topic = "refusing/" + qos;
        RawMqtt subscriber =
                node.connect(5, ConformanceNode.staying(5, "refusing-sub" + qos).receiveMaximum(1));
        subscriber.subscribed(topic, qos);
        RawMqtt client = node.connect(4, "refusing");
        client.send(publish(4, topic, qos, 1, "a"), publish(4, topic, qos, 2, "b"));
        RawPacket first = subscriber.next(RawPacket.PUBLISH);
        assertThat(first.payload(5)).isEqualTo("a");
        subscriber.send(Packets.packet(Integer.decode(acknowledgement), Packets.u16(first.packetId()), bytes(0x83)));
        RawPacket second = subscriber.next(RawPacket.PUBLISH);
        assertThat(second.payload(5)).isEqualTo("b");
        if (qos == 1) {
            subscriber.send(puback(second.packetId()));
        } else {
            subscriber.send(pubrec(second.packetId())).next(RawPacket.PUBREL);
            subscriber.send(pubcomp(second.packetId()));
        }
        subscriber.expectNothing();
        ConformanceNode.leave(subscriber);
        node.connectToStay(5, "refusing-sub" + qos).expectNothing();
    }

    /** MQTT 5, 4.3.2 and 4.3.3: an answer to what was never sent is no reason to close. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void acknowledgementOfNothing_changesNothing(int version) {
        RawMqtt client = node.connect(version, ConnectPacket.of(version, "nothing"));
        client.send(puback(99), pubcomp(99)).expectNothing();
        client.send(pubrec(99));
        assertThat(client.next(RawPacket.PUBREL).packetId()).isEqualTo(99);
        client.send(pubrel(99));
        assertThat(client.next(RawPacket.PUBCOMP).packetId()).isEqualTo(99);
        client.expectNothing();
    }
}
