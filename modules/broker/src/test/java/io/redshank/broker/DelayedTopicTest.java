package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DelayedTopicTest {
    @ParameterizedTest
    @CsvSource({
        "$delayed/15/a/b, 15, a/b",
        "$delayed/0/a, 0, a",
        "$delayed/0000007/a, 7, a",
        "$delayed/4294967/a, 4294967, a",
        "$delayed/1//a/, 1, /a/",
        "$delayed/1/$x/a, 1, $x/a",
        "$delayed/1/$delayed, 1, $delayed"
    })
    void of_aTopicWithADelay_readsBoth(String name, long seconds, String topic) {
        assertThat(DelayedTopic.is(new TopicName(name))).isTrue();
        assertThat(DelayedTopic.of(new TopicName(name))).isEqualTo(new DelayedTopic(seconds, new TopicName(topic)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$delayed/",
                "$delayed/5",
                "$delayed/5/",
                "$delayed//a",
                "$delayed/x/a",
                "$delayed/-1/a",
                "$delayed/1.5/a",
                "$delayed/1x/a",
                "$delayed/x1/a",
                "$delayed/ 1/a",
                "$delayed/\u0661/a",
                "$delayed/4294968/a",
                "$delayed/00000007/a",
                "$delayed/18446744073709551617/a",
                "$delayed/1/$delayed/1/a"
            })
    void of_whatIsNotWellWritten_isAnError(String name) {
        TopicName topic = new TopicName(name);
        assertThat(DelayedTopic.is(topic)).isTrue();
        assertThatThrownBy(() -> DelayedTopic.of(topic)).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void is_ofOtherTopics_isFalse() {
        for (String name : new String[] {"a", "$", "$delayed", "$delayedx/1/a", "$Delayed/1/a", "/$delayed/1/a"}) {
            assertThat(DelayedTopic.is(new TopicName(name))).as(name).isFalse();
        }
    }
}
