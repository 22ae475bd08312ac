package io.redshank.events;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.ArrayList;
import java.util.List;

/** The events of one event-loop turn for one destination, in order: what travels as one message over the bus. */
record Batch(List<Entry<?, ?>> entries) {
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

    /** The wire form: a version, then the entries. */
    static final class Codec implements MessageCodec<Batch, Batch> {
        static final String NAME = "redshank.v1.batch";
        private static final byte VERSION = 1;

        @Override
        public void encodeToWire(Buffer buffer, Batch batch) {
            buffer.appendByte(VERSION);
            new WireWriter(buffer).writeList(batch.entries, (out, entry) -> entry.write(out));
        }

        @Override
        public Batch decodeFromWire(int position, Buffer buffer) {
            if (buffer.getByte(position) != VERSION) {
                throw new IllegalArgumentException(NAME + ": unknown wire version " + buffer.getByte(position));
            }
            WireReader in = new WireReader(buffer, position + 1);
            int count = in.readInt();
            List<Entry<?, ?>> entries = new ArrayList<>(Math.min(count, 1024));
            for (int i = 0; i < count; i++) {
                entries.add(Entry.read(in));
            }
            return new Batch(List.copyOf(entries));
        }

        /** Local delivery hands over the same instance: events are immutable. */
        @Override
        public Batch transform(Batch batch) {
            return batch;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
