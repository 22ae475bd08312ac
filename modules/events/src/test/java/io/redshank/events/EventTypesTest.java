package io.redshank.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.Samples.Sample;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class EventTypesTest {
    private static final List<Sample<?, ?>> SAMPLES = Samples.ALL;

    @Test
    void all_areInTheOrderOfTheirCodes() {
        assertThat(EventTypes.all())
                .extracting(EventType::code)
                .isEqualTo(IntStream.rangeClosed(1, EventTypes.all().size())
                        .boxed()
                        .toList());
    }

    @Test
    void all_haveNamesOfTheirOwn() {
        assertThat(EventTypes.all())
                .extracting(EventType::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z]+(-[a-z]+)+"));
    }

    @Test
    void all_areInTheTable() {
        assertThat(Samples.ALL).extracting(Sample::type).isEqualTo(EventTypes.all());
    }

    @Test
    void of_aCode_isTheTypeWithIt() {
        for (EventType<?, ?> type : EventTypes.all()) {
            assertThat(EventTypes.of(type.code())).isSameAs(type);
        }
    }

    @Test
    void of_anUnknownCode_isAnError() {
        int next = EventTypes.all().size() + 1;
        assertThatThrownBy(() -> EventTypes.of(0)).hasMessage("unknown event type 0");
        assertThatThrownBy(() -> EventTypes.of(next)).hasMessage("unknown event type " + next);
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    <E, R> void body_readsBackWhatItWrote(Sample<E, R> sample) {
        for (E event : sample.events()) {
            assertThat(overTheWire(sample.type().body(), event)).isEqualTo(event);
        }
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    <E, R> void answer_readsBackWhatItWrote(Sample<E, R> sample) {
        for (R answer : sample.answers()) {
            assertThat(overTheWire(sample.type().answer(), answer)).isEqualTo(answer);
        }
    }

    /** Only the store has to know whether an event may be there already: all others are the same when sent again. */
    @ParameterizedTest
    @FieldSource("SAMPLES")
    <E, R> void again_marksPublishesAndNothingElse(Sample<E, R> sample) {
        for (E event : sample.events()) {
            E again = sample.type().again().apply(event);
            if (again instanceof MessagePublished published) {
                assertThat(published)
                        .isEqualTo(new MessagePublished(
                                published.message(), published.username(), published.packetId(), true));
            } else {
                assertThat(again).isEqualTo(event);
            }
        }
    }

    /** Writes between two other bytes, so that one byte too many or too few shows. */
    private static <T> T overTheWire(Body<T> body, T value) {
        Buffer buffer = Buffer.buffer();
        WireWriter out = new WireWriter(buffer);
        out.writeByte(0xA5);
        body.write(out, value);
        out.writeByte(0x5A);
        WireReader in = new WireReader(buffer, 1);
        T read = body.read(in);
        assertThat(in.readByte()).as("the byte behind").isEqualTo(0x5A);
        return read;
    }
}
