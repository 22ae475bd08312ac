package io.redshank.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What client ids, topic names, node names and message ids may hold. */
class ValuesTest {
    private static final String HASHES_TO_MIN_VALUE = "polygenelubricants";

    @ParameterizedTest(name = "{0} [{1}]")
    @CsvSource({
        "a,         4.7.3-1 at least one character",
        "/,         4.7.3 two empty levels",
        "/a//b/,    4.7.3 empty levels",
        "$SYS/a,    4.7.2 the server's own",
        "a b,       4.7.3 spaces may be used",
        "Ä/😀,      1.5.4 any character of Unicode",
    })
    void topicName_thatTheRulesAllow_isKept(String topic, String rule) {
        assertThat(new TopicName(topic).value()).as(rule).isEqualTo(topic);
    }

    @ParameterizedTest(name = "{0} [{1}]")
    @CsvSource({
        "'',        4.7.3-1 at least one character",
        "a/+,       3.3.2-2 no wildcards",
        "a/#,       3.3.2-2 no wildcards",
        "a+b,       3.3.2-2 no wildcards",
        "a#,        3.3.2-2 no wildcards",
    })
    void topicName_thatTheRulesForbid_cannotExist(String topic, String rule) {
        assertThatThrownBy(() -> new TopicName(topic)).as(rule).isInstanceOf(MalformedMqttException.class);
    }

    /** [MQTT-1.5.4-1] (surrogates) and [MQTT-1.5.4-2] (NUL). */
    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\uD83D", "a\uD83Db", "\uDE00\uD83D", "\uDE00"})
    void text_thatMqttStringsMayNotHold_isNowhere(String text) {
        assertThatThrownBy(() -> new TopicName(text)).isInstanceOf(MalformedMqttException.class);
        assertThatThrownBy(() -> new TopicFilter(text)).isInstanceOf(MalformedMqttException.class);
        assertThatThrownBy(() -> new ClientId(text)).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void clientId_mayHoldAnyCharacters() { // MQTT 5, 3.1.3.1: the server may allow more than the 23 of [MQTT-3.1.3-5]
        assertThat(new ClientId("a/+ #:😀".repeat(100)).value()).hasSize(800);
    }

    @Test
    void clientId_empty_cannotExist() { // [MQTT-3.1.3-6]: a server assigns one instead
        assertThatThrownBy(() -> new ClientId("")).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void shard_isWithinRange_forAnyHash() {
        assertThat(HASHES_TO_MIN_VALUE.hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(new ClientId(HASHES_TO_MIN_VALUE).shard(7)).isBetween(0, 6);
        assertThat(new TopicName(HASHES_TO_MIN_VALUE).shard(7)).isBetween(0, 6);
    }

    /** Other nodes and later releases must come to the same number, so it is written down here. */
    @Test
    void shard_isStable() {
        assertThat(new ClientId("client-1").shard(16)).isEqualTo(15);
        assertThat(new TopicName("client-1").shard(16)).isEqualTo(15);
    }

    @Test
    void nodeName_thatAddressesAndKeysCanCarry_isKept() {
        assertThat(new NodeName("redshank@127.0.0.1").value()).isEqualTo("redshank@127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\t", "a\n", "\0", "a\u007f"})
    void nodeName_emptyOrWithWhiteSpace_cannotExist(String name) {
        assertThatThrownBy(() -> new NodeName(name)).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void messageId_mayBeOfAnotherBroker_butNotEmpty() {
        assertThat(new MessageId("000576F3-weird:id").value()).isEqualTo("000576F3-weird:id");
        assertThatThrownBy(() -> new MessageId("")).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void isAfter_isTheOrderOfBytes() {
        assertThat(new MessageId("a").isAfter(new MessageId("Z"))).isTrue();
        assertThat(new MessageId("Z").isAfter(new MessageId("a"))).isFalse();
        assertThat(new MessageId("a").isAfter(new MessageId("a"))).isFalse();
    }

    @Test
    void malformedValue_isShownShortened() {
        assertThatThrownBy(() -> new TopicName("#".repeat(1000)))
                .hasMessageContaining("topic name holds a wildcard: '###")
                .message()
                .hasSizeLessThan(150);
    }
}
