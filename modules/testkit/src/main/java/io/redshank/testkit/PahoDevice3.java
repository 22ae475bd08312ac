package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;

/** Eclipse Paho, MQTT 3.1 and 3.1.1. */
final class PahoDevice3 implements MqttDevice {
    private static final int MAX_INFLIGHT = 1000;

    private final DeviceOptions options;
    private final Endpoint endpoint;
    private final int version;
    private final MqttAsyncClient client;
    private final Inbox inbox = new Inbox();

    /** An action whose outcome the library tells by a listener. */
    private interface Action {
        @CanIgnoreReturnValue
        IMqttToken start(IMqttActionListener listener) throws MqttException;
    }

    PahoDevice3(Endpoint endpoint, DeviceOptions options, int version) {
        this.options = options;
        this.endpoint = endpoint;
        this.version = version;
        try {
            client = new MqttAsyncClient(endpoint.pahoUri(), options.clientId(), new MemoryPersistence());
        } catch (MqttException failure) {
            throw new AssertionError(failure);
        }
        client.setManualAcks(!options.acknowledges());
        client.setCallback(new Ears());
    }

    @Override
    public String clientId() {
        return options.clientId();
    }

    @Override
    public boolean connect() {
        MqttConnectOptions connect = new MqttConnectOptions();
        if (endpoint.scheme().isTls()) {
            connect.setSocketFactory(endpoint.sslContext().getSocketFactory());
        }
        connect.setMqttVersion(version);
        connect.setCleanSession(options.clean());
        connect.setMaxInflight(MAX_INFLIGHT);
        Arrival will = options.will();
        if (will != null) {
            connect.setWill(will.topic(), will.payload().getBytes(UTF_8), will.qos(), will.retain());
        }
        DeviceOptions.Login login = options.login();
        if (login != null) {
            connect.setUserName(login.username());
            connect.setPassword(login.password().toCharArray());
        }
        return MqttDevice.within(outcome(listener -> client.connect(connect, null, listener)))
                .getSessionPresent();
    }

    @Override
    public int subscribe(String filter, int qos) {
        return MqttDevice.within(outcome(listener -> client.subscribe(filter, qos, null, listener)))
                .getGrantedQos()[0];
    }

    @Override
    public void unsubscribe(String filter) {
        MqttDevice.within(outcome(listener -> client.unsubscribe(filter, null, listener)));
    }

    @Override
    public CompletableFuture<Integer> publishing(String topic, byte[] payload, int qos, boolean retain) {
        return outcome(listener -> client.publish(topic, payload, qos, retain, null, listener))
                .thenApply(token -> 0);
    }

    @Override
    public void disconnect() {
        MqttDevice.within(outcome(listener -> client.disconnect(null, listener)));
    }

    @Override
    public void vanish() {
        try {
            client.disconnectForcibly(0, 1, false);
        } catch (MqttException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public boolean isConnected() {
        return client.isConnected();
    }

    @Override
    public Inbox inbox() {
        return inbox;
    }

    @Override
    public void close() {
        try {
            if (client.isConnected()) {
                client.disconnectForcibly(0, 1, true);
            }
            client.close(true);
        } catch (MqttException alreadyGone) {
            // which is what was wanted
        }
    }

    private static CompletableFuture<IMqttToken> outcome(Action action) {
        CompletableFuture<IMqttToken> outcome = new CompletableFuture<>();
        try {
            action.start(new IMqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    outcome.complete(token);
                }

                @Override
                public void onFailure(IMqttToken token, Throwable failure) {
                    outcome.completeExceptionally(failure);
                }
            });
        } catch (MqttException failure) {
            outcome.completeExceptionally(failure);
        }
        return outcome;
    }

    /** Hears what arrives. */
    private final class Ears implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            inbox.add(Arrival.of(topic, message.getPayload(), message.getQos(), message.isRetained()));
        }

        @Override
        public void connectionLost(@Nullable Throwable cause) {
            // isConnected tells
        }

        @Override
        public void deliveryComplete(@Nullable IMqttDeliveryToken token) {
            // the listener tells
        }
    }
}
