package io.redshank.events;

import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;

/** The wire forms of the events about connections and who has them. */
final class ClientBodies {
    static final Body<ClientConnected> CONNECTED = Body.of(
            (out, event) -> {
                out.writeText(event.client().value());
                out.writeTextOrNull(event.username());
                out.writeText(event.node().value());
                out.writeLong(event.epoch());
                out.writeLong(event.millis());
                out.writeFlag(event.cleanStart());
                out.writeLong(event.expirySeconds());
                Values.writeWillOrNull(out, event.will());
            },
            in -> new ClientConnected(
                    Values.client(in),
                    in.readTextOrNull(),
                    new NodeName(in.readText()),
                    in.readLong(),
                    in.readLong(),
                    in.readFlag(),
                    in.readLong(),
                    Values.willOrNull(in)));

    static final Body<ClientClaimed> CLAIMED = Body.of(
            (out, claim) -> {
                out.writeText(claim.client().value());
                out.writeText(claim.node().value());
                out.writeLong(claim.incarnation());
                out.writeInt(claim.instance());
            },
            in -> new ClientClaimed(Values.client(in), new NodeName(in.readText()), in.readLong(), in.readInt()));

    static final Body<ClaimPrompted> PROMPTED = Body.of(
            (out, prompted) -> out.writeText(prompted.client().value()), in -> new ClaimPrompted(Values.client(in)));

    static final Body<ClientEvicted> EVICTED = Body.of(
            (out, eviction) -> {
                out.writeText(eviction.client().value());
                out.writeLong(eviction.epoch());
            },
            in -> new ClientEvicted(Values.client(in), in.readLong()));

    static final Body<ClientReleased> RELEASED = Body.of(
            (out, release) -> {
                out.writeText(release.client().value());
                out.writeLong(release.epoch());
            },
            in -> new ClientReleased(Values.client(in), in.readLong()));

    static final Body<AcksAwaited> ACKS_AWAITED = Body.of(
            (out, awaited) -> out.writeText(awaited.client().value()), in -> new AcksAwaited(Values.client(in)));

    static final Body<SubscriptionCommanded> COMMANDED = Body.of(
            (out, command) -> {
                out.writeText(command.client().value());
                out.writeText(command.filter().value());
                Qos qos = command.qos();
                out.writeByte(qos == null ? 3 : qos.level());
            },
            in -> new SubscriptionCommanded(Values.client(in), new TopicFilter(in.readText()), Values.qosOrNull(in)));

    private ClientBodies() {}
}
