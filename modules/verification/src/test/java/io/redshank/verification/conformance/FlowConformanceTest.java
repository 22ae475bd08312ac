package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.pubcomp;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrec;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MQTT 5 clients and the server tell each other they can take. */
class FlowConformanceTest {
    private static final int MAXIMUM_PACKET_SIZE = 0x27;

    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    /** [MQTT-3.3.4-9], [MQTT-3.3.4-10], [MQTT-4.9.0-1] to [MQTT-4.9.0-3]. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void receiveMaximumOfTheClient_isKept_andHoldsUpNothingElse(int qos) {
        String topic = "window/" + qos;
        RawMqtt client = node.connect(5, ConnectPacket.of(5, "window").receiveMaximum(2))
                .subscribed(topic, qos)
                .subscribed("window/zero", 0);
        RawMqtt publisher = node.connect(5, "window-pub");
        for (int i = 1; i <= 5; i++) {
            publisher.send(publish(5, topic, qos, i, "m" + i));
        }
        int first = client.next(RawPacket.PUBLISH).packetId();
        client.next(RawPacket.PUBLISH);
        client.expectNothing();
        client.send(subscribe(5, 9, "window/other", 0)).next(RawPacket.SUBACK);
        publisher.send(publish(5, "window/zero", 0, 0, "at once"));
        assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("at once");
        if (qos == 1) {
            client.send(puback(first));
        } else {
            client.send(pubrec(first)).next(RawPacket.PUBREL);
            client.expectNothing(); // PUBREC alone makes no room (MQTT 5, 4.9)
            client.send(pubcomp(first));
        }
        assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("m3");
        client.expectNothing();
    }

    /** [MQTT-3.1.2-24], [MQTT-3.1.2-25]. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void messageLargerThanTheClientTakes_isPassedOver(int qos) {
        RawMqtt client = node.connect(5, ConnectPacket.of(5, "small").property(MAXIMUM_PACKET_SIZE, u32(100)))
                .subscribed("small/t", qos);
        RawMqtt publisher = node.connect(5, "small-pub");
        String fits = "x".repeat(100 - 2 - 2 - "small/t".length() - (qos > 0 ? 2 : 0) - 1);
        publisher.send(publish(5, "small/t", qos, 1, fits + "x"), publish(5, "small/t", qos, 2, fits));
        RawPacket got = client.next(RawPacket.PUBLISH);
        assertThat(got.size()).isEqualTo(100);
        client.expectNothing();
    }

    /** MQTT 5, 3.2.2.3.6: what the server says that it takes, it takes, and one byte more ends the connection. */
    @Test
    void maximumPacketSizeOfTheServer_isWhatItSays() {
        RawMqtt client = node.open(5).send(ConnectPacket.of(5, "large").bytes());
        long maximum = RawProperties.at(client.next(RawPacket.CONNACK), 2).number(MAXIMUM_PACKET_SIZE);
        int overhead = 1 + 4 + 2 + "t".length() + 2 + 1;
        String payload = "x".repeat((int) maximum - overhead + (maximum < 1 << 21 ? 1 : 0));
        byte[] largest = publish(5, "t", 1, 1, payload);
        assertThat(largest).hasSize((int) maximum);
        client.send(largest).expect(bytes(0x40, 2, 0, 1));
        client.send(publish(5, "t", 1, 1, payload + "x"));
        client.expectDisconnect(0x95);
    }
}
