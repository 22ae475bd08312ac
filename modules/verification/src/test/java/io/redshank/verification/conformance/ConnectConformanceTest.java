package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u16;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT, CONNACK, and how connections end. */
class ConnectConformanceTest {
    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    /** [MQTT-3.1.4-3]; [MQTT-3.1.4-2] of 3.1.1. */
    @ParameterizedTest
    @CsvSource({"3, 4", "4, 5", "5, 5", "5, 3"})
    void newerConnection_endsTheOlderOfItsId(int older, int newer) {
        RawMqtt first = node.connect(older, "twice");
        RawMqtt second = node.connect(newer, "twice");
        if (older == 5) {
            first.expectDisconnect(0x8E);
        } else {
            first.expectClosed();
        }
        second.expectNothing();
    }

    /** [MQTT-3.1.0-2]: and what came behind the second CONNECT is not heard. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void secondConnect_endsTheConnection(int version) {
        RawMqtt listener = node.connect(4, "second-listener").subscribed("second/t", 0);
        RawMqtt client = node.connect(version, "second");
        client.send(ConnectPacket.of(version, "second").bytes(), publish(version, "second/t", 0, 0, "no"));
        if (version == 5) {
            client.expectDisconnect(0x82);
        } else {
            client.expectClosed();
        }
        listener.expectNothing();
    }

    /** [MQTT-3.1.4-6], [MQTT-3.2.2-6], [MQTT-3.2.2-7]; [MQTT-3.1.4-5], [MQTT-3.2.2-4], [MQTT-3.2.2-5] of 3.1.1. */
    @Test
    void refusedConnect_saysSoOnce_andNothingBehindItIsHeard() {
        RawMqtt listener = node.connect(4, "refused-listener").subscribed("refused-connect", 0);
        byte[] connect = ConnectPacket.of(4, "").resuming().bytes(); // [MQTT-3.1.3-8] of 3.1.1
        node.open(4)
                .send(connect, publish(4, "refused-connect", 0, 0, "no"))
                .expect(bytes(0x20, 2, 0, 2))
                .expectClosed();
        listener.expectNothing();
    }

    /** [MQTT-3.1.2-2] of 3.1.1: return code 1; of MQTT 5: it may be so. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 6, 99, 132})
    void levelThatIsNotSpoken_isRefused(int level) {
        node.open(4)
                .send(packet(0x10, string("MQTT"), bytes(level, 2), u16(60), string("level")))
                .expect(bytes(0x20, 2, 0, 1))
                .expectClosed();
    }

    /** [MQTT-3.1.2-1]: closed, whether or not it is told. */
    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "MQT", "MQTTT", "MQIsdp", ""})
    void otherProtocol_isRefused(String name) {
        RawMqtt client = node.open(4);
        client.send(packet(0x10, string(name), bytes(4, 2), u16(60), string("other")));
        RawPacket told = client.nextOrNull();
        if (told != null) {
            assertThat(told.is(bytes(0x20, 2, 0, 1))).isTrue();
            client.expectClosed();
        }
    }

    /** [MQTT-3.1.3-5], and longer ones. */
    @ParameterizedTest
    @CsvSource({"3, 1", "3, 23", "3, 60", "4, 23", "4, 24", "5, 1", "5, 23", "5, 62"})
    void plainId_isTaken(int version, int length) {
        String letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        node.connect(version, letters.substring(0, length)).expectNothing();
    }

    /** [MQTT-3.1.3-6], [MQTT-3.1.3-7], [MQTT-3.2.2-16]. */
    @Test
    void emptyIdOfMqtt5_isAssignedOneThatWorks() {
        RawMqtt first = node.open(5).send(ConnectPacket.of(5, "").bytes());
        RawMqtt second = node.open(5).send(ConnectPacket.of(5, "").bytes());
        String id = RawProperties.at(first.next(RawPacket.CONNACK), 2).text(RawProperties.ASSIGNED_CLIENT_ID);
        assertThat(id).isNotEmpty();
        assertThat(RawProperties.at(second.next(RawPacket.CONNACK), 2).text(RawProperties.ASSIGNED_CLIENT_ID))
                .isNotEqualTo(id);
        node.connect(5, id).expectNothing();
        first.expectDisconnect(0x8E);
        second.expectNothing();
    }

    /** [MQTT-3.2.0-1], [MQTT-3.2.0-2], [MQTT-3.1.4-5], [MQTT-3.2.2-1]; a client need not wait for CONNACK (3.1.4). */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void connectSubscribeAndPublishInOneSegment_areServed_connackFirst(int version) {
        RawMqtt client = node.open(version);
        client.send(
                ConnectPacket.of(version, "segment").bytes(),
                subscribe(version, 1, "segment/t", 1),
                publish(version, "segment/t", 1, 2, "m"),
                Packets.PINGREQ);
        RawPacket connack = client.next(RawPacket.CONNACK);
        assertThat(connack.at(0)).isZero();
        assertThat(connack.at(1)).isZero();
        List<Integer> types = Stream.generate(client::next)
                .limit(4)
                .map(RawPacket::type)
                .sorted()
                .toList();
        assertThat(types).containsExactly(RawPacket.PUBLISH, RawPacket.PUBACK, RawPacket.SUBACK, RawPacket.PINGRESP);
        client.expectNothing();
    }

    /** [MQTT-3.12.4-1]. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void ping_isAnswered(int version) {
        RawMqtt client = node.connect(version, "ping");
        client.send(Packets.PINGREQ, Packets.PINGREQ).expect(bytes(0xD0, 0)).expect(bytes(0xD0, 0));
    }

    /** [MQTT-3.1.2-22]; [MQTT-3.1.2-24] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void silentClient_isClosedAfterOneAndAHalfKeepAlives(int version) {
        RawMqtt client =
                node.connect(version, ConnectPacket.of(version, "silent").keepAlive(1));
        long start = System.nanoTime();
        if (version == 5) {
            client.expectDisconnect(0x8D);
        } else {
            client.expectClosed();
        }
        assertThat(System.nanoTime() - start).isBetween(1_300_000_000L, 4_500_000_000L);
    }

    /** [MQTT-3.14.4-2] of 3.1.1: nothing behind DISCONNECT is heard, and the server closes if the client does not. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void disconnect_isTheLastThatIsHeard(int version) {
        RawMqtt listener = node.connect(4, "last-listener").subscribed("last/t", 0);
        RawMqtt client = node.connect(version, "last");
        client.send(Packets.DISCONNECT, publish(version, "last/t", 0, 0, "no")).expectClosed();
        listener.expectNothing();
    }

    /** [MQTT-4.13.1-1], [MQTT-4.13.2-1]; [MQTT-4.8.0-1] of 3.1.1: one client's fault is no other's. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void protocolViolation_endsThatConnectionOnly(int version) {
        RawMqtt other = node.connect(version, "bystander").subscribed("bystander/t", 1);
        RawMqtt client = node.connect(version, "violator").subscribed("bystander/t", 1);
        client.send(packet(0x82, u16(1), properties(version)));
        if (version == 5) {
            RawPacket disconnect = client.next(RawPacket.DISCONNECT);
            assertThat(disconnect.at(0)).isEqualTo(0x82);
            assertThat(RawProperties.at(disconnect, 1).has(RawProperties.SESSION_EXPIRY))
                    .isFalse(); // [MQTT-3.14.2-2]
            client.expectClosed();
        } else {
            client.expectClosed();
        }
        other.send(publish(version, "bystander/t", 0, 0, "m")).next(RawPacket.PUBLISH);
    }
}
