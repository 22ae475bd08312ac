package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.pubcomp;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrec;
import static io.redshank.testkit.Packets.pubrel;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RedisFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that is killed at each step of the QoS 2 handshake, on either side, and what it has promised. */
class KilledNodeTest {
    private static final int DUPLICATE_AT_QOS_2 = 0b1100;

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();
    private final StoredLog log = new StoredLog(node.redis());

    private static RawMqtt session(int version, String client) {
        ConnectPacket packet = ConnectPacket.of(version, client).resuming();
        return RawMqtt.connected(node.port(), version, version == 5 ? packet.expiry(600) : packet);
    }

    private static void publishOnce(String topic, String payload) {
        try (RawMqtt publisher = RawMqtt.connected(node.port(), 4, ConnectPacket.of(4, "publisher"))) {
            publisher.send(publish(4, topic, 2, 1, payload)).next(RawPacket.PUBREC);
            publisher.send(pubrel(1)).next(RawPacket.PUBCOMP);
        }
    }

    private static void kill() {
        node.process().kill();
        node.start();
    }

    @ParameterizedTest
    @CsvSource({"4, exact", "5, exact", "4, wild/#", "5, wild/#"})
    void subscriberHasTheMessageOnce(int version, String filter) {
        String client = "subscriber" + version + filter.length();
        String topic = filter.replace("#", client);
        RawMqtt device = session(version, client).subscribed(filter, 2);
        publishOnce(topic, "once");
        int packetId = device.next(RawPacket.PUBLISH).packetId();
        kill(); // it has PUBLISH
        device.close();
        device = session(version, client);
        RawPacket again = device.next(RawPacket.PUBLISH);
        assertThat(again.packetId()).isEqualTo(packetId);
        assertThat(again.duplicate()).as("DUP [MQTT-3.3.1-1]").isTrue();
        device.send(pubrec(packetId)).next(RawPacket.PUBREL);
        kill(); // it has PUBREL, and may have forgotten the packet id
        device.close();
        device = session(version, client);
        assertThat(device.next(RawPacket.PUBREL).packetId()).isEqualTo(packetId);
        device.send(pubcomp(packetId)).expectNothing();
        asserted(() ->
                assertThat(redis.command("EXISTS", "mqtt:inflight:" + client)).isEqualTo(0L));
        kill(); // all is done
        device.close();
        device = session(version, client).expectNothing();
        publishOnce(topic, "next");
        assertThat(device.next(RawPacket.PUBLISH).payload(version)).isEqualTo("next");
        device.close();
    }

    /** The client has the second message and not the first: the bookmark is before both. */
    @Test
    void messagesAcknowledgedOutOfOrder_comeOnce() {
        RawMqtt device = session(4, "disorderly").subscribed("disorder", 2);
        publishOnce("disorder", "first");
        publishOnce("disorder", "second");
        int first = device.next(RawPacket.PUBLISH).packetId();
        int second = device.next(RawPacket.PUBLISH).packetId();
        device.send(pubrec(second)).next(RawPacket.PUBREL);
        device.send(pubcomp(second)).expectNothing();
        kill();
        device.close();
        device = session(4, "disorderly");
        RawPacket again = device.next(RawPacket.PUBLISH);
        assertThat(again.packetId()).isEqualTo(first);
        assertThat(again.payload(4)).isEqualTo("first");
        assertThat(device.next(RawPacket.PUBREL).packetId()).isEqualTo(second);
        device.send(pubcomp(second), pubrec(first)).next(RawPacket.PUBREL);
        device.send(pubcomp(first)).expectNothing();
        asserted(() -> assertThat(redis.command("GET", "mqtt:acked:disorderly:disorder"))
                .isEqualTo(log.ids("disorder").get(1)));
        device.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void publishersMessageIsStoredOnce(int version) {
        String client = "publisher" + version;
        String topic = "from/" + client;
        RawMqtt device = session(version, client);
        device.send(publish(version, topic, 2, 5, "once")).next(RawPacket.PUBREC);
        kill();
        device.close();
        device = session(version, client);
        byte[] again = publish(version, 0x30 | DUPLICATE_AT_QOS_2, topic, 5, "once".getBytes(UTF_8));
        device.send(again).next(RawPacket.PUBREC);
        device.send(pubrel(5)).next(RawPacket.PUBCOMP);
        assertThat(log.ids(topic)).hasSize(1);
        kill(); // the packet id is free
        device.close();
        device = session(version, client);
        device.send(publish(version, topic, 2, 5, "another")).next(RawPacket.PUBREC);
        assertThat(log.ids(topic)).hasSize(2);
        device.close();
    }

    /** As if it had been killed between the log and the answer, with the message's place in the log already gone on. */
    @Test
    void publishersMessageThatWasCutShort_isStoredOnce() {
        RawMqtt device = session(4, "cut");
        device.send(publish(4, "cut", 2, 5, "once")).next(RawPacket.PUBREC);
        String id = log.onlyId("cut");
        asserted(() -> assertThat(redis.hash("mqtt:received:cut")).containsEntry("5", id));
        node.process().kill();
        redis.command("HSET", "mqtt:received:cut", "5", "?" + id);
        node.start();
        device.close();
        publishOnce("cut", "later");
        device = session(4, "cut");
        byte[] again = publish(4, 0x30 | DUPLICATE_AT_QOS_2, "cut", 5, "once".getBytes(UTF_8));
        device.send(again).next(RawPacket.PUBREC);
        assertThat(log.ids("cut")).hasSize(2);
        device.close();
    }

    /** A queue's message is gone with its first acknowledgement, so its log does not know it again. */
    @Test
    void queuedMessage_isNotQueuedAgain() {
        RawMqtt worker = session(4, "worker").subscribed("queue/jobs", 1);
        RawMqtt device = session(4, "boss");
        device.send(publish(4, "queue/jobs", 2, 5, "job")).next(RawPacket.PUBREC);
        worker.send(puback(worker.next(RawPacket.PUBLISH).packetId()));
        asserted(() -> assertThat(log.ids("queue/jobs")).isEmpty());
        kill();
        device.close();
        worker.close();
        device = session(4, "boss");
        byte[] again = publish(4, 0x30 | DUPLICATE_AT_QOS_2, "queue/jobs", 5, "job".getBytes(UTF_8));
        device.send(again).next(RawPacket.PUBREC);
        assertThat(log.ids("queue/jobs")).isEmpty();
        device.close();
    }

    @Test
    void willOfAConnectedClient_isPublished() {
        RawMqtt device =
                RawMqtt.connected(node.port(), 4, ConnectPacket.of(4, "mortal").will("wills/mortal", "gone", 1));
        kill();
        device.close();
        asserted(() -> assertThat(log.ids("wills/mortal")).hasSize(1));
        asserted(() -> assertThat(redis.command("KEYS", "mqtt:will*")).asList().isEmpty());
    }

    @Test
    void clientsAreOffline() {
        RawMqtt device = session(4, "online");
        asserted(() -> assertThat(redis.hash("mqtt:client:online")).containsEntry("state", "1"));
        kill();
        device.close();
        asserted(() -> assertThat(redis.hash("mqtt:client:online")).containsEntry("state", "0"));
        asserted(() -> assertThat(redis.command("KEYS", "mqtt:node:*")).asList().isEmpty());
    }
}
