package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.redshank.broker.RefusedConnectException.Refusal;
import io.redshank.events.LastWill;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Message;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicName;
import io.vertx.mqtt.MqttAuth;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttWill;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in CONNECT.
 *
 * @param username of the user that the client has proved to be; where nobody has to, the one it gives
 * @param expirySeconds how long the session is to outlive the connection, as far as this server keeps it
 * @param wantedExpirySeconds how long the client wants it to
 * @param responseInformationWanted whether it asks for what to build response topics on
 * @param will what to publish if the client goes without a word
 */
record ConnectRequest(
        ClientId client,
        @Nullable String username,
        boolean cleanStart,
        long expirySeconds,
        long wantedExpirySeconds,
        boolean responseInformationWanted,
        ClientCapabilities capabilities,
        @Nullable LastWill will) {
    private static final int MQTT_5 = 5;

    /** Reads the packet; throws if it asks for what MQTT does not allow, or for what there is not. */
    static ConnectRequest of(MqttEndpoint endpoint, Peer peer, BrokerInstance instance, ListenerOptions listener)
            throws RefusedConnectException {
        try {
            checkRedirect(listener.hints().redirect());
            return read(endpoint, nameOf(endpoint, peer, listener), instance, listener.limits());
        } catch (MalformedMqttException malformed) {
            throw new RefusedConnectException(Refusal.MALFORMED, String.valueOf(malformed.getMessage()));
        }
    }

    private static @Nullable String nameOf(MqttEndpoint endpoint, Peer peer, ListenerOptions listener) {
        if (listener.transport().namesUsers()) {
            return peer.commonName(); // whatever the packet says
        }
        MqttAuth auth = endpoint.auth();
        return auth == null ? null : auth.getUsername();
    }

    private static void checkRedirect(Redirect redirect) {
        if (redirect.when() != Redirect.When.STOPPING) {
            Refusal refusal =
                    redirect.when() == Redirect.When.PERMANENTLY ? Refusal.SERVER_MOVED : Refusal.USE_ANOTHER_SERVER;
            throw new RefusedConnectException(refusal, "clients are sent elsewhere", redirect.serverReference());
        }
    }

    private static ConnectRequest read(
            MqttEndpoint endpoint, @Nullable String username, BrokerInstance instance, ClientLimits limits) {
        ClientId client = clientOf(endpoint, limits.packets());
        MqttProperties properties = endpoint.connectProperties();
        ClientCapabilities capabilities = ClientCapabilities.of(endpoint.protocolVersion(), properties);
        PublishTopics topics = new PublishTopics(client, username, instance, limits.packets());
        long wanted = wantedExpiry(endpoint, limits.sessions());
        return new ConnectRequest(
                client,
                username,
                endpoint.isCleanSession(),
                Math.min(wanted, limits.sessions().maxExpirySeconds()),
                wanted,
                ClientCapabilities.flag(properties, MqttPropertyType.REQUEST_RESPONSE_INFORMATION, false),
                capabilities,
                willOf(endpoint.will(), client, topics, instance));
    }

    private static ClientId clientOf(MqttEndpoint endpoint, PacketLimits limits) {
        ClientId client = new ClientId(String.valueOf(endpoint.clientIdentifier()));
        int length = client.value().length();
        if (length > limits.maxClientIdLength()) {
            throw new RefusedConnectException(Refusal.CLIENT_ID, "client id of " + length + " characters");
        }
        if (SharedFilter.isReader(client)) {
            throw new RefusedConnectException(Refusal.CLIENT_ID, "client id of a shared subscription");
        }
        return client;
    }

    private static long wantedExpiry(MqttEndpoint endpoint, SessionLimits limits) {
        if (endpoint.protocolVersion() >= MQTT_5) {
            Long wanted = PropertyReader.number(endpoint.connectProperties(), MqttPropertyType.SESSION_EXPIRY_INTERVAL);
            return wanted == null ? 0 : wanted;
        }
        return endpoint.isCleanSession() ? 0 : limits.expirySeconds();
    }

    /** The protocol level: 3, 4 or 5. */
    int version() {
        return capabilities.version();
    }

    private static @Nullable LastWill willOf(
            MqttWill will, ClientId client, PublishTopics topics, BrokerInstance instance) {
        if (!will.isWillFlag()) {
            return null;
        }
        byte[] payload = will.getWillMessageBytes();
        Message message = new Message(
                instance.clock.next(),
                client,
                willTopic(will.getWillTopic(), topics),
                Qos.of(will.getWillQos()),
                will.isWillRetain(),
                Payload.of(payload == null ? new byte[0] : payload),
                System.currentTimeMillis(),
                PropertyReader.message(will.getWillProperties()));
        Long delay = PropertyReader.number(will.getWillProperties(), MqttPropertyType.WILL_DELAY_INTERVAL);
        return new LastWill(message, delay == null ? 0 : delay);
    }

    private static TopicName willTopic(String topic, PublishTopics topics) {
        try {
            return topics.of(topic);
        } catch (MalformedMqttException | RefusedPublishException unfit) {
            throw new RefusedConnectException(Refusal.TOPIC_NAME, "will " + unfit.getMessage());
        }
    }
}
