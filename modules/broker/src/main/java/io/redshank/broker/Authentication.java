package io.redshank.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.redshank.auth.Mechanism;
import io.redshank.auth.Step;
import io.redshank.broker.RefusedConnectException.Refusal;
import io.redshank.model.Payload;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Who the client of one connection is: found out before its CONNECT is let through, by its password or by a mechanism, and again
 * by that mechanism when the client wants it. Confined to the connection's event loop.
 */
final class Authentication {
    private final Logins logins;
    private final boolean anonymousAllowed;
    private final boolean namedByCertificate;
    private @Nullable Mechanism mechanism;
    private @Nullable AuthConversation underway;
    private @Nullable Reauthentication reauthentication;
    private Payload lastData = Payload.EMPTY;

    Authentication(Logins logins, ListenerOptions listener) {
        this.logins = logins;
        this.anonymousAllowed = listener.anonymousAllowed();
        this.namedByCertificate = listener.transport().namesUsers();
    }

    /** Whether the client named a mechanism. */
    boolean isEnhanced() {
        return mechanism != null;
    }

    /**
     * The CONNECT in the name of the user that the client is, without the password; fails with {@link RefusedConnectException} or
     * {@link BadPacketException}. The channel is where packets are written.
     */
    Future<MqttConnectMessage> onConnect(ChannelHandlerContext channel, MqttConnectMessage connect) {
        String method = AuthPacket.methodIn(connect.variableHeader().properties());
        if (method != null) {
            return byMechanism(channel, connect, method);
        }
        if (AuthPacket.hasData(connect.variableHeader().properties())) { // MQTT 5, 3.1.2.11.10
            return Future.failedFuture(BadPacketException.protocolError("authentication data without a method"));
        }
        if (!logins.areChecked() || namedByCertificate) {
            return Future.succeededFuture(connect);
        }
        if (connect.variableHeader().hasUserName()) {
            return byPassword(connect);
        }
        return anonymousAllowed
                ? Future.succeededFuture(ConnectPackets.inTheNameOf(null, connect))
                : Future.failedFuture(new RefusedConnectException(Refusal.NOT_AUTHORIZED, "no user name"));
    }

    private Future<MqttConnectMessage> byPassword(MqttConnectMessage connect) {
        byte[] password = connect.payload().passwordInBytes();
        return logins.check(
                        connect.payload().userName(), password == null ? Payload.EMPTY : Payload.of(password.clone()))
                .map(user -> ConnectPackets.inTheNameOf(user, connect));
    }

    private Future<MqttConnectMessage> byMechanism(
            ChannelHandlerContext channel, MqttConnectMessage connect, String method) {
        MqttProperties properties = connect.variableHeader().properties();
        Mechanism named;
        try {
            named = logins.mechanism(method);
        } catch (RefusedConnectException refused) {
            return Future.failedFuture(refused);
        }
        mechanism = named;
        Long maximum = PropertyReader.number(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE);
        long most = maximum == null ? Long.MAX_VALUE : maximum;
        AuthConversation begun = AuthConversation.begin(named, AuthPacket.dataIn(properties), channel, most);
        underway = begun;
        return begun.outcome()
                .recover(Logins::refuse)
                .onSuccess(step -> onProved(step, new Reauthentication(named, userOf(step), channel, most)))
                .map(step -> ConnectPackets.inTheNameOf(userOf(step), connect));
    }

    private static String userOf(Step lastStep) {
        return String.valueOf(lastStep.user());
    }

    private void onProved(Step step, Reauthentication next) {
        lastData = step.data();
        reauthentication = next;
    }

    /** An AUTH of a client that named a mechanism, before or after it is let in. */
    void onAuth(MqttMessage packet, boolean letIn) throws BadPacketException {
        AuthPacket auth = AuthPacket.of(packet);
        if (letIn && reauthentication != null) {
            reauthentication.onAuth(auth);
        } else if (underway != null) {
            underway.onAuth(auth);
        }
    }

    /** Adds to a CONNACK that lets in: the method, if the client named one [MQTT-4.12.0-5] [MQTT-4.12.0-6], and the last data. */
    void describe(MqttProperties connack) {
        if (mechanism != null) {
            AuthPacket.put(connack, mechanism.name(), lastData);
        }
    }
}
