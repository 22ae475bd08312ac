package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import org.jspecify.annotations.Nullable;

/** A CONNECT that is not accepted; the message says why, for the log. */
final class RefusedConnectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the client is told: the return codes of CONNACK, which MQTT 5 has anew. */
    enum Refusal {
        MALFORMED(
                MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                MqttConnectReturnCode.CONNECTION_REFUSED_MALFORMED_PACKET),
        CLIENT_ID(
                MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID),
        PROTOCOL_ERROR(
                MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                MqttConnectReturnCode.CONNECTION_REFUSED_PROTOCOL_ERROR),
        TOPIC_NAME(
                MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                MqttConnectReturnCode.CONNECTION_REFUSED_TOPIC_NAME_INVALID),
        AUTHENTICATION_METHOD(
                MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD),
        WRONG_PASSWORD(
                MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD),
        NOT_AUTHORIZED(
                MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5),
        NO_NAME(
                MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5),
        BUSY(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_BUSY),
        QUOTA(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED),
        CONNECTION_RATE(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_CONNECTION_RATE_EXCEEDED),
        USE_ANOTHER_SERVER(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_USE_ANOTHER_SERVER),
        SERVER_MOVED(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_MOVED),
        PACKET_SIZE(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_IMPLEMENTATION_SPECIFIC),
        UNAVAILABLE(
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE,
                MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5);

        private final MqttConnectReturnCode mqtt3;
        private final MqttConnectReturnCode mqtt5;

        Refusal(MqttConnectReturnCode mqtt3, MqttConnectReturnCode mqtt5) {
            this.mqtt3 = mqtt3;
            this.mqtt5 = mqtt5;
        }

        MqttConnectReturnCode code(int version) {
            return version >= 5 ? mqtt5 : mqtt3;
        }
    }

    private final Refusal refusal;
    private final @Nullable String serverReference;

    /** A refusal without a stack trace: it is the client's error. */
    RefusedConnectException(Refusal refusal, String message) {
        this(refusal, message, null);
    }

    /** A refusal that names another server to go to. */
    RefusedConnectException(Refusal refusal, String message, @Nullable String serverReference) {
        super(message, null, false, false);
        this.refusal = refusal;
        this.serverReference = serverReference;
    }

    /** The server to go to instead, if there is one. */
    @Nullable
    String serverReference() {
        return serverReference;
    }

    Refusal refusal() {
        return refusal;
    }
}
