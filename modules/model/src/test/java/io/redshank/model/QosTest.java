package io.redshank.model;

import static io.redshank.model.Qos.AT_LEAST_ONCE;
import static io.redshank.model.Qos.AT_MOST_ONCE;
import static io.redshank.model.Qos.EXACTLY_ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QosTest {
    @ParameterizedTest
    @EnumSource
    void of_readsBackTheLevel(Qos qos) {
        assertThat(Qos.of(qos.level())).isSameAs(qos);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, 128})
    void of_anotherNumber_isMalformed(int level) { // [MQTT-3.3.1-4]
        assertThatThrownBy(() -> Qos.of(level)).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void atMost_isTheLower() { // [MQTT-3.8.4-8]
        assertThat(EXACTLY_ONCE.atMost(AT_LEAST_ONCE)).isSameAs(AT_LEAST_ONCE);
        assertThat(AT_MOST_ONCE.atMost(EXACTLY_ONCE)).isSameAs(AT_MOST_ONCE);
    }

    @Test
    void atLeast_isTheHigher() { // [MQTT-3.3.4-2]
        assertThat(EXACTLY_ONCE.atLeast(AT_LEAST_ONCE)).isSameAs(EXACTLY_ONCE);
        assertThat(AT_MOST_ONCE.atLeast(AT_LEAST_ONCE)).isSameAs(AT_LEAST_ONCE);
    }

    @Test
    void isAcknowledged_aboveZero() {
        assertThat(AT_LEAST_ONCE.isAcknowledged()).isTrue();
        assertThat(EXACTLY_ONCE.isAcknowledged()).isTrue();
        assertThat(AT_MOST_ONCE.isAcknowledged()).isFalse();
    }
}
