package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5MessageException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult.Mqtt5Qos1Result;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult.Mqtt5Qos2Result;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrec.Mqtt5PubRec;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The HiveMQ MQTT Client, MQTT 5. It vanishes by saying that its will is due. */
final class HiveMqDevice5 implements MqttDevice {
    private final DeviceOptions options;
    private final Mqtt5AsyncClient client;
    private final Inbox inbox = new Inbox();

    HiveMqDevice5(Endpoint endpoint, DeviceOptions options) {
        this.options = options;
        client = HiveMqTransport.set(Mqtt5Client.builder().identifier(options.clientId()), endpoint)
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, this::onPublish, !options.acknowledges());
    }

    @Override
    public String clientId() {
        return options.clientId();
    }

    @Override
    public boolean connect() {
        Mqtt5ConnectBuilder.Send<CompletableFuture<Mqtt5ConnAck>> connect =
                client.connectWith().cleanStart(options.clean()).sessionExpiryInterval(options.clean() ? 0 : 3600);
        Arrival will = options.will();
        if (will != null) {
            connect = connect.willPublish(Mqtt5Publish.builder()
                    .topic(will.topic())
                    .payload(will.payload().getBytes(UTF_8))
                    .qos(qos(will.qos()))
                    .retain(will.retain())
                    .build()
                    .asWill());
        }
        DeviceOptions.Login login = options.login();
        if (login != null) {
            connect = connect.simpleAuth(Mqtt5SimpleAuth.builder()
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
                .thenApply(HiveMqDevice5::code)
                .exceptionally(HiveMqDevice5::codeOfRefusal);
        return MqttDevice.within(code);
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
                .thenApply(HiveMqDevice5::reason)
                .exceptionally(HiveMqDevice5::codeOfRefusal);
    }

    @Override
    public void disconnect() {
        MqttDevice.within(client.disconnect());
    }

    @Override
    public void vanish() {
        MqttDevice.within(client.disconnectWith()
                .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
                .send());
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

    private void onPublish(Mqtt5Publish publish) {
        inbox.add(Arrival.of(
                publish.getTopic().toString(),
                publish.getPayloadAsBytes(),
                publish.getQos().getCode(),
                publish.isRetain()));
    }

    private static int code(Mqtt5SubAck suback) {
        return suback.getReasonCodes().get(0).getCode();
    }

    private static int reason(Mqtt5PublishResult result) {
        if (result.getError().isPresent()) {
            throw new CompletionException(result.getError().get());
        }
        if (result instanceof Mqtt5Qos1Result atLeastOnce) {
            return atLeastOnce.getPubAck().getReasonCode().getCode();
        }
        return result instanceof Mqtt5Qos2Result exactlyOnce
                ? exactlyOnce.getPubRec().getReasonCode().getCode()
                : 0;
    }

    /** The library makes failures of refusals. */
    private static int codeOfRefusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? Objects.requireNonNull(failure.getCause()) : failure;
        if (cause instanceof Mqtt5MessageException refused) {
            Object message = refused.getMqttMessage();
            if (message instanceof Mqtt5PubAck puback) {
                return puback.getReasonCode().getCode();
            }
            if (message instanceof Mqtt5PubRec pubrec) {
                return pubrec.getReasonCode().getCode();
            }
            if (message instanceof Mqtt5SubAck suback) {
                return code(suback);
            }
        }
        throw new CompletionException(cause);
    }

    private static MqttQos qos(int level) {
        return Objects.requireNonNull(MqttQos.fromCode(level));
    }
}
