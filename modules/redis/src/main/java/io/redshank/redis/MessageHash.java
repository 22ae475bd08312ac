package io.redshank.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * A message as a hash: {@code id from qos topic retain payload ts}, and {@code props} if it has properties of MQTT 5. Writes one
 * form and reads all that were ever written.
 */
public final class MessageHash {
    private static final byte[] ID = "id".getBytes(US_ASCII);
    private static final byte[] FROM = "from".getBytes(US_ASCII);
    private static final byte[] QOS = "qos".getBytes(US_ASCII);
    private static final byte[] TOPIC = "topic".getBytes(US_ASCII);
    private static final byte[] RETAIN = "retain".getBytes(US_ASCII);
    private static final byte[] PAYLOAD = "payload".getBytes(US_ASCII);
    private static final byte[] TS = "ts".getBytes(US_ASCII);
    private static final byte[] PROPS = "props".getBytes(US_ASCII);
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);

    /** The publisher of a body that does not name one; the layout's word for what is not there. */
    private static final ClientId NOBODY = new ClientId("undefined");

    private MessageHash() {}

    /** Appends the fields and their values to a command that has its key already, and returns it. The payload is not copied. */
    @CanIgnoreReturnValue
    public static Request addFields(Request hset, Message message, TimestampUnit unit) {
        Request fields = hset.arg(ID)
                .arg(message.id().value())
                .arg(FROM)
                .arg(message.from().value())
                .arg(QOS)
                .arg(message.qos().level())
                .arg(TOPIC)
                .arg(message.topic().value())
                .arg(RETAIN)
                .arg(message.retain() ? TRUE : FALSE)
                .arg(PAYLOAD)
                .arg(message.payload().shared())
                .arg(TS)
                .arg(unit.of(message.millis()));
        return message.properties().isEmpty() ? fields : fields.arg(PROPS).arg(PropsField.write(message.properties()));
    }

    /** Takes away the properties of the message that a key had before. */
    public static Request withoutProperties(String key) {
        return Request.cmd(Command.HDEL).arg(key).arg(PROPS);
    }

    /**
     * The message of an {@code HGETALL}, or null when there is none, or none that can be delivered: without payload, or without a
     * topic that MQTT allows. Of the rest, what is missing or damaged gets a default.
     *
     * @param fallback the id of a body that does not hold its own
     */
    public static @Nullable Message read(MessageId fallback, @Nullable Response hgetall) {
        if (hgetall == null || !isHash(hgetall)) {
            return null;
        }
        TopicName topic = topic(hgetall.get("topic"));
        Response payload = hgetall.get("payload");
        if (topic == null || payload == null) {
            return null;
        }
        Response props = hgetall.get("props");
        MessageProperties properties = PropsField.read(props == null ? null : props.toString());
        return new Message(
                id(hgetall.get("id"), fallback),
                from(hgetall.get("from")),
                topic,
                Qos.of((int) Math.max(0, Math.min(2, number(hgetall.get("qos"), 0)))),
                isTrue(hgetall.get("retain")),
                Payload.of(payload.toBytes()),
                millis(number(hgetall.get("ts"), 0), properties),
                properties);
    }

    /** A time in whole seconds may have been up to one later: a message that expires must not do so early. */
    private static long millis(long ts, MessageProperties properties) {
        long millis = TimestampUnit.millisOf(ts);
        return millis == ts || properties.expirySeconds() == null ? millis : millis + 999;
    }

    private static boolean isHash(Response reply) {
        return switch (reply.type()) {
            case MULTI -> reply.size() > 0 && reply.size() % 2 == 0;
            default -> false;
        };
    }

    private static @Nullable TopicName topic(@Nullable Response field) {
        try {
            return field == null ? null : new TopicName(field.toString());
        } catch (MalformedMqttException malformed) {
            return null;
        }
    }

    private static MessageId id(@Nullable Response field, MessageId fallback) {
        String id = field == null ? "" : field.toString();
        return id.isEmpty() ? fallback : new MessageId(id);
    }

    private static ClientId from(@Nullable Response field) {
        try {
            return field == null ? NOBODY : new ClientId(field.toString());
        } catch (MalformedMqttException malformed) {
            return NOBODY;
        }
    }

    private static boolean isTrue(@Nullable Response field) {
        String flag = field == null ? "" : field.toString();
        return flag.equals("true") || flag.equals("1");
    }

    private static long number(@Nullable Response field, long otherwise) {
        try {
            return field == null ? otherwise : Long.parseLong(field.toString());
        } catch (NumberFormatException notANumber) {
            return otherwise;
        }
    }
}
