package io.redshank.events;

import io.redshank.model.NodeName;

/**
 * Where a batch from another node comes from, and its place there.
 *
 * @param node the sender's
 * @param incarnation the sender's
 * @param lane tells all lanes of all nodes apart
 * @param number counts the lane's batches
 * @param oldest the lane's oldest batch without an answer: those before it are done with
 */
record Ticket(NodeName node, long incarnation, long lane, long number, long oldest) {
    /** A lane of this sender. */
    static Ticket from(Member sender, long lane) {
        return new Ticket(sender.node(), sender.incarnation(), lane, 0, 0);
    }

    /** For a batch of the same lane. */
    Ticket of(long itsNumber, long itsOldest) {
        return new Ticket(node, incarnation, lane, itsNumber, itsOldest);
    }

    void write(WireWriter out) {
        out.writeText(node.value());
        out.writeLong(incarnation);
        out.writeLong(lane);
        out.writeLong(number);
        out.writeLong(oldest);
    }

    static Ticket read(WireReader in) {
        return new Ticket(new NodeName(in.readText()), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
