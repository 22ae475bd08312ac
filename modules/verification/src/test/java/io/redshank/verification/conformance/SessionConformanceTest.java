package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that outlive their connections. */
class SessionConformanceTest {
    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    private static void publishAtQos1(String topic, String... payloads) {
        RawMqtt publisher = node.connect(4, "session-pub");
        for (String payload : payloads) {
            publisher.send(publish(4, topic, 1, 1, payload)).next(RawPacket.PUBACK);
        }
        ConformanceNode.leave(publisher);
    }

    /** [MQTT-3.1.2-6], [MQTT-3.2.2-3]; [MQTT-3.2.2-3] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void sessionThatIsNotThere_isNew_andThenPresent(int version) {
        String id = "fresh-" + version;
        RawMqtt client = node.open(version);
        client.send(ConformanceNode.staying(version, id).bytes());
        assertThat(client.next(RawPacket.CONNACK).at(0)).isZero();
        ConformanceNode.leave(client);
        assertThat(node.hasSession(version, id)).isTrue(); // [MQTT-3.1.2-23]; [MQTT-3.2.2-2] of 3.1.1
    }

    /** MQTT 3.1 has no word for a session that is present: that byte was reserved. */
    @Test
    void sessionOfMqtt31_isThereAndNotSpokenOf() {
        ConformanceNode.leave(node.connectToStay(3, "old-session").subscribed("old-session/t", 1));
        publishAtQos1("old-session/t", "m");
        RawMqtt client = node.open(3);
        client.send(ConformanceNode.staying(3, "old-session").bytes());
        assertThat(client.next(RawPacket.CONNACK).at(0)).isZero();
        assertThat(client.next(RawPacket.PUBLISH).payload(3)).isEqualTo("m");
    }

    /** [MQTT-3.1.2-4], [MQTT-3.1.4-4], [MQTT-3.2.2-2]; [MQTT-3.1.2-6], [MQTT-3.1.4-3], [MQTT-3.2.2-1] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void cleanStart_discardsTheSession(int version) {
        String id = "cleaned-" + version;
        ConformanceNode.leave(node.connectToStay(version, id).subscribed("cleaned/t", 1));
        RawMqtt clean = node.open(version).send(ConnectPacket.of(version, id).bytes());
        assertThat(clean.next(RawPacket.CONNACK).at(0)).isZero();
        publishAtQos1("cleaned/t", "not for it");
        clean.expectNothing();
        ConformanceNode.leave(clean);
        assertThat(node.hasSession(version, id)).isFalse();
    }

    /** [MQTT-3.1.2-5], [MQTT-4.5.0-1], [MQTT-4.1.0-1]; [MQTT-3.1.2-4], [MQTT-3.1.2-5], [MQTT-4.5.0-1] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void messagesOfTheMeantime_wait(int version) {
        String topic = "waiting/" + version;
        ConformanceNode.leave(node.connectToStay(version, "waiting-" + version).subscribed(topic, 1));
        publishAtQos1(topic, "1", "2", "3");
        publishAtQos1(topic + "/other", "4");
        RawMqtt client = node.connectToStay(version, "waiting-" + version);
        for (String expected : List.of("1", "2", "3")) {
            RawPacket publish = client.next(RawPacket.PUBLISH);
            assertThat(publish.payload(version)).isEqualTo(expected);
            client.send(puback(publish.packetId()));
        }
        client.expectNothing();
    }

    /** [MQTT-4.1.0-2]; and expiry 0, or none, ends the session with its connection (3.1.2.11.2). */
    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, false", "600, true"})
    void sessionOfMqtt5_isKeptAsLongAsItSays(long expiry, boolean kept) {
        String id = "expiry" + expiry;
        ConnectPacket connect = ConnectPacket.of(5, id).resuming();
        ConformanceNode.leave(node.connect(5, expiry < 0 ? connect : connect.expiry(expiry)));
        if (expiry == 1) {
            long end = System.nanoTime() + 1_500_000_000L;
            Eventually.until("more than the interval to pass", () -> System.nanoTime() > end);
        }
        assertThat(node.hasSession(5, id)).isEqualTo(kept);
    }

    /** MQTT 5, 3.14.2.2.2: DISCONNECT may shorten it to nothing. */
    @Test
    void disconnectOfMqtt5_mayEndTheSession() {
        RawMqtt client = node.connectToStay(5, "shortened");
        client.send(io.redshank.testkit.Packets.disconnect(0, io.redshank.testkit.Packets.bytes(0x11, 0, 0, 0, 0)));
        client.expectClosed();
        assertThat(node.hasSession(5, "shortened")).isFalse();
    }
}
