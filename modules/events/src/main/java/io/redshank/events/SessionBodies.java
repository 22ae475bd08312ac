package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The wire forms of the events about sessions that persist, and of what they carry. */
final class SessionBodies {
    static final Body<SessionFound> FOUND = Body.of(SessionBodies::write, SessionBodies::found);

    static final Body<ClientDisconnected> DISCONNECTED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeTextOrNull(event.username());
                out.writeText(event.node().value());
                out.writeLong(event.epoch());
                out.writeLong(event.millis());
                out.writeLong(event.expirySeconds());
                Values.writeWillOrNull(out, event.will());
                SessionMemory memory = event.memory();
                out.writeFlag(memory != null);
                if (memory != null) {
                    write(out, memory);
                }
            },
            in -> new ClientDisconnected(
                    Values.client(in),
                    in.readTextOrNull(),
                    new NodeName(in.readText()),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    Values.willOrNull(in),
                    in.readFlag() ? memory(in) : null));

    static final Body<SessionSubscribed> SUBSCRIBED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeTextOrNull(event.username());
                Values.write(out, event.subscription());
                Values.writeIdOrNull(out, event.start());
                out.writeByte(event.origin().code());
                out.writeFlag(event.persists());
                out.writeLong(event.millis());
            },
            in -> new SessionSubscribed(
                    Values.client(in),
                    in.readTextOrNull(),
                    Values.subscription(in),
                    Values.idOrNull(in),
                    SubscriptionOrigin.of(in.readByte()),
                    in.readFlag(),
                    in.readLong()));

    static final Body<SessionUnsubscribed> UNSUBSCRIBED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeTextOrNull(event.username());
                out.writeText(event.filter().value());
                out.writeByte(event.origin().code());
                out.writeLong(event.millis());
            },
            in -> new SessionUnsubscribed(
                    Values.client(in),
                    in.readTextOrNull(),
                    new TopicFilter(in.readText()),
                    SubscriptionOrigin.of(in.readByte()),
                    in.readLong()));

    private SessionBodies() {}

    private static void write(WireWriter out, SessionFound found) {
        out.writeFlag(found.present());
        out.writeList(found.subscriptions(), Values::write);
        out.writeList(List.copyOf(found.starts().entrySet()), (starts, start) -> {
            starts.writeText(start.getKey().value());
            starts.writeText(start.getValue().value());
        });
        write(out, found.memory());
    }

    private static SessionFound found(WireReader in) {
        boolean present = in.readFlag();
        return new SessionFound(present, in.readList(Values::subscription), starts(in), memory(in));
    }

    private static Map<TopicFilter, MessageId> starts(WireReader in) {
        Map<TopicFilter, MessageId> starts = new LinkedHashMap<>();
        in.readList(start -> Map.entry(new TopicFilter(start.readText()), new MessageId(start.readText())))
                .forEach(start -> starts.put(start.getKey(), start.getValue()));
        return starts;
    }

    private static void write(WireWriter out, SessionMemory memory) {
        out.writeLong(memory.caughtUpMillis());
        out.writeList(memory.outbound(), SessionBodies::write);
        out.writeList(memory.inbound(), WireWriter::writeInt);
    }

    private static SessionMemory memory(WireReader in) {
        return new SessionMemory(in.readLong(), in.readList(SessionBodies::underway), in.readList(WireReader::readInt));
    }

    private static void write(WireWriter out, Underway one) {
        out.writeInt(one.packetId());
        out.writeByte(one.stage().code());
        out.writeByte(one.qos().level());
        out.writeFlag(one.retain());
        out.writeFlag(one.logged());
        out.writeText(one.topic().value());
        out.writeText(one.id().value());
        out.writeFlag(one.body() != null);
        if (one.body() != null) {
            Values.write(out, one.body());
        }
    }

    private static Underway underway(WireReader in) {
        return new Underway(
                in.readInt(),
                Underway.Stage.of(in.readByte()),
                Qos.of(in.readByte()),
                in.readFlag(),
                in.readFlag(),
                new TopicName(in.readText()),
                new MessageId(in.readText()),
                in.readFlag() ? Values.message(in) : null);
    }
}
