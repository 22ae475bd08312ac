package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.ChannelListener;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions that applications make, and are told of. */
class SubscriptionLookupTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();
    private final ChannelListener channel = ChannelListener.on(node.redis(), "mqtt_channel");
    private MqttDevice publisher = node.device(HIVEMQ_3_1_1, DeviceOptions.clean("publisher"));

    @BeforeEach
    void connectPublisher() {
        publisher = node.connect(HIVEMQ_3_1_1, "publisher");
    }

    @AfterEach
    void closeChannel() {
        channel.close();
    }

    @ParameterizedTest
    @EnumSource
    void connect_makesTheSubscriptionsOfTheHash(MqttLibrary library) {
        String client = "lookup-" + library;
        redis.command(
                "HSET", "mqtt:sub:" + client, client + "/one", "1", client + "/+/two", "2", client + "/zero", "0");
        MqttDevice device = node.connect(library, client);
        publisher.publish(client + "/one", "a", 2);
        assertThat(device.next()).isEqualTo(new Arrival(client + "/one", "a", 1, false));
        publisher.publish(client + "/x/two", "b", 2);
        assertThat(device.next()).isEqualTo(new Arrival(client + "/x/two", "b", 2, false));
        publisher.publish(client + "/zero", "c", 2);
        assertThat(device.next()).isEqualTo(new Arrival(client + "/zero", "c", 0, false));
    }

    @Test
    void connect_clampsAndSkipsWhatAnApplicationHasDamaged() {
        redis.command("HSET", "mqtt:sub:damaged", "damaged/ok", "7", "damaged/#/no", "1", "damaged/nan", "x");
        MqttDevice device = node.connect(PAHO_5, "damaged");
        publisher.publish("damaged/nan", "no", 1);
        publisher.publish("damaged/ok", "yes", 2);
        assertThat(device.next()).isEqualTo(new Arrival("damaged/ok", "yes", 2, false));
        asserted(() -> assertThat(node.process().errWith("mqtt:sub:damaged")).hasSize(1));
    }

    @Test
    void connect_withAHashOfAnotherType_isLetIn() {
        redis.command("SET", "mqtt:sub:wrongtype", "x");
        MqttDevice device = node.connect(PAHO_3_1_1, "wrongtype");
        device.subscribe("wrongtype/t", 1);
        publisher.publish("wrongtype/t", "fine", 1);
        assertThat(device.next().payload()).isEqualTo("fine");
        asserted(() -> assertThat(node.process().errWith("mqtt:sub:wrongtype")).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "1"})
    void commandToSubscribe_isObeyedAtOnce(String qos) {
        String topic = "commanded/" + qos.length();
        MqttDevice device = node.connect(HIVEMQ_3_1_1, "commanded");
        command("{\"type\": \"subscribe\", \"topic\": \"" + topic + "\", \"clientid\": \"commanded\", \"qos\": " + qos
                + "}");
        publishUntil(device, topic);
        command("{\"type\": \"unsubscribe\", \"topic\": \"" + topic + "\", \"clientid\": \"commanded\"}");
        asserted(() -> assertThat(unheard(device, topic)).isTrue());
    }

    @Test
    void commandForAClientThatIsOffline_isKeptForItsNextConnect() {
        command("{\"type\":\"subscribe\",\"topic\":\"later/a\",\"clientid\":\"later\",\"qos\":\"2\"}");
        command("{\"type\":\"subscribe\",\"topic\":\"later/b\",\"clientid\":\"later\",\"qos\":1}");
        asserted(() -> assertThat(redis.hash("mqtt:sub:later")).isEqualTo(Map.of("later/a", "2", "later/b", "1")));
        command("{\"type\":\"unsubscribe\",\"topic\":\"later/b\",\"clientid\":\"later\"}");
        asserted(() -> assertThat(redis.hash("mqtt:sub:later")).isEqualTo(Map.of("later/a", "2")));
        MqttDevice device = node.connect(PAHO_3_1, "later");
        publisher.publish("later/b", "no", 1);
        publisher.publish("later/a", "yes", 2);
        assertThat(device.next()).isEqualTo(new Arrival("later/a", "yes", 2, false));
    }

    @ParameterizedTest
    @EnumSource
    void subscribeAndUnsubscribeOfADevice_areAnnounced(MqttLibrary library) {
        String client = "announced-" + library;
        MqttDevice device = node.connect(library, client);
        device.subscribe("topic0/+", 2);
        assertThat(notice(client).getMap())
                .containsExactly(
                        Map.entry("type", "subscribe"),
                        Map.entry("topic", "topic0/+"),
                        Map.entry("clientid", client),
                        Map.entry("qos", 2));
        device.unsubscribe("topic0/+");
        assertThat(notice(client).getMap())
                .containsExactly(
                        Map.entry("type", "unsubscribe"),
                        Map.entry("topic", "topic0/+"),
                        Map.entry("clientid", client));
    }

    /** Were a notice obeyed as a command, the unsubscribe of the moment before would be undone by it. */
    @Test
    void noticesOfOurOwn_areNotObeyed() {
        MqttDevice device = node.connect(HIVEMQ_5, "noloop");
        for (int i = 0; i < 20; i++) {
            device.subscribe("noloop/t", 1);
            device.unsubscribe("noloop/t");
        }
        device.subscribe("noloop/end", 1);
        for (int i = 0; i < 20; i++) {
            assertThat(notice("noloop").getString("type")).isEqualTo("subscribe");
            assertThat(notice("noloop").getString("type")).isEqualTo("unsubscribe");
        }
        assertThat(notice("noloop").getString("topic")).isEqualTo("noloop/end");
        publisher.publish("noloop/t", "unheard", 1);
        publisher.publish("noloop/end", "heard", 1);
        assertThat(device.next().payload()).isEqualTo("heard");
        assertThat(redis.hash("mqtt:sub:noloop")).isEmpty();
        assertThat(channel.waiting()).noneMatch(text -> text.contains("noloop"));
    }

    @Test
    void commandThatIsAlreadyTrue_isNotAnnounced() {
        MqttDevice device = node.connect(PAHO_5, "already");
        device.subscribe("already/t", 1);
        assertThat(notice("already").getString("topic")).isEqualTo("already/t");
        String told = "{\"type\":\"subscribe\",\"topic\":\"already/t\",\"clientid\":\"already\",\"qos\":1}";
        command(told);
        assertThat(channel.next("already"))
                .isEqualTo(told); // our own words, as every subscriber of the channel hears them
        device.subscribe("already/next", 1);
        assertThat(notice("already").getString("topic")).isEqualTo("already/next");
    }

    @Test
    void nonsenseOnTheChannel_isSaidAndChangesNothing() {
        MqttDevice device = node.connect(PAHO_3_1_1, "steady");
        device.subscribe("steady/t", 1);
        int before = node.process().errWith("is no command").size();
        for (String nonsense :
                new String[] {"", "{", "[]", "{\"type\":\"subscribe\"}", "\u0000\u0001", "{\"type\":7}"}) {
            command(nonsense);
        }
        asserted(() -> assertThat(node.process().errWith("is no command")).hasSize(before + 6));
        publisher.publish("steady/t", "still", 1);
        assertThat(device.next().payload()).isEqualTo("still");
    }

    @Test
    void subscriptionsOfAPersistingSession_areInTheHash() {
        MqttDevice device = node.connect(PAHO_3_1_1, DeviceOptions.persisting("own"));
        device.subscribe("own/a", 1);
        device.subscribe("own/+/b", 2);
        assertThat(redis.hash("mqtt:sub:own")).isEqualTo(Map.of("own/a", "1", "own/+/b", "2"));
        device.unsubscribe("own/a");
        assertThat(redis.hash("mqtt:sub:own")).isEqualTo(Map.of("own/+/b", "2"));
        device.disconnect();
        node.connect(PAHO_3_1_1, DeviceOptions.clean("own"));
        asserted(() -> assertThat(redis.hash("mqtt:sub:own")).isEmpty());
    }

    private void command(String json) {
        redis.command("PUBLISH", "mqtt_channel", json);
    }

    private JsonObject notice(String client) {
        return new JsonObject(channel.next(client));
    }

    private void publishUntil(MqttDevice device, String topic) {
        Eventually.until("a subscription by command", () -> {
            publisher.publish(topic, "x", 1);
            return !device.inbox().waiting().isEmpty();
        });
        Arrival arrival = device.next();
        assertThat(arrival).isEqualTo(new Arrival(topic, "x", 1, false));
    }

    private boolean unheard(MqttDevice device, String topic) {
        publisher.publish(topic, "y", 1);
        device.expectNothing();
        return true;
    }
}
