package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;

/** The wire forms of the events of shared subscriptions. */
final class ShareBodies {
    static final Body<ShareJoined> JOINED = Body.of(
            (out, joined) -> {
                out.writeText(joined.filter().value());
                out.writeText(joined.client().value());
                out.writeLong(joined.epoch());
                ClusterBodies.write(out, joined.instance());
                out.writeByte(joined.qos().level());
                out.writeList(joined.holds(), Values::write);
            },
            in -> new ShareJoined(
                    filter(in),
                    Values.client(in),
                    in.readLong(),
                    ClusterBodies.instance(in),
                    Qos.of(in.readByte()),
                    in.readList(Values::message)));

    static final Body<ShareLeft> LEFT = Body.of(
            (out, left) -> {
                out.writeText(left.filter().value());
                out.writeText(left.client().value());
                out.writeLong(left.epoch());
                out.writeList(left.unsettled(), Values::write);
            },
            in -> new ShareLeft(filter(in), Values.client(in), in.readLong(), in.readList(Values::message)));

    static final Body<MessageAssigned> ASSIGNED = Body.of(
            (out, assigned) -> {
                out.writeText(assigned.filter().value());
                out.writeText(assigned.client().value());
                out.writeLong(assigned.epoch());
                out.writeInt(assigned.attempt());
                Values.write(out, assigned.message());
            },
            in -> new MessageAssigned(filter(in), Values.client(in), in.readLong(), in.readInt(), Values.message(in)));

    static final Body<MessageReturned> RETURNED = Body.of(
            (out, returned) -> {
                out.writeText(returned.filter().value());
                out.writeText(returned.client().value());
                out.writeLong(returned.epoch());
                out.writeInt(returned.attempt());
                Values.write(out, returned.message());
            },
            in -> new MessageReturned(filter(in), Values.client(in), in.readLong(), in.readInt(), Values.message(in)));

    static final Body<MessageSettled> SETTLED = Body.of(
            (out, settled) -> {
                out.writeText(settled.filter().value());
                out.writeText(settled.client().value());
                out.writeLong(settled.epoch());
                out.writeText(settled.message().value());
                out.writeFlag(settled.acknowledged());
            },
            in -> new MessageSettled(
                    filter(in), Values.client(in), in.readLong(), new MessageId(in.readText()), in.readFlag()));

    private ShareBodies() {}

    private static TopicFilter filter(WireReader in) {
        return new TopicFilter(in.readText());
    }
}
