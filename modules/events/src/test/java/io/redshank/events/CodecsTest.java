package io.redshank.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.Samples.Sample;
import io.redshank.model.NodeName;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wire form of batches and of their answers. */
class CodecsTest {
    private static final int POSITION = 5;

    @Test
    void batch_ofEventsOfEveryType_isReadBack() {
        List<Batch.Entry<?, ?>> entries = new ArrayList<>();
        Samples.ALL.forEach(sample -> entries.addAll(sample.entries()));
        Batch batch = new Batch(null, entries);
        assertThat(overTheWire(Batch.CODEC, batch)).isEqualTo(batch);
    }

    @Test
    void batch_ofNothing_isReadBack() {
        assertThat(overTheWire(Batch.CODEC, new Batch(null, List.of()))).isEqualTo(new Batch(null, List.of()));
    }

    @Test
    void batch_fromAnotherNode_isReadBackWithItsTicket() {
        Ticket ticket = new Ticket(new NodeName("b@test"), 7, -3, 1L << 40, 12);
        Batch batch = new Batch(ticket, List.of());
        assertThat(overTheWire(Batch.CODEC, batch)).isEqualTo(batch);
    }

    @Test
    void batch_ofMoreEventsThanAreReservedFor_isReadBack() {
        List<Batch.Entry<?, ?>> entries = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            entries.add(new Batch.Entry<>(EventTypes.MESSAGE_PUBLISHED, Samples.published("t", i), i % 3 == 0));
        }
        assertThat(overTheWire(Batch.CODEC, new Batch(null, entries)).entries()).isEqualTo(entries);
    }

    @Test
    void answers_ofValuesAndFailures_areReadBack() {
        List<Answers.Outcome<?>> outcomes = new ArrayList<>();
        for (Sample<?, ?> sample : Samples.ALL) {
            outcomes.add(
                    sample.failed(EventFailure.REFUSED, "no: " + sample.type().name()));
            outcomes.addAll(sample.outcomes());
            outcomes.add(sample.failed(EventFailure.UNAVAILABLE, ""));
            outcomes.add(sample.failed(EventFailure.FULL, "no room"));
        }
        Answers read = overTheWire(Answers.CODEC, new Answers(outcomes));
        assertThat(read.outcomes())
                .extracting(CodecsTest::told)
                .isEqualTo(outcomes.stream().map(CodecsTest::told).toList());
    }

    @Test
    void unknownWireVersion_isAnError() {
        assertThatThrownBy(() -> Batch.CODEC.decodeFromWire(POSITION, ofVersion(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("redshank.v1.batch: unknown wire version 2");
        assertThatThrownBy(() -> Answers.CODEC.decodeFromWire(POSITION, ofVersion(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("redshank.v1.answers: unknown wire version 0");
    }

    @Test
    void unknownEventType_isAnError() {
        Buffer batch = ofVersion(1).appendByte((byte) 0).appendInt(1).appendByte((byte) 200);
        assertThatThrownBy(() -> Batch.CODEC.decodeFromWire(POSITION, batch)).hasMessage("unknown event type 200");
    }

    @Test
    void transform_handsOverTheSameInstance() {
        Batch batch = new Batch(null, List.of());
        Answers answers = new Answers(List.of());
        assertThat(Batch.CODEC.transform(batch)).isSameAs(batch);
        assertThat(Answers.CODEC.transform(answers)).isSameAs(answers);
    }

    /** What an outcome says: exceptions have no equality of their own. */
    private static List<String> told(Answers.Outcome<?> outcome) {
        EventFailedException failure = outcome.failure();
        return failure == null
                ? List.of(outcome.type().name(), String.valueOf(outcome.value()))
                : List.of(outcome.type().name(), failure.failure().name(), String.valueOf(failure.getMessage()));
    }

    private static Buffer ofVersion(int version) {
        return Buffer.buffer(new byte[POSITION]).appendByte((byte) version);
    }

    private static <T> T overTheWire(MessageCodec<T, T> codec, T value) {
        Buffer buffer = Buffer.buffer(new byte[POSITION]);
        codec.encodeToWire(buffer, value);
        return codec.decodeFromWire(POSITION, buffer);
    }
}
