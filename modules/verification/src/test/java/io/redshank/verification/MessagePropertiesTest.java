package io.redshank.verification;

import static io.redshank.testkit.Packets.binary;
import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static io.redshank.testkit.Packets.variable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The properties of MQTT 5 messages: on the live path, in Redis, and for clients that come later. */
class MessagePropertiesTest {
    private static final int QOS_1 = 0x32;
    private static final int RETAINED_QOS_1 = 0x33;
    private static final byte[] CORRELATION = {0, (byte) 0xFF, 1};
    private static final byte[] ALL = join(
            bytes(RawProperties.PAYLOAD_FORMAT, 1),
            join(bytes(RawProperties.MESSAGE_EXPIRY), u32(3600)),
            join(bytes(RawProperties.CONTENT_TYPE), string("text/plain")),
            join(bytes(RawProperties.RESPONSE_TOPIC), string("answers")),
            join(bytes(RawProperties.CORRELATION_DATA), binary(CORRELATION)),
            userProperty("b", "1"),
            userProperty("a", "2"),
            userProperty("b", "1"));

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();

    private static byte[] userProperty(String name, String value) {
        return join(bytes(RawProperties.USER_PROPERTY), string(name), string(value));
    }

    private static byte[] expiry(long seconds) {
        return join(bytes(RawProperties.MESSAGE_EXPIRY), u32(seconds));
    }

    private static RawMqtt connect(String clientId) {
        return RawMqtt.connected(node.port(), 5, ConnectPacket.of(5, clientId));
    }

    private static RawMqtt connectToStay(String clientId) {
        return RawMqtt.connected(
                node.port(), 5, ConnectPacket.of(5, clientId).resuming().expiry(600));
    }

    private static void assertAll(RawProperties found) {
        assertThat(found.number(RawProperties.PAYLOAD_FORMAT)).isEqualTo(1); // [MQTT-3.3.2-4]
        assertThat(found.number(RawProperties.MESSAGE_EXPIRY)).isBetween(3590L, 3600L); // [MQTT-3.3.2-6]
        assertThat(found.text(RawProperties.CONTENT_TYPE)).isEqualTo("text/plain"); // [MQTT-3.3.2-20]
        assertThat(found.text(RawProperties.RESPONSE_TOPIC)).isEqualTo("answers"); // [MQTT-3.3.2-15]
        assertThat(found.binary(RawProperties.CORRELATION_DATA)).isEqualTo(CORRELATION); // [MQTT-3.3.2-16]
        assertThat(found.user()).containsExactly("b=1", "a=2", "b=1"); // [MQTT-3.3.2-17], [MQTT-3.3.2-18]
    }

    @Test
    void liveMessage_hasAllItsProperties_atEachQualityOfService() {
        try (RawMqtt subscriber = connect("live-sub").subscribed("live/#", 2);
                RawMqtt old = RawMqtt.connected(node.port(), 4, ConnectPacket.of(4, "live-old"))
                        .subscribed("live/#", 0);
                RawMqtt publisher = connect("live-pub")) {
            for (int qos = 0; qos <= 2; qos++) {
                publisher.send(publish(5, 0x30 | qos << 1, "live/t", 7 + qos, "hi".getBytes(UTF_8), ALL));
                RawPacket got = subscriber.next(RawPacket.PUBLISH);
                assertAll(RawProperties.ofPublish(got));
                assertThat(got.payload(5)).isEqualTo("hi");
                assertThat(old.next(RawPacket.PUBLISH).payload(4)).isEqualTo("hi"); // MQTT 3 has none
            }
        }
    }

    @Test
    void storedMessage_keepsItsPropertiesInRedis_andForALaterReader() {
        try (RawMqtt subscriber = connectToStay("stored-sub")) {
            subscriber.subscribed("stored/t", 1);
        }
        try (RawMqtt publisher = connect("stored-pub")) {
            publisher.send(publish(5, QOS_1, "stored/t", 1, "hi".getBytes(UTF_8), ALL));
            publisher.next(RawPacket.PUBACK);
        }
        String id = idAt("stored/t", 0);
        JsonObject props = new JsonObject(redis.hash("mqtt:msg:" + id).get("props"));
        assertThat(props)
                .isEqualTo(new JsonObject()
                        .put("payload_format", 1)
                        .put("message_expiry", 3600)
                        .put("content_type", "text/plain")
                        .put("response_topic", "answers")
                        .put("correlation_data", "AP8B")
                        .put("user_properties", new JsonArray("[[\"b\",\"1\"],[\"a\",\"2\"],[\"b\",\"1\"]]")));
        try (RawMqtt subscriber = connectToStay("stored-sub")) {
            assertAll(RawProperties.ofPublish(subscriber.next(RawPacket.PUBLISH)));
        }
    }

    @Test
    void messageWithoutProperties_looksLikeTheSeeds() {
        try (RawMqtt publisher = connect("plain-pub")) {
            publisher.send(publish(5, "plain/t", 1, 1, "hi"));
            publisher.next(RawPacket.PUBACK);
        }
        String id = idAt("plain/t", 0);
        assertThat(redis.hash("mqtt:msg:" + id))
                .containsOnlyKeys("id", "from", "qos", "topic", "retain", "payload", "ts");
    }

    @Test
    void retainedMessage_keepsItsProperties_untilOneWithoutReplacesIt() {
        try (RawMqtt publisher = connect("retained-pub")) {
            publisher.send(publish(5, RETAINED_QOS_1, "kept/t", 1, "hi".getBytes(UTF_8), ALL));
            publisher.next(RawPacket.PUBACK);
            assertThat((Long) redis.command("TTL", "mqtt:retain:kept/t")).isBetween(3500L, 3600L);
            try (RawMqtt subscriber = connect("retained-sub").subscribed("kept/+", 1)) {
                RawPacket got = subscriber.next(RawPacket.PUBLISH);
                assertThat(got.retained()).isTrue();
                assertAll(RawProperties.ofPublish(got));
            }
            publisher.send(publish(5, RETAINED_QOS_1, "kept/t", 2, "hi".getBytes(UTF_8)));
            publisher.next(RawPacket.PUBACK);
        }
        assertThat(redis.hash("mqtt:retain:kept/t")).doesNotContainKey("props");
        assertThat(redis.command("TTL", "mqtt:retain:kept/t")).isEqualTo(-1L);
    }

    @Test
    void retainedMessage_thatAnApplicationWrote_isGivenItsProperties() {
        redis.command(
                "HSET",
                "mqtt:retain:app/t",
                "id",
                "app1",
                "payload",
                "hi",
                "topic",
                "app/t",
                "props",
                "{\"content_type\":\"text/html\",\"user_properties\":[[\"by\",\"app\"]]}");
        try (RawMqtt subscriber = connect("app-sub").subscribed("app/t", 1)) {
            RawProperties found = RawProperties.ofPublish(subscriber.next(RawPacket.PUBLISH));
            assertThat(found.ids()).containsExactly(RawProperties.CONTENT_TYPE, RawProperties.USER_PROPERTY);
            assertThat(found.user()).containsExactly("by=app");
        }
    }

    @Test
    void expiredMessage_isGone_fromRedisAndForWhoComesLater() { // [MQTT-3.3.2-5]
        try (RawMqtt subscriber = connectToStay("late-sub")) {
            subscriber.subscribed("short/t", 1).subscribed("short/r", 1);
        }
        try (RawMqtt publisher = connect("short-pub")) {
            publisher.send(publish(5, QOS_1, "short/t", 1, "gone".getBytes(UTF_8), expiry(1)));
            publisher.send(publish(5, QOS_1, "short/t", 2, "there".getBytes(UTF_8), expiry(60)));
            publisher.send(publish(5, RETAINED_QOS_1, "short/r", 3, "gone".getBytes(UTF_8), expiry(1)));
            publisher.next(RawPacket.PUBACK);
            publisher.next(RawPacket.PUBACK);
            publisher.next(RawPacket.PUBACK);
        }
        Eventually.isEqual(() -> redis.command("EXISTS", "mqtt:retain:short/r"), 0L);
        String gone = idAt("short/t", 0);
        Eventually.isEqual(() -> redis.command("EXISTS", "mqtt:msg:" + gone), 0L);
        try (RawMqtt subscriber = connectToStay("late-sub")) {
            RawPacket got = subscriber.next(RawPacket.PUBLISH);
            assertThat(got.payload(5)).isEqualTo("there");
            subscriber.send(puback(got.packetId())).subscribed("short/r", 0).expectNothing();
        }
    }

    @Test
    void messageThatWaitsForASlowClient_isDroppedWhenItHasExpired() { // [MQTT-3.3.2-5]
        try (RawMqtt subscriber = RawMqtt.connected(
                                node.port(), 5, ConnectPacket.of(5, "slow-sub").receiveMaximum(1))
                        .subscribed("slow/t", 1);
                RawMqtt publisher = connect("slow-pub");
                RawMqtt other = connect("slow-other").subscribed("slow/done", 0)) {
            publisher.send(publish(5, "slow/t", 1, 1, "first"));
            RawPacket first = subscriber.next(RawPacket.PUBLISH);
            publisher.send(publish(5, QOS_1, "slow/t", 2, "gone".getBytes(UTF_8), expiry(1)));
            publisher.send(publish(5, QOS_1, "slow/t", 3, "there".getBytes(UTF_8), expiry(600)));
            String gone = goneFrom("slow/t");
            Eventually.isEqual(() -> redis.command("EXISTS", "mqtt:msg:" + gone), 0L);
            subscriber.send(puback(first.packetId()));
            RawPacket next = subscriber.next(RawPacket.PUBLISH);
            assertThat(next.payload(5)).isEqualTo("there");
            assertThat(RawProperties.ofPublish(next).number(RawProperties.MESSAGE_EXPIRY))
                    .isLessThan(600); // [MQTT-3.3.2-6]
            other.expectNothing();
        }
    }

    private String idAt(String topic, int rank) {
        return new StoredLog(redis).ids(topic).get(rank);
    }

    private String goneFrom(String topic) {
        Eventually.isEqual(() -> redis.command("ZCARD", "mqtt:msg:" + topic), 3L);
        return idAt(topic, 1);
    }

    @Test
    void overlappingSubscriptions_giveOneCopyWithAllTheirIdentifiers() { // [MQTT-3.3.4-2], -3, -4
        try (RawMqtt subscriber = connect("ids-sub");
                RawMqtt publisher = connect("ids-pub")) {
            subscribe(subscriber, "ids/t", 1, 11);
            subscribe(subscriber, "ids/+", 2, 268_435_455);
            subscribe(subscriber, "ids/#", 0, 0);
            publisher.send(publish(5, "ids/t", 2, 1, "hi"));
            RawPacket got = subscriber.next(RawPacket.PUBLISH);
            assertThat(got.qos()).isEqualTo(2);
            assertThat(RawProperties.ofPublish(got).numbers(RawProperties.SUBSCRIPTION_IDENTIFIER))
                    .containsExactlyInAnyOrder(11L, 268_435_455L);
            subscriber.expectNothing();
            subscribe(subscriber, "ids/t", 1, 12); // a new identifier replaces the old one [MQTT-3.8.4-3]
            subscribe(subscriber, "ids/+", 1, 0);
            publisher.send(publish(5, "ids/t", 0, 0, "hi"));
            assertThat(RawProperties.ofPublish(subscriber.next(RawPacket.PUBLISH))
                            .numbers(RawProperties.SUBSCRIPTION_IDENTIFIER))
                    .containsExactly(12L);
        }
    }

    private static void subscribe(RawMqtt client, String filter, int options, int identifier) {
        byte[] property = identifier == 0
                ? new byte[0]
                : join(bytes(RawProperties.SUBSCRIPTION_IDENTIFIER), variable(identifier));
        client.send(packet(0x82, u16(9), properties(5, property), string(filter), bytes(options)));
        client.next(RawPacket.SUBACK);
    }

    @Test
    void subscriptionIdentifierOfZero_isAProtocolError() { // MQTT 5, 3.8.2.1.2
        try (RawMqtt client = connect("ids-zero")) {
            byte[] zero = bytes(RawProperties.SUBSCRIPTION_IDENTIFIER, 0);
            client.send(packet(0x82, u16(9), properties(5, zero), string("t"), bytes(0)));
            client.expectDisconnect(0x82);
        }
    }

    @Test
    void will_hasItsProperties() { // MQTT 5, 3.1.3.2
        try (RawMqtt subscriber = connect("will-sub").subscribed("will/t", 1)) {
            byte[] will = join(properties(5, ALL), string("will/t"), string("gone"));
            byte[] connect = packet(
                    0x10,
                    string("MQTT"),
                    bytes(5, 0x02 | 0x04 | 1 << 3),
                    u16(60),
                    properties(5),
                    string("will-owner"),
                    will);
            RawMqtt owner = RawMqtt.open(node.port(), 5).send(connect);
            owner.next(RawPacket.CONNACK);
            owner.close();
            assertAll(RawProperties.ofPublish(subscriber.next(RawPacket.PUBLISH)));
        }
    }
}
