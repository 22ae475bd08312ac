package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
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
                Values.writeIdOrNull(out, event.heldWill());
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
                    Values.idOrNull(in),
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

    static final Body<UnderwayNoted> NOTED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                write(out, event.underway());
                ShareClaim claim = event.claim();
                out.writeFlag(claim != null);
                if (claim != null) {
                    ShareClaim.BODY.write(out, claim);
                }
            },
            in -> new UnderwayNoted(Values.client(in), underway(in), in.readFlag() ? ShareClaim.BODY.read(in) : null));

    static final Body<UnderwaySettled> SETTLED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeLong(event.number());
            },
            in -> new UnderwaySettled(Values.client(in), in.readLong()));

    static final Body<PacketIdReleased> RELEASED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeInt(event.packetId());
            },
            in -> new PacketIdReleased(Values.client(in), in.readInt()));

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
        out.writeList(memory.inbound(), SessionBodies::write);
    }

    private static SessionMemory memory(WireReader in) {
        return new SessionMemory(
                in.readLong(), in.readList(SessionBodies::underway), in.readList(SessionBodies::received));
    }

    private static void write(WireWriter out, Received one) {
        out.writeInt(one.packetId());
        Values.writeIdOrNull(out, one.id());
        out.writeFlag(one.stored());
    }

    private static Received received(WireReader in) {
        return new Received(in.readInt(), Values.idOrNull(in), in.readFlag());
    }

    private static void write(WireWriter out, Underway one) {
        out.writeLong(one.number());
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
                in.readLong(),
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
