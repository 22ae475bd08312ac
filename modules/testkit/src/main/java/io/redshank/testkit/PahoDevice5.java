package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/** Eclipse Paho, MQTT 5. */
final class PahoDevice5 implements MqttDevice {
    private final DeviceOptions options;
    private final Endpoint endpoint;
    private final MqttAsyncClient client;
    private final Inbox inbox = new Inbox();

    /** An action whose outcome the library tells by a listener. */
    private interface Action {
        @CanIgnoreReturnValue
        IMqttToken start(MqttActionListener listener) throws MqttException;
    }

    PahoDevice5(Endpoint endpoint, DeviceOptions options) {
        this.options = options;
        this.endpoint = endpoint;
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
        MqttConnectionOptions connect = new MqttConnectionOptions();
        if (endpoint.scheme().isTls()) {
            connect.setSocketFactory(endpoint.sslContext().getSocketFactory());
        }
        connect.setAutomaticReconnect(false);
        connect.setCleanStart(options.clean());
        connect.setSessionExpiryInterval(options.clean() ? 0L : 3600L);
        Arrival will = options.will();
        if (will != null) {
            MqttMessage message = new MqttMessage(will.payload().getBytes(UTF_8), will.qos(), will.retain(), null);
            connect.setWill(will.topic(), message);
        }
        DeviceOptions.Login login = options.login();
        if (login != null) {
            connect.setUserName(login.username());
            connect.setPassword(login.password().getBytes(UTF_8));
        }
        return MqttDevice.within(outcome(listener -> client.connect(connect, null, listener)))
                .getSessionPresent();
    }

    @Override
    public int subscribe(String filter, int qos) {
        return MqttDevice.within(outcome(listener -> client.subscribe(filter, qos, null, listener)))
                .getReasonCodes()[0];
    }

    @Override
    public void unsubscribe(String filter) {
        MqttDevice.within(outcome(listener -> client.unsubscribe(filter, null, listener)));
    }

    @Override
    public CompletableFuture<Integer> publishing(String topic, byte[] payload, int qos, boolean retain) {
        return outcome(listener -> client.publish(topic, payload, qos, retain, null, listener))
                .thenApply(PahoDevice5::reason);
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

    /** Of a QoS 0 publish there is none, which is a success. */
    private static int reason(IMqttToken token) {
        int @Nullable [] codes = token.getReasonCodes();
        return codes == null || codes.length == 0 ? 0 : codes[0];
    }

    private static CompletableFuture<IMqttToken> outcome(Action action) {
        CompletableFuture<IMqttToken> outcome = new CompletableFuture<>();
        try {
            action.start(new MqttActionListener() {
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
        public void disconnected(@Nullable MqttDisconnectResponse response) {
            // isConnected tells
        }

        @Override
        public void mqttErrorOccurred(@Nullable MqttException failure) {
            // the outcome tells
        }

        @Override
        public void deliveryComplete(@Nullable IMqttToken token) {
            // the listener tells
        }

        @Override
        public void connectComplete(boolean reconnect, @Nullable String server) {
            // the listener tells
        }

        @Override
        public void authPacketArrived(int reason, @Nullable MqttProperties properties) {
            // there is none
        }
    }
}
