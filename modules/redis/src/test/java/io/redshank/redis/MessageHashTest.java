package io.redshank.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.model.UserProperty;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies as they are in a real Redis. */
class MessageHashTest {
    private static final MessageId KEY = new MessageId("idOfTheKey");
    private static final byte[] BYTES = {0, (byte) 0xff, '\r', '\n', (byte) 0xc3, 0x28};
    private static final Message MESSAGE = new Message(
            new MessageId("6P9NLcJ65VXBbC22sYb4"),
            new ClientId("größe"),
            new TopicName("a/ü"),
            Qos.AT_LEAST_ONCE,
            true,
            Payload.of(BYTES),
            1_481_690_659_123L);

    private static final MessageProperties PROPERTIES = new MessageProperties(
            MessageProperties.UTF_8_TEXT,
            0xFFFF_FFFFL,
            "text/plain",
            new TopicName("answers/ü"),
            Payload.of(BYTES),
            List.of(new UserProperty("b", "2"), new UserProperty("a", "1"), new UserProperty("b", "2")));

    private static RedisFixture redis;
    private static Vertx vertx;
    private static RedisLink link;

    @BeforeAll
    static void start() throws Exception {
        redis = RedisFixture.start();
        vertx = Vertx.vertx();
        link = RedisLink.open(vertx, Pools.of(redis), List.of());
        link.up().await(5, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().await(5, TimeUnit.SECONDS);
        redis.close();
    }

    @BeforeEach
    void clear() {
        redis.command("FLUSHALL");
    }

    @Test
    void message_isTheSameAfterARoundTrip() throws Exception {
        write(MESSAGE, TimestampUnit.MILLISECONDS);
        assertThat(read()).isEqualTo(MESSAGE);
    }

    @Test
    void emptyPayload_isAPayload() throws Exception {
        Message empty = new Message(
                MESSAGE.id(),
                MESSAGE.from(),
                MESSAGE.topic(),
                Qos.AT_MOST_ONCE,
                false,
                Payload.EMPTY,
                1_481_690_659_000L);
        write(empty, TimestampUnit.SECONDS);
        assertThat(read()).isEqualTo(empty);
    }

    @Test
    void fields_areThoseOfTheLayoutInItsOrder() throws Exception {
        write(MESSAGE, TimestampUnit.SECONDS);
        assertThat(redis.hash("m").keySet()).containsExactly("id", "from", "qos", "topic", "retain", "payload", "ts");
        assertThat(redis.hash("m"))
                .containsEntry("id", "6P9NLcJ65VXBbC22sYb4")
                .containsEntry("qos", "1")
                .containsEntry("topic", "a/ü")
                .containsEntry("retain", "true")
                .containsEntry("ts", "1481690659");
        assertThat(redis.binary("HGET", "m", "payload")).isEqualTo(BYTES);
    }

    @Test
    void properties_areAJsonFieldThatGivesThemBack() throws Exception {
        write(with(PROPERTIES), TimestampUnit.MILLISECONDS);
        assertThat(redis.hash("m").keySet())
                .containsExactlyInAnyOrder("id", "from", "qos", "topic", "retain", "payload", "ts", "props");
        assertThat(redis.hash("m"))
                .containsEntry(
                        "props",
                        "{\"payload_format\":1,\"message_expiry\":4294967295,\"content_type\":\"text/plain\","
                                + "\"response_topic\":\"answers/ü\",\"correlation_data\":\"AP8NCsMo\","
                                + "\"user_properties\":[[\"b\",\"2\"],[\"a\",\"1\"],[\"b\",\"2\"]]}");
        assertThat(read()).isEqualTo(with(PROPERTIES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "no json",
                "[]",
                "{\"payload_format\":2}",
                "{\"message_expiry\":-1}",
                "{\"message_expiry\":\"soon\"}",
                "{\"response_topic\":\"a/#\"}",
                "{\"correlation_data\":\"*\"}",
                "{\"user_properties\":[[\"a\"]]}",
                "{\"user_properties\":[[\"a\",null]]}"
            })
    void damagedProperties_areNone(String props) throws Exception {
        redis.command("HSET", "m", "topic", "t", "payload", "p", "props", props);
        assertThat(read()).extracting(Message::properties).isEqualTo(MessageProperties.NONE);
    }

    @Test
    void messageThatExpires_isNotOlderThanItsSecond() throws Exception {
        redis.command("HSET", "m", "topic", "t", "payload", "p", "ts", "1481690659", "props", "{\"message_expiry\":1}");
        assertThat(read()).extracting(Message::millis).isEqualTo(1_481_690_659_999L);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "1,true", "false,false", "0,false", "yes,false"})
    void retain_isReadInAllItsForms(String stored, boolean meant) throws Exception {
        redis.command("HSET", "m", "topic", "t", "payload", "p", "retain", stored);
        assertThat(read()).extracting(Message::retain).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"1481690659,1481690659000", "1481690659123,1481690659123", "soon,0"})
    void ts_isReadInBothUnits(String stored, long millis) throws Exception {
        redis.command("HSET", "m", "topic", "t", "payload", "p", "ts", stored);
        assertThat(read()).extracting(Message::millis).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"0,AT_MOST_ONCE", "2,EXACTLY_ONCE", "7,EXACTLY_ONCE", "-1,AT_MOST_ONCE", "high,AT_MOST_ONCE"})
    void qos_isClamped(String stored, Qos qos) throws Exception {
        redis.command("HSET", "m", "topic", "t", "payload", "p", "qos", stored);
        assertThat(read()).extracting(Message::qos).isEqualTo(qos);
    }

    @Test
    void missingFields_getDefaults() throws Exception {
        redis.command("HSET", "m", "topic", "t", "payload", "p", "props", "{}");
        assertThat(read())
                .isEqualTo(new Message(
                        KEY,
                        new ClientId("undefined"),
                        new TopicName("t"),
                        Qos.AT_MOST_ONCE,
                        false,
                        Payload.of(new byte[] {'p'}),
                        0));
    }

    @Test
    void bodyThatCannotBeDelivered_isNoMessage() throws Exception {
        assertThat(read()).isNull();
        redis.command("HSET", "m", "topic", "t");
        assertThat(read()).isNull();
        redis.command("HSET", "m", "payload", "p", "topic", "a/#");
        assertThat(read()).isNull();
        redis.command("HDEL", "m", "topic");
        assertThat(read()).isNull();
    }

    private static Message with(MessageProperties properties) {
        return new Message(
                MESSAGE.id(),
                MESSAGE.from(),
                MESSAGE.topic(),
                MESSAGE.qos(),
                MESSAGE.retain(),
                MESSAGE.payload(),
                MESSAGE.millis(),
                properties);
    }

    private static void write(Message message, TimestampUnit unit) throws Exception {
        Request hset = MessageHash.addFields(Request.cmd(Command.HSET).arg("m"), message, unit);
        assertThat(link.send(hset).await(5, TimeUnit.SECONDS).toInteger())
                .isEqualTo(message.properties().isEmpty() ? 7 : 8);
    }

    private static @Nullable Message read() throws Exception {
        return MessageHash.read(
                KEY, link.send(Request.cmd(Command.HGETALL).arg("m")).await(5, TimeUnit.SECONDS));
    }
}
