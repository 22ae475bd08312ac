package io.redshank.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void of_sharesTheArray() {
        byte[] bytes = {1, 2, 3};
        assertThat(Payload.of(bytes).shared()).isSameAs(bytes);
        assertThat(Payload.of(bytes).length()).isEqualTo(3);
    }

    @Test
    void of_noBytes_isEmpty() {
        assertThat(Payload.of(new byte[0])).isSameAs(Payload.EMPTY);
        assertThat(Payload.EMPTY.isEmpty()).isTrue();
        assertThat(Payload.of(new byte[1]).isEmpty()).isFalse();
    }

    @Test
    void equals_byBytes() {
        assertThat(Payload.of(new byte[] {1, 2}))
                .isEqualTo(Payload.of(new byte[] {1, 2}))
                .hasSameHashCodeAs(Payload.of(new byte[] {1, 2}))
                .isNotEqualTo(Payload.of(new byte[] {1, 3}));
    }

    @Test
    void toString_tellsNothingOfTheBytes() {
        assertThat(Payload.of("secret".getBytes(StandardCharsets.UTF_8))).hasToString("6 bytes");
    }

    @Test
    void deletesRetained_whenRetainedAndEmpty() { // [MQTT-3.3.1-6]
        assertThat(message(true, Payload.EMPTY).deletesRetained()).isTrue();
        assertThat(message(false, Payload.EMPTY).deletesRetained()).isFalse();
        assertThat(message(true, Payload.of(new byte[1])).deletesRetained()).isFalse();
    }

    @Test
    void withId_changesTheIdOnly() {
        Message message = message(true, Payload.of(new byte[1]));
        Message renamed = message.withId(new MessageId("2"));
        assertThat(renamed.id()).isEqualTo(new MessageId("2"));
        assertThat(renamed.withId(message.id())).isEqualTo(message);
    }

    private static Message message(boolean retain, Payload payload) {
        return new Message(
                new MessageId("1"), new ClientId("c"), new TopicName("t"), Qos.AT_LEAST_ONCE, retain, payload, 0);
    }
}
