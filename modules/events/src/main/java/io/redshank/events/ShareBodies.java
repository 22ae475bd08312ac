package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import org.jspecify.annotations.Nullable;

/** The wire forms of the events of shared subscriptions. */
final class ShareBodies {
    static final Body<ShareJoined> JOINED = Body.of(
            (out, joined) -> {
                out.writeText(joined.filter().value());
                out.writeText(joined.client().value());
                out.writeLong(joined.epoch());
                ClusterBodies.write(out, joined.instance());
                out.writeByte(joined.qos().level());
                out.writeFlag(joined.persists());
                out.writeList(joined.holds(), Values::write);
                out.writeList(joined.keeps(), ShareBodies::write);
            },
            in -> new ShareJoined(
                    filter(in),
                    Values.client(in),
                    in.readLong(),
                    ClusterBodies.instance(in),
                    Qos.of(in.readByte()),
                    in.readFlag(),
                    in.readList(Values::message),
                    in.readList(ShareBodies::id)));

    static final Body<ShareLeft> LEFT = Body.of(
            (out, left) -> {
                out.writeText(left.filter().value());
                out.writeText(left.client().value());
                out.writeLong(left.epoch());
                out.writeList(left.unsettled(), Values::write);
                out.writeList(left.kept(), ShareBodies::write);
            },
            in -> new ShareLeft(
                    filter(in),
                    Values.client(in),
                    in.readLong(),
                    in.readList(Values::message),
                    in.readList(ShareBodies::id)));

    static final Body<MessageAssigned> ASSIGNED = Body.of(
            (out, assigned) -> {
                out.writeText(assigned.filter().value());
                out.writeText(assigned.client().value());
                out.writeLong(assigned.epoch());
                out.writeInt(assigned.attempt());
                ClusterBodies.write(out, assigned.owner());
                out.writeLong(assigned.era());
                Values.write(out, assigned.message());
            },
            in -> new MessageAssigned(
                    filter(in),
                    Values.client(in),
                    in.readLong(),
                    in.readInt(),
                    ClusterBodies.instance(in),
                    in.readLong(),
                    Values.message(in)));

    static final Body<MessageReturned> RETURNED = Body.of(
            (out, returned) -> {
                out.writeText(returned.filter().value());
                out.writeText(returned.client().value());
                out.writeLong(returned.epoch());
                out.writeInt(returned.attempt());
                out.writeLong(returned.era());
                Values.write(out, returned.message());
            },
            in -> new MessageReturned(
                    filter(in), Values.client(in), in.readLong(), in.readInt(), in.readLong(), Values.message(in)));

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

    static final Body<ShareOpened> OPENED = Body.of(
            (out, opened) -> {
                out.writeText(opened.filter().value());
                out.writeText(opened.owner());
                out.writeLong(opened.era());
                ClientId member = opened.member();
                out.writeTextOrNull(member == null ? null : member.value());
                write(out, opened.start());
                out.writeLong(opened.millis());
            },
            in -> new ShareOpened(filter(in), in.readText(), in.readLong(), clientOrNull(in), id(in), in.readLong()));

    static final Body<ShareFound> FOUND = Body.of(
            (out, found) -> {
                out.writeLong(found.era());
                out.writeFlag(found.fresh());
                out.writeFlag(found.fromAnother());
                out.writeText(found.start());
                out.writeLong(found.caughtUpMillis());
                out.writeList(found.given(), ShareBodies::write);
            },
            in -> new ShareFound(
                    in.readLong(),
                    in.readFlag(),
                    in.readFlag(),
                    in.readText(),
                    in.readLong(),
                    in.readList(ShareBodies::id)));

    static final Body<ShareCaughtUp> CAUGHT_UP = Body.of(
            (out, caughtUp) -> {
                out.writeText(caughtUp.filter().value());
                out.writeLong(caughtUp.era());
                out.writeLong(caughtUp.millis());
                out.writeList(caughtUp.over(), ShareBodies::write);
            },
            in -> new ShareCaughtUp(filter(in), in.readLong(), in.readLong(), in.readList(ShareBodies::id)));

    static final Body<ShareMoved> MOVED = Body.of(
            (out, moved) -> {
                out.writeText(moved.filter().value());
                out.writeText(moved.topic().value());
                write(out, moved.bookmark());
                out.writeList(moved.given(), ShareBodies::write);
            },
            in -> new ShareMoved(filter(in), new TopicName(in.readText()), id(in), in.readList(ShareBodies::id)));

    static final Body<ShareEnded> ENDED = Body.of(
            (out, ended) -> {
                out.writeText(ended.filter().value());
                out.writeList(ended.topics(), (to, topic) -> to.writeText(topic.value()));
            },
            in -> new ShareEnded(filter(in), in.readList(from -> new TopicName(from.readText()))));

    static final Body<ShareOvertaken> OVERTAKEN = Body.of(
            (out, overtaken) -> {
                out.writeText(overtaken.filter().value());
                out.writeLong(overtaken.era());
            },
            in -> new ShareOvertaken(filter(in), in.readLong()));

    private ShareBodies() {}

    private static void write(WireWriter out, MessageId id) {
        out.writeText(id.value());
    }

    private static MessageId id(WireReader in) {
        return new MessageId(in.readText());
    }

    private static @Nullable ClientId clientOrNull(WireReader in) {
        String client = in.readTextOrNull();
        return client == null ? null : new ClientId(client);
    }

    private static TopicFilter filter(WireReader in) {
        return new TopicFilter(in.readText());
    }
}
