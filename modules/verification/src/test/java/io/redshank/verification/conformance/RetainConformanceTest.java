package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The retain flag of messages from clients and to them. */
class RetainConformanceTest {
    private static final int RETAIN = 1;
    private static final int RETAIN_AS_PUBLISHED = 8;

    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    /** Publishes at QoS 1 and waits until that is stored. */
    private static void put(int version, String topic, String payload, boolean retain) {
        RawMqtt publisher = node.connect(version, "retain-pub");
        int first = 0x32 | (retain ? RETAIN : 0);
        publisher.send(publish(version, first, topic, 1, payload.getBytes(StandardCharsets.UTF_8)));
        publisher.next(RawPacket.PUBACK);
        ConformanceNode.leave(publisher);
    }

    private static void expectRetained(int version, String topic, String payload) {
        RawMqtt late = node.connect(version, "retain-late").subscribed(topic, 1);
        RawPacket got = late.next(RawPacket.PUBLISH);
        assertThat(got.payload(version)).isEqualTo(payload);
        assertThat(got.retained()).isTrue();
        ConformanceNode.leave(late);
    }

    private static void expectNoneRetained(int version, String topic) {
        RawMqtt late = node.connect(version, "retain-late").subscribed(topic, 1);
        late.expectNothing();
        ConformanceNode.leave(late);
    }

    /** [MQTT-3.3.1-5], [MQTT-3.3.1-8]; [MQTT-3.3.1-5], [MQTT-3.3.1-6], [MQTT-3.3.1-8], [MQTT-3.3.1-12] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void lastRetainedMessage_isKept_whateverIsPublishedWithoutTheFlag(int version) {
        String topic = "kept/" + version;
        put(version, topic, "first", true);
        put(version, topic, "second", true);
        put(version, topic, "live", false);
        put(version, topic, "", false);
        expectRetained(version, topic, "second");
        put(version, topic, "", true);
    }

    /** [MQTT-3.3.1-6], [MQTT-3.3.1-7]; [MQTT-3.3.1-10], [MQTT-3.3.1-11] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void emptyRetainedMessage_removes_andIsDeliveredAsAnyOther(int version) {
        String topic = "removed/" + version;
        put(version, topic, "there", true);
        RawMqtt listener = node.connect(version, "removed-listener").subscribed(topic, 0);
        listener.next(RawPacket.PUBLISH);
        put(version, topic, "", true);
        RawPacket got = listener.next(RawPacket.PUBLISH);
        assertThat(got.payload(version)).isEmpty();
        assertThat(got.retained()).isFalse(); // [MQTT-3.3.1-12]; [MQTT-3.3.1-9] of 3.1.1
        expectNoneRetained(version, topic);
    }

    /** [MQTT-3.3.1-5]; [MQTT-3.3.1-7] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void retainedMessageAtQos0_replacesOneAtQos1(int version) {
        String topic = "zero/" + version;
        put(version, topic, "at 1", true);
        RawMqtt publisher = node.connect(version, "zero-pub");
        RawMqtt listener = node.connect(version, "zero-listener").subscribed(topic, 0);
        listener.next(RawPacket.PUBLISH);
        publisher.send(publish(version, 0x30 | RETAIN, topic, 0, "at 0".getBytes(StandardCharsets.UTF_8)));
        listener.next(RawPacket.PUBLISH);
        io.redshank.testkit.Eventually.asserted(() -> expectRetained(version, topic, "at 0"));
        put(version, topic, "", true);
    }

    /** [MQTT-3.3.1-9] to [MQTT-3.3.1-11]: what a first and a second subscription with this retain handling bring. */
    @ParameterizedTest
    @CsvSource({"0, true, true", "1, true, false", "2, false, false"})
    void retainHandling_saysWhetherSubscriptionsBringRetainedMessages(int handling, boolean first, boolean second) {
        String topic = "handling/" + handling;
        put(5, topic, "there", true);
        RawMqtt client = node.connect(5, "handling");
        for (boolean brings : new boolean[] {first, second}) {
            client.subscribed(topic, handling << 4);
            if (brings) {
                assertThat(client.next(RawPacket.PUBLISH).retained()).isTrue();
            }
            client.expectNothing();
        }
        put(5, topic, "", true);
    }

    /** [MQTT-3.3.1-12], [MQTT-3.3.1-13]; [MQTT-3.3.1-9] of 3.1.1. */
    @Test
    void flagOfLiveMessages_isClearedUnlessWantedAsPublished() {
        RawMqtt old = node.connect(4, "flag-old").subscribed("flag/t", 0);
        RawMqtt plain = node.connect(5, "flag-plain").subscribed("flag/t", 0);
        RawMqtt faithful = node.connect(5, "flag-faithful").subscribed("flag/t", RETAIN_AS_PUBLISHED);
        for (boolean retain : new boolean[] {true, false}) {
            put(5, "flag/t", "m", retain);
            assertThat(old.next(RawPacket.PUBLISH).retained()).isFalse();
            assertThat(plain.next(RawPacket.PUBLISH).retained()).isFalse();
            assertThat(faithful.next(RawPacket.PUBLISH).retained()).isEqualTo(retain);
        }
        put(5, "flag/t", "", true);
    }

    /** [MQTT-3.1.2.7] of 3.1.1: what a client retained stays when its session ends. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void retainedMessage_outlivesTheSessionOfItsPublisher(int version) {
        String topic = "outlives/" + version;
        RawMqtt publisher = node.connect(version, "outlives");
        publisher.send(publish(version, 0x32 | RETAIN, topic, 1, bytes('m'))).next(RawPacket.PUBACK);
        publisher.close();
        ConformanceNode.leave(node.connect(version, "outlives"));
        expectRetained(version, topic, "m");
        put(version, topic, "", true);
    }
}
