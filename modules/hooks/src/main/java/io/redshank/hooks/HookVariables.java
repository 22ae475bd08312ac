package io.redshank.hooks;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one event gives its commands to name. A variable that this event does not have is empty.
 *
 * @param username the client's user name; empty if it gave none
 * @param ts the time of the event, in the unit that the configuration asks for
 * @param topic the topic, or the filter of a subscription
 */
public record HookVariables(
        String clientId,
        String username,
        @Nullable NodeName node,
        long ts,
        @Nullable String topic,
        @Nullable Qos qos,
        @Nullable MessageId messageId,
        Payload payload,
        boolean retain) {

    /** Of {@code client.connected}, {@code client.disconnected} and {@code session.created}. */
    public static HookVariables ofClient(ClientId client, String username, NodeName node, long ts) {
        return new HookVariables(client.value(), username, node, ts, null, null, null, Payload.EMPTY, false);
    }

    /** Of {@code session.subscribed}. */
    public static HookVariables ofSubscribed(ClientId client, TopicFilter filter, Qos qos) {
        return new HookVariables(client.value(), "", null, 0, filter.value(), qos, null, Payload.EMPTY, false);
    }

    /** Of {@code session.unsubscribed}. */
    public static HookVariables ofUnsubscribed(ClientId client, TopicFilter filter) {
        return new HookVariables(client.value(), "", null, 0, filter.value(), null, null, Payload.EMPTY, false);
    }

    /** Of {@code message.publish}. */
    public static HookVariables ofPublish(Message message, String username, long ts) {
        return new HookVariables(
                message.from().value(),
                username,
                null,
                ts,
                message.topic().value(),
                message.qos(),
                message.id(),
                message.payload(),
                message.retain());
    }

    /** Of {@code message.delivered} and {@code message.acked}; the client is the receiver. */
    public static HookVariables ofDelivery(MessageId id, TopicName topic, ClientId receiver, String username, long ts) {
        return new HookVariables(receiver.value(), username, null, ts, topic.value(), null, id, Payload.EMPTY, false);
    }

    /** The value of one variable as it goes to Redis; payloads as they are, the rest as UTF-8. */
    byte[] bytes(Variable variable) {
        return switch (variable) {
            case CLIENTID -> utf8(clientId);
            case USERNAME -> utf8(username);
            case NODE -> node == null ? new byte[0] : utf8(node.value());
            case TS -> utf8(Long.toString(ts));
            case TOPIC -> topic == null ? new byte[0] : utf8(topic);
            case QOS -> qos == null ? new byte[0] : utf8(Integer.toString(qos.level()));
            case MSGID -> messageId == null ? new byte[0] : utf8(messageId.value());
            case PAYLOAD -> payload.shared();
            case MESSAGE -> throw new IllegalArgumentException("a whole message is more than one argument");
        };
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
