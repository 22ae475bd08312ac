package io.redshank.events;

import java.util.List;

/** The events of one event-loop turn for one destination, in order: what travels as one message over the bus. */
record Batch(List<Entry<?, ?>> entries) {
    static final WireCodec<Batch> CODEC = new WireCodec<>(
            "redshank.v1.batch",
            Body.of(
                    (out, batch) -> out.writeList(batch.entries, (to, entry) -> entry.write(to)),
                    in -> new Batch(in.readList(Entry::read))));

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
