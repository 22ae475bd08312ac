package io.redshank.verification.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A client with a session, which comes back by itself and sends again what was underway; one library in two versions of MQTT. */
interface ChaosDevice {
    int SESSION_SECONDS = 86_400;

    /** Comes, or comes back. */
    CompletableFuture<?> connect();

    /** Leaves in order; the session stays. */
    CompletableFuture<?> disconnect();

    CompletableFuture<?> subscribe(String filter, int qos);

    /** Complete when the message is acknowledged, at QoS 2 in full; whatever happens to the connection meanwhile. */
    CompletableFuture<?> publish(String topic, String payload, int qos);

    /** A device of this version that hands over topic and payload of each message before it acknowledges it. */
    static ChaosDevice of(int version, String id, int port, BiConsumer<String, String> received) {
        return of(version, id, List.of(port), received);
    }

    /** The same for a broker with several ports: it begins with the first, and goes to the next one when it is thrown out or not let in. */
    static ChaosDevice of(int version, String id, List<Integer> ports, BiConsumer<String, String> received) {
        AtomicInteger tries = new AtomicInteger();
        MqttClientBuilder builder = MqttClient.builder()
                .identifier(id)
                .transportConfig(at(ports.get(0)))
                .addDisconnectedListener(context -> {
                    if (context.getSource() != MqttDisconnectSource.USER) {
                        goTo(ports.get(tries.incrementAndGet() % ports.size()), context);
                    }
                })
                .automaticReconnect()
                .initialDelay(50, TimeUnit.MILLISECONDS)
                .maxDelay(500, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect();
        return version == 5
                ? new Version5(builder.useMqttVersion5().buildAsync(), received)
                : new Version3(builder.useMqttVersion3().buildAsync(), received);
    }

    private static void goTo(int port, MqttClientDisconnectedContext context) {
        context.getReconnector().transportConfig(at(port));
    }

    private static MqttClientTransportConfig at(int port) {
        return MqttClientTransportConfig.builder()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .build();
    }

    /** MQTT 5. */
    final class Version5 implements ChaosDevice {
        private final Mqtt5AsyncClient client;

        private Version5(Mqtt5AsyncClient client, BiConsumer<String, String> received) {
            this.client = client;
            client.publishes(
                    MqttGlobalPublishFilter.ALL,
                    message -> received.accept(
                            message.getTopic().toString(), new String(message.getPayloadAsBytes(), UTF_8)));
        }

        @Override
        public CompletableFuture<?> connect() {
            return client.connectWith()
                    .cleanStart(false)
                    .sessionExpiryInterval(SESSION_SECONDS)
                    .send();
        }

        @Override
        public CompletableFuture<?> disconnect() {
            return client.disconnect();
        }

        @Override
        public CompletableFuture<?> subscribe(String filter, int qos) {
            return client.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.values()[qos])
                    .send();
        }

        @Override
        public CompletableFuture<?> publish(String topic, String payload, int qos) {
            return client.publishWith()
                    .topic(topic)
                    .payload(payload.getBytes(UTF_8))
                    .qos(MqttQos.values()[qos])
                    .send();
        }
    }

    /** MQTT 3.1.1. */
    final class Version3 implements ChaosDevice {
        private final Mqtt3AsyncClient client;

        private Version3(Mqtt3AsyncClient client, BiConsumer<String, String> received) {
            this.client = client;
            client.publishes(
                    MqttGlobalPublishFilter.ALL,
                    message -> received.accept(
                            message.getTopic().toString(), new String(message.getPayloadAsBytes(), UTF_8)));
        }

        @Override
        public CompletableFuture<?> connect() {
            return client.connectWith().cleanSession(false).send();
        }

        @Override
        public CompletableFuture<?> disconnect() {
            return client.disconnect();
        }

        @Override
        public CompletableFuture<?> subscribe(String filter, int qos) {
            return client.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.values()[qos])
                    .send();
        }

        @Override
        public CompletableFuture<?> publish(String topic, String payload, int qos) {
            return client.publishWith()
                    .topic(topic)
                    .payload(payload.getBytes(UTF_8))
                    .qos(MqttQos.values()[qos])
                    .send();
        }
    }
}
