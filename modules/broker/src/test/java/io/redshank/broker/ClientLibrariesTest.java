package io.redshank.broker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients do with the libraries that people use. */
class ClientLibrariesTest {
    private static final int MESSAGES = 200;
    private static final BrokerFixture broker = new BrokerFixture();

    @BeforeAll
    static void start() throws Exception {
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void hiveMqOfMqtt3_isServed(int qos) throws Exception {
        Mqtt3BlockingClient client = Mqtt3Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .identifier("hive3")
                .buildBlocking();
        client.connect();
        try (Mqtt3BlockingClient.Mqtt3Publishes received = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("a/+").qos(MqttQos.EXACTLY_ONCE).send();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                client.publishWith()
                        .topic("a/b")
                        .qos(MqttQos.fromCode(qos))
                        .payload(text(i))
                        .send();
                texts.add(received.receive(5, SECONDS)
                        .map(publish -> new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8))
                        .orElseThrow());
            }
            assertThat(texts).isEqualTo(OutboundTest.numbers(0, MESSAGES - 1));
        }
        client.disconnect();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void hiveMqOfMqtt5_isServed(int qos) throws Exception {
        Mqtt5BlockingClient client = Mqtt5Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .buildBlocking();
        client.connect();
        assertThat(client.getConfig().getClientIdentifier()).as("assigned").isPresent();
        try (Mqtt5BlockingClient.Mqtt5Publishes received = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("c/#").qos(MqttQos.EXACTLY_ONCE).send();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                client.publishWith()
                        .topic("c/d")
                        .qos(MqttQos.fromCode(qos))
                        .payload(text(i))
                        .send();
                texts.add(received.receive(5, SECONDS)
                        .map(publish -> new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8))
                        .orElseThrow());
            }
            assertThat(texts).isEqualTo(OutboundTest.numbers(0, MESSAGES - 1));
        }
        client.disconnect();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void pahoOfMqtt3_isServed(int version) throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        try (MqttClient client =
                new MqttClient("tcp://127.0.0.1:" + broker.port(), "paho" + version, new MemoryPersistence())) {
            MqttConnectOptions options = new MqttConnectOptions();
            options.setMqttVersion(version);
            client.connect(options);
            client.subscribe(
                    "e/#",
                    2,
                    (topic, message) -> received.add(new String(message.getPayload(), StandardCharsets.UTF_8)));
            for (int i = 0; i < MESSAGES; i++) {
                client.publish("e/f", text(i), i % 3, false);
                assertThat(received.poll(5, SECONDS)).isEqualTo(Integer.toString(i));
            }
            client.unsubscribe("e/#");
            client.disconnect();
        }
    }

    private static byte[] text(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    }
}
