package io.redshank.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcomes of the awaited events of a {@link Batch}, in their order. */
record Answers(List<Outcome<?>> outcomes) {
    static final WireCodec<Answers> CODEC = new WireCodec<>(
            "redshank.v1.answers",
            Body.of(
                    (out, answers) -> out.writeList(answers.outcomes, (to, outcome) -> outcome.write(to)),
                    in -> new Answers(in.readList(Outcome::read))));

    /** Tells each of those who wait for one of these events what came of it. */
    void complete(List<Waiting<?, ?>> sent) {
        int next = 0;
        for (Waiting<?, ?> waiting : sent) {
            if (waiting.promise() != null) {
                waiting.complete(outcomes.get(next++));
            }
        }
    }

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
}
