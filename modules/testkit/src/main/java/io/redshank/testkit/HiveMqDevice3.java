package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAck;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAck;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The HiveMQ MQTT Client, MQTT 3.1.1. It cannot vanish. */
final class HiveMqDevice3 implements MqttDevice {
    private final DeviceOptions options;
    private final Mqtt3AsyncClient client;
    private final Inbox inbox = new Inbox();

    HiveMqDevice3(Endpoint endpoint, DeviceOptions options) {
        this.options = options;
        client = HiveMqTransport.set(Mqtt3Client.builder().identifier(options.clientId()), endpoint)
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, this::onPublish, !options.acknowledges());
    }

    @Override
    public String clientId() {
        return options.clientId();
    }

    @Override
    public boolean connect() {
        Mqtt3ConnectBuilder.Send<CompletableFuture<Mqtt3ConnAck>> connect =
                client.connectWith().cleanSession(options.clean());
        Arrival will = options.will();
        if (will != null) {
            connect = connect.willPublish(Mqtt3Publish.builder()
                    .topic(will.topic())
                    .payload(will.payload().getBytes(UTF_8))
                    .qos(qos(will.qos()))
                    .retain(will.retain())
                    .build());
        }
        DeviceOptions.Login login = options.login();
        if (login != null) {
            connect = connect.simpleAuth(Mqtt3SimpleAuth.builder()
                    .username(login.username())
                    .password(login.password().getBytes(UTF_8))
                    .build());
        }
        return MqttDevice.within(connect.send()).isSessionPresent();
    }

    @Override
    public int subscribe(String filter, int qos) {
        CompletableFuture<Integer> code = client.subscribeWith()
                .topicFilter(filter)
                .qos(qos(qos))
                .send()
                .thenApply(HiveMqDevice3::code)
                .exceptionally(HiveMqDevice3::codeOfRefusal);
        return MqttDevice.within(code);
    }

    private static int code(Mqtt3SubAck suback) {
        return suback.getReturnCodes().get(0).getCode();
    }

    /** The library takes a refusal for a failure. */
    private static int codeOfRefusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? Objects.requireNonNull(failure.getCause()) : failure;
        if (cause instanceof Mqtt3SubAckException refused) {
            return code(refused.getMqttMessage());
        }
        throw new CompletionException(cause);
    }

    @Override
    public void unsubscribe(String filter) {
        MqttDevice.within(client.unsubscribeWith().topicFilter(filter).send());
    }

    @Override
    public CompletableFuture<Integer> publishing(String topic, byte[] payload, int qos, boolean retain) {
        return client.publishWith()
                .topic(topic)
                .payload(payload)
                .qos(qos(qos))
                .retain(retain)
                .send()
                .thenApply(done -> 0);
    }

    @Override
    public void disconnect() {
        MqttDevice.within(client.disconnect());
    }

    @Override
    public void vanish() {
        throw new UnsupportedOperationException("the library always says DISCONNECT");
    }

    @Override
    public boolean isConnected() {
        return client.getState().isConnected();
    }

    @Override
    public Inbox inbox() {
        return inbox;
    }

    @Override
    public void close() {
        if (isConnected()) {
            client.disconnect().exceptionally(alreadyGone -> null).join();
        }
    }

    private void onPublish(Mqtt3Publish publish) {
        inbox.add(Arrival.of(
                publish.getTopic().toString(),
                publish.getPayloadAsBytes(),
                publish.getQos().getCode(),
                publish.isRetain()));
    }

    private static MqttQos qos(int level) {
        return Objects.requireNonNull(MqttQos.fromCode(level));
    }
}
