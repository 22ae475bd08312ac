package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.binary;
import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Will messages: when they are published, how, and when they are not. */
class WillConformanceTest {
    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    private static RawMqtt mortal(int version, String topic, int qos) {
        return node.connect(version, ConnectPacket.of(version, "mortal").will(topic, "gone", qos));
    }

    /** [MQTT-3.1.2-7], [MQTT-3.1.2-8], [MQTT-3.1.2-10], [MQTT-3.1.2-12]; [MQTT-3.1.2-8], [MQTT-3.1.2-14] of 3.1.1. */
    @ParameterizedTest
    @CsvSource({"3, 0", "4, 1", "5, 2"})
    void cutConnection_publishesTheWillOnce_atItsQualityOfService(int version, int qos) {
        RawMqtt listener = node.connect(4, "will-listener").subscribed("will/cut", 2);
        mortal(version, "will/cut", qos).close();
        RawPacket will = listener.next(RawPacket.PUBLISH);
        assertThat(will.payload(4)).isEqualTo("gone");
        assertThat(will.qos()).isEqualTo(qos);
        node.connect(version, "mortal").close();
        ConformanceNode.leave(node.connect(version, "mortal"));
        listener.expectNothing();
    }

    /** [MQTT-3.14.4-3], [MQTT-3.1.2-10]. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void disconnect_discardsTheWill(int version) {
        RawMqtt listener = node.connect(4, "will-listener").subscribed("will/left", 0);
        ConformanceNode.leave(mortal(version, "will/left", 0));
        listener.expectNothing();
    }

    /** MQTT 5, 3.14.2.1: reason 4 asks for it; and any other reason than 0 leaves it due [MQTT-3.1.2-8]. */
    @ParameterizedTest
    @ValueSource(ints = {0x04, 0x80, 0x82})
    void disconnectForAnotherReason_publishesTheWill(int reason) {
        RawMqtt listener = node.connect(4, "will-listener").subscribed("will/asked", 0);
        mortal(5, "will/asked", 0).send(Packets.disconnect(reason)).expectClosed();
        listener.next(RawPacket.PUBLISH);
    }

    /** [MQTT-3.1.2-8]: a protocol error, a take-over and silence are no orderly end. */
    @ParameterizedTest
    @CsvSource({"3, error", "4, error", "5, error", "4, takeover", "5, takeover", "4, silence", "5, silence"})
    void disorderlyEnd_publishesTheWill(int version, String end) {
        RawMqtt listener = node.connect(4, "will-listener").subscribed("will/" + end, 0);
        ConnectPacket connect = ConnectPacket.of(version, "mortal").will("will/" + end, "gone", 0);
        RawMqtt client = node.connect(version, end.equals("silence") ? connect.keepAlive(1) : connect);
        if (end.equals("error")) {
            client.send(bytes(0, 0));
        } else if (end.equals("takeover")) {
            node.connect(version, "mortal").expectNothing();
        }
        assertThat(listener.next(RawPacket.PUBLISH).payload(4)).isEqualTo("gone");
    }

    /** [MQTT-3.1.2-14], [MQTT-3.1.2-15]; [MQTT-3.1.2-16], [MQTT-3.1.2-17] of 3.1.1. */
    @ParameterizedTest
    @CsvSource({"3, true", "4, false", "4, true", "5, false", "5, true"})
    void willRetain_saysWhetherTheWillIsRetained(int version, boolean retain) {
        String topic = "will/kept/" + version + retain;
        RawMqtt listener = node.connect(4, "will-listener").subscribed(topic, 0);
        String name = version == 3 ? "MQIsdp" : "MQTT";
        byte[] connect = packet(
                0x10,
                string(name),
                bytes(version, retain ? 0x2E : 0x0E),
                u16(60),
                properties(version),
                string("mortal"),
                properties(version),
                string(topic),
                binary(bytes('g')));
        RawMqtt client = node.open(version).send(connect);
        client.next(RawPacket.CONNACK);
        client.close();
        assertThat(listener.next(RawPacket.PUBLISH).retained()).isFalse();
        RawMqtt late = node.connect(4, "will-late").subscribed(topic, 1);
        if (retain) {
            assertThat(late.next(RawPacket.PUBLISH).retained()).isTrue();
            late.send(publish(4, 0x33, topic, 1, new byte[0]));
        } else {
            late.expectNothing();
        }
    }

    /** [MQTT-3.1.2-12] of 3.1.1. */
    @Test
    void clientWithoutAWill_leavesNone() {
        RawMqtt listener = node.connect(4, "will-listener").subscribed("will/#", 0);
        node.connect(4, "no-will").close();
        node.connect(4, "no-will").expectNothing();
        listener.expectNothing();
    }

    /** A will may be empty, and any bytes. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void emptyWill_isAWill(int version) {
        RawMqtt listener = node.connect(4, "will-listener").subscribed("will/empty", 0);
        node.connect(version, ConnectPacket.of(version, "mortal").will("will/empty", "", 0))
                .close();
        assertThat(listener.next(RawPacket.PUBLISH).payload(4)).isEmpty();
    }
}
