package io.redshank.events;

import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import java.util.List;

/** The wire forms of what nodes tell each other about themselves. */
final class ClusterBodies {
    static final Body<RouteWanted> WANTED = Body.of(
            (out, wanted) -> {
                out.writeText(wanted.filter().value());
                out.writeFlag(wanted.wanted());
            },
            in -> new RouteWanted(new TopicFilter(in.readText()), in.readFlag()));

    static final Body<RoutesChanged> ROUTES = Body.of(
            (out, changed) -> {
                out.writeText(changed.node().value());
                out.writeByte(changed.part().ordinal());
                writeFilters(out, changed.added());
                writeFilters(out, changed.removed());
            },
            in -> new RoutesChanged(
                    new NodeName(in.readText()),
                    RoutesChanged.Part.values()[in.readByte()],
                    readFilters(in),
                    readFilters(in)));

    static final Body<PeerGreeted> GREETED = Body.of(
            (out, greeted) -> {
                Member.BODY.write(out, greeted.member());
                out.writeFlag(greeted.anew());
            },
            in -> new PeerGreeted(Member.BODY.read(in), in.readFlag()));

    private ClusterBodies() {}

    static void write(WireWriter out, Instance instance) {
        out.writeText(instance.node().value());
        out.writeInt(instance.number());
    }

    static Instance instance(WireReader in) {
        return new Instance(new NodeName(in.readText()), in.readInt());
    }

    private static void writeFilters(WireWriter out, List<TopicFilter> filters) {
        out.writeList(filters, (to, filter) -> to.writeText(filter.value()));
    }

    private static List<TopicFilter> readFilters(WireReader in) {
        return in.readList(from -> new TopicFilter(from.readText()));
    }
}
