package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import org.jspecify.annotations.Nullable;

/** The wire form of the values that events are made of. */
final class Values {
    private static final int NO_IDENTIFIER = 0;

    private Values() {}

    static ClientId client(WireReader in) {
        return new ClientId(in.readText());
    }

    static void write(WireWriter out, Subscription subscription) {
        out.writeText(subscription.filter().value());
        out.writeByte(subscription.qos().level());
        SubscriptionOptions options = subscription.options();
        out.writeFlag(options.noLocal());
        out.writeFlag(options.retainAsPublished());
        out.writeByte(options.retainHandling());
        Integer identifier = options.identifier();
        out.writeInt(identifier == null ? NO_IDENTIFIER : identifier);
    }

    static Subscription subscription(WireReader in) {
        return new Subscription(new TopicFilter(in.readText()), Qos.of(in.readByte()), options(in));
    }

    private static SubscriptionOptions options(WireReader in) {
        boolean noLocal = in.readFlag();
        boolean retainAsPublished = in.readFlag();
        int retainHandling = in.readByte();
        int identifier = in.readInt();
        return new SubscriptionOptions(
                noLocal, retainAsPublished, retainHandling, identifier == NO_IDENTIFIER ? null : identifier);
    }

    static @Nullable Qos qosOrNull(WireReader in) {
        int level = in.readByte();
        return level == 3 ? null : Qos.of(level);
    }

    static void writeIdOrNull(WireWriter out, @Nullable MessageId id) {
        out.writeTextOrNull(id == null ? null : id.value());
    }

    static @Nullable MessageId idOrNull(WireReader in) {
        String id = in.readTextOrNull();
        return id == null ? null : new MessageId(id);
    }

    static void write(WireWriter out, StatusValue value) {
        out.writeText(value.topic().value());
        out.writeText(value.text());
    }

    static StatusValue statusValue(WireReader in) {
        return new StatusValue(new TopicName(in.readText()), in.readText());
    }

    static void write(WireWriter out, Message message) {
        out.writeText(message.id().value());
        out.writeText(message.from().value());
        out.writeText(message.topic().value());
        out.writeByte(message.qos().level());
        out.writeFlag(message.retain());
        out.writeBytes(message.payload().shared());
        out.writeLong(message.millis());
        PropertyValues.write(out, message.properties());
    }

    static Message message(WireReader in) {
        return new Message(
                new MessageId(in.readText()),
                client(in),
                new TopicName(in.readText()),
                Qos.of(in.readByte()),
                in.readFlag(),
                Payload.of(in.readBytes()),
                in.readLong(),
                PropertyValues.read(in));
    }

    static void writeWillOrNull(WireWriter out, @Nullable LastWill will) {
        out.writeFlag(will != null);
        if (will != null) {
            write(out, will.message());
            out.writeLong(will.delaySeconds());
        }
    }

    static @Nullable LastWill willOrNull(WireReader in) {
        return in.readFlag() ? new LastWill(message(in), in.readLong()) : null;
    }
}
