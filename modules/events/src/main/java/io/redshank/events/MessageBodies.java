package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;

/** The wire forms of the events in the life of one message. */
final class MessageBodies {
    static final Body<MessagePublished> PUBLISHED = Body.of(
            (out, event) -> {
                Values.write(out, event.message());
                out.writeTextOrNull(event.username());
                out.writeInt(event.packetId());
                out.writeFlag(event.resent());
            },
            in -> new MessagePublished(Values.message(in), in.readTextOrNull(), in.readInt(), in.readFlag()));

    static final Body<MessageId> KEPT =
            Body.of((out, id) -> out.writeText(id.value()), in -> new MessageId(in.readText()));

    static final Body<MessageDelivered> DELIVERED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeTextOrNull(event.username());
                out.writeText(event.topic().value());
                out.writeText(event.message().value());
                out.writeLong(event.millis());
            },
            in -> new MessageDelivered(
                    Values.client(in),
                    in.readTextOrNull(),
                    new TopicName(in.readText()),
                    new MessageId(in.readText()),
                    in.readLong()));

    static final Body<MessageAcked> ACKED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeTextOrNull(event.username());
                out.writeText(event.topic().value());
                out.writeText(event.message().value());
                Values.writeIdOrNull(out, event.bookmark());
                out.writeFlag(event.persists());
                out.writeLong(event.millis());
                out.writeFlag(event.again());
            },
            in -> new MessageAcked(
                    Values.client(in),
                    in.readTextOrNull(),
                    new TopicName(in.readText()),
                    new MessageId(in.readText()),
                    Values.idOrNull(in),
                    in.readFlag(),
                    in.readLong(),
                    in.readFlag()));

    static final Body<MessageAccepted> ACCEPTED = Body.of(
            (out, event) -> {
                Values.write(out, event.message());
                Values.writeIdOrNull(out, event.previous());
                out.writeFlag(event.stored());
                out.writeFlag(event.again());
            },
            in -> new MessageAccepted(Values.message(in), Values.idOrNull(in), in.readFlag(), in.readFlag()));

    static final Body<MessageDelayed> DELAYED = Body.of(
            (out, event) -> {
                Values.write(out, event.message());
                out.writeTextOrNull(event.username());
                out.writeLong(event.dueMillis());
            },
            in -> new MessageDelayed(Values.message(in), in.readTextOrNull(), in.readLong()));

    static final Body<MessageDue> DUE = Body.of(
            (out, event) -> {
                Values.write(out, event.message());
                out.writeTextOrNull(event.username());
            },
            in -> new MessageDue(Values.message(in), in.readTextOrNull()));

    private MessageBodies() {}
}
