package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisFixture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis commands in the hook table: the examples of the manual, and what else it promises of them. */
class RawCommandsTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.configured("""
            { "backend": { "redis": {
                "pool1": { "server": "127.0.0.1:1", "database": 1 },
                "hook": {
                  "client.connected": [
                    { "action": { "function": "on_client_connected" }, "pool": "pool1" },
                    { "action": { "commands": ["SET conn:${clientid} clientid"] }, "pool": "pool1" },
                    { "action": { "commands": [
                        "RPUSH order:${clientid} first", "RPUSH order:${clientid} ${clientid}", "RPUSH order:${clientid} last",
                        "HSET about:${clientid} on ${node} at ${ts} user x${username}" ] }, "pool": "pool1" } ],
                  "session.created": [
                    { "action": { "commands": ["INCR created:${clientid}"] }, "pool": "pool1" } ],
                  "client.disconnected": [
                    { "action": { "commands": ["SET disconn:${clientid} clientid"] }, "pool": "pool1" } ],
                  "session.subscribed": [
                    { "action": { "commands": ["HSET sub:${clientid} topic qos"] }, "pool": "pool1" } ],
                  "session.unsubscribed": [
                    { "topic": "#", "action": { "commands": ["SET unsub:${clientid} topic"] }, "pool": "pool1" } ],
                  "message.publish": [
                    { "topic": "fail/#", "action": { "commands": [
                        "INCR wrong:type:${clientid}", "SET too:few", "SET after:${topic} payload" ] }, "pool": "pool1" },
                    { "topic": "#", "action": { "function": "on_message_publish" }, "pool": "pool1" },
                    { "topic": "#", "action": { "commands": ["RPUSH pub:${topic} msgid"] }, "pool": "pool1" },
                    { "topic": "whole/#", "action": { "commands": ["HMSET whole:${msgid} ${message}"] }, "pool": "pool1" },
                    { "topic": "bare/#", "action": { "commands": ["HMSET bare:${topic} message"] }, "pool": "pool1" },
                    { "topic": "piped/#", "action": { "commands": [
                        "pipeline", "SET piped:1:${topic} ${payload}", "SET piped:2:${topic} <${qos}>",
                        "APPEND piped:2:${topic} -payload-" ] }, "pool": "pool1" },
                    { "topic": "payload/#", "action": { "commands": ["SET raw:${topic} payload"] }, "pool": "pool1" } ],
                  "message.delivered": [
                    { "action": { "commands": ["HSET delivered:${clientid} topic msgid"] }, "pool": "pool1" } ],
                  "message.deliver": [
                    { "topic": "deliver/#", "action": { "commands": ["HSET deliver:${clientid} ${topic} ${msgid}"] },
                      "pool": "pool1" } ],
                  "message.acked": [
                    { "action": { "commands": ["HSET ack:${clientid} topic msgid"] }, "pool": "pool1" } ]
                } } } }
            """);

    private final RedisFixture redis = node.redis();
    private final StoredLog log = new StoredLog(node.redis());

    @Test
    void commandsOfConnections_areRunInOrder() {
        MqttDevice device = node.connect(HIVEMQ_3_1_1, "c1");
        assertThat(redis.command("GET", "conn:c1")).isEqualTo("c1");
        assertThat(list("order:c1")).containsExactly("first", "c1", "last");
        assertThat(redis.command("GET", "created:c1")).isEqualTo("1");
        assertThat(redis.hash("about:c1"))
                .containsEntry("on", "redshank@127.0.0.1")
                .containsEntry("user", "x")
                .containsEntry("at", redis.hash("mqtt:client:c1").get("online_at"));
        device.disconnect();
        asserted(() -> assertThat(redis.command("GET", "disconn:c1")).isEqualTo("c1"));
    }

    @Test
    void commandsOfSubscriptions_areRun() {
        MqttDevice device = node.connect(HIVEMQ_5, "c2");
        device.subscribe("some/+/topic", 2);
        asserted(() -> assertThat(redis.hash("sub:c2")).isEqualTo(Map.of("some/+/topic", "2")));
        device.unsubscribe("some/+/topic");
        asserted(() -> assertThat(redis.command("GET", "unsub:c2")).isEqualTo("some/+/topic"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void commandsOfMessages_areRunForEveryQualityOfService(int qos) {
        String topic = "deliver/" + qos;
        String client = "receiver" + qos;
        MqttDevice receiver = node.connect(HIVEMQ_5, client);
        receiver.subscribe(topic, 2);
        MqttDevice sender = node.connect(HIVEMQ_3_1_1, "sender");
        sender.publish(topic, "x", qos);
        assertThat(receiver.next().payload()).isEqualTo("x");
        asserted(() -> assertThat(list("pub:" + topic)).hasSize(1));
        String id = list("pub:" + topic).get(0);
        assertThat(id).matches("[0-9A-Za-z]{20}");
        asserted(() -> assertThat(redis.hash("delivered:" + client)).isEqualTo(Map.of(topic, id)));
        asserted(() -> assertThat(redis.hash("deliver:" + client)).isEqualTo(Map.of(topic, id)));
        if (qos > 0) {
            assertThat(log.onlyId(topic)).isEqualTo(id);
            asserted(() -> assertThat(redis.hash("ack:" + client)).isEqualTo(Map.of(topic, id)));
        } else {
            assertThat(log.ids(topic)).isEmpty();
        }
    }

    @Test
    void wholeMessage_isFieldsAndValues() {
        MqttDevice device = node.connect(HIVEMQ_3_1_1, "c3");
        device.publish("whole/a", "hello there", 1);
        String id = log.onlyId("whole/a");
        Map<String, String> whole = redis.hash("whole:" + id);
        assertThat(whole).containsKey("ts");
        whole.remove("ts");
        Map<String, String> expected = Map.of(
                "id", id, "from", "c3", "qos", "1", "topic", "whole/a", "payload", "hello there", "retain", "false");
        assertThat(whole).isEqualTo(expected);
        device.publish("bare/a", "hello there", 1);
        assertThat(redis.hash("bare:bare/a"))
                .containsEntry("payload", "hello there")
                .hasSize(7);
    }

    @Test
    void pipeline_runsItsCommandsInOrder() {
        node.connect(HIVEMQ_5, "c4").publish("piped/a", "p q", 1);
        assertThat(redis.command("GET", "piped:1:piped/a")).isEqualTo("p q");
        assertThat(redis.command("GET", "piped:2:piped/a")).isEqualTo("<1>-payload-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with  spaces and ${clientid} \r\n SET evil 1", "", "\u0000\u0001\u00ff", "payload", "-1"})
    void payload_isOneArgumentWhateverIsInIt(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        MqttDevice device = node.connect(HIVEMQ_3_1_1, "c5");
        for (int qos = 0; qos <= 1; qos++) {
            String topic = "payload/" + qos;
            redis.command("DEL", "raw:" + topic);
            MqttDevice.within(device.publishing(topic, bytes, qos, false));
            asserted(() -> assertThat(redis.command("EXISTS", "raw:" + topic)).isEqualTo(1L));
            assertThat((byte[]) redis.binary("GET", "raw:" + topic)).isEqualTo(bytes);
        }
        assertThat(redis.command("EXISTS", "evil")).isEqualTo(0L);
    }

    @Test
    void commandThatFails_isSaidOnce_andTouchesNothingElse() {
        redis.command("RPUSH", "wrong:type:c6", "a list");
        MqttDevice receiver = node.connect(HIVEMQ_5, "receiver");
        receiver.subscribe("fail/#", 1);
        node.connect(HIVEMQ_3_1_1, "c6").publish("fail/a", "secret payload", 1);
        assertThat(receiver.next().payload()).isEqualTo("secret payload");
        assertThat(log.payloads("fail/a")).containsExactly("secret payload");
        assertThat(redis.command("GET", "after:fail/a")).isEqualTo("secret payload");
        assertThat(list("pub:fail/a")).hasSize(1);
        asserted(() -> assertThat(node.process().errWith("too:few")).hasSize(1));
        assertThat(node.process().errWith("wrong:type:c6"))
                .singleElement()
                .asString()
                .contains("hook=message.publish", "command=INCR", "key=wrong:type:c6", "WRONGTYPE");
        assertThat(node.process().errWith("too:few"))
                .singleElement()
                .asString()
                .contains("hook=message.publish", "command=SET", "key=too:few", "wrong number of arguments");
        assertThat(node.process().errWith("secret payload")).isEmpty();
    }

    private List<String> list(String key) {
        return ((List<?>) requireNonNull(redis.command("LRANGE", key, "0", "-1")))
                .stream().map(String::valueOf).toList();
    }
}
