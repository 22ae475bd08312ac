package io.redshank.events;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcomes of the awaited events of a {@link Batch}, in their order. */
record Answers(List<Outcome<?>> outcomes) {
    /** What one event led to: a value, or a failure. */
    record Outcome<R>(
            EventType<?, R> type,
            @Nullable R value,
            @Nullable EventFailedException failure) {
        void write(WireWriter out) {
            out.writeByte(type.code());
            if (failure != null) {
                out.writeByte(failure.failure().code());
                out.writeText(String.valueOf(failure.getMessage()));
            } else if (value != null) {
                out.writeByte(0);
                type.answer().write(out, value);
            }
        }

        static Outcome<?> read(WireReader in) {
            return read(EventTypes.of(in.readByte()), in);
        }

        private static <R> Outcome<R> read(EventType<?, R> type, WireReader in) {
            int status = in.readByte();
            return status == 0
                    ? new Outcome<>(type, type.answer().read(in), null)
                    : new Outcome<>(type, null, new EventFailedException(EventFailure.of(status), in.readText()));
        }
    }

    /** The wire form: a version, then the outcomes. */
    static final class Codec implements MessageCodec<Answers, Answers> {
        static final String NAME = "redshank.v1.answers";
        private static final byte VERSION = 1;

        @Override
        public void encodeToWire(Buffer buffer, Answers answers) {
            buffer.appendByte(VERSION);
            new WireWriter(buffer).writeList(answers.outcomes, (out, outcome) -> outcome.write(out));
        }

        @Override
        public Answers decodeFromWire(int position, Buffer buffer) {
            if (buffer.getByte(position) != VERSION) {
                throw new IllegalArgumentException(NAME + ": unknown wire version " + buffer.getByte(position));
            }
            WireReader in = new WireReader(buffer, position + 1);
            int count = in.readInt();
            List<Outcome<?>> outcomes = new ArrayList<>(Math.min(count, 1024));
            for (int i = 0; i < count; i++) {
                outcomes.add(Outcome.read(in));
            }
            return new Answers(List.copyOf(outcomes));
        }

        /** Local delivery hands over the same instance: answers are immutable. */
        @Override
        public Answers transform(Answers answers) {
            return answers;
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
