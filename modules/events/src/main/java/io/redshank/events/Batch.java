package io.redshank.events;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one event-loop turn for one destination, in order: what travels as one message over the bus.
 *
 * @param ticket its place in its lane, if it comes from another node
 */
record Batch(@Nullable Ticket ticket, List<Entry<?, ?>> entries) {
    static final WireCodec<Batch> CODEC = new WireCodec<>("redshank.v1.batch", Body.of(Batch::write, Batch::read));

    /** Of events for the same node. */
    static Batch of(List<Waiting<?, ?>> events) {
        return new Batch(null, entriesOf(events));
    }

    /** Of events for another node. */
    static Batch of(Ticket ticket, List<Waiting<?, ?>> events) {
        return new Batch(ticket, entriesOf(events));
    }

    private static List<Entry<?, ?>> entriesOf(List<Waiting<?, ?>> events) {
        List<Entry<?, ?>> entries = new ArrayList<>(events.size());
        for (Waiting<?, ?> event : events) {
            entries.add(event.entry());
        }
        return entries;
    }

    private static void write(WireWriter out, Batch batch) {
        out.writeFlag(batch.ticket != null);
        if (batch.ticket != null) {
            batch.ticket.write(out);
        }
        out.writeList(batch.entries, (to, entry) -> entry.write(to));
    }

    private static Batch read(WireReader in) {
        return new Batch(in.readFlag() ? Ticket.read(in) : null, in.readList(Entry::read));
    }

    /** One event, and whether its sender waits for the answer. */
    record Entry<E, R>(EventType<E, R> type, E event, boolean awaited) {
        void write(WireWriter out) {
            out.writeByte(type.code());
            out.writeFlag(awaited);
            type.body().write(out, event);
        }

        static Entry<?, ?> read(WireReader in) {
            return read(EventTypes.of(in.readByte()), in);
        }

        private static <E, R> Entry<E, R> read(EventType<E, R> type, WireReader in) {
            boolean awaited = in.readFlag();
            return new Entry<>(type, type.body().read(in), awaited);
        }
    }
}
