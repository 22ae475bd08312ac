package io.redshank.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters that ask for more than topics: shared (MQTT 5, section 4.8.2) and exclusive subscriptions. */
class SpecialFilterTest {
    @ParameterizedTest
    @CsvSource({
        "$share/g/a,      g,   a",
        "$share/g/#,      g,   #",
        "$share/g/+/b,    g,   +/b",
        "$share/g//a,     g,   /a",
        "$share/g//,      g,   /",
        "$share/a b/c,    a b, c",
        "$share/$g/$SYS/#, $g,  $SYS/#",
    })
    void sharedFilter_hasAGroupAndAFilter(String whole, String group, String topics) {
        TopicFilter filter = new TopicFilter(whole);
        assertThat(SharedFilter.isOne(filter)).isTrue();
        assertThat(SharedFilter.of(filter)).isEqualTo(new SharedFilter(filter, group, new TopicFilter(topics)));
    }

    @ParameterizedTest(name = "{0} [{1}]")
    @CsvSource({
        "$share//a,         4.8.2-1 a share name of at least one character",
        "$share/g,          4.8.2-2 followed by a slash",
        "$share/,           4.8.2-2 followed by a slash",
        "$share/g/,         4.8.2-2 followed by a filter",
        "$share/+/a,        4.8.2-2 no + in the share name",
        "$share/#,          4.8.2-2 no # in the share name",
        "$share/g/$share/h/a, a group of a group makes no sense",
        "$share/g/$exclusive/a, shared and exclusive at once makes no sense",
    })
    void sharedFilter_thatTheRulesForbid_isRejected(String whole, String rule) {
        TopicFilter filter = new TopicFilter(whole);
        assertThat(SharedFilter.isOne(filter)).isTrue();
        assertThatThrownBy(() -> SharedFilter.of(filter)).as(rule).isInstanceOf(MalformedMqttException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$share", "$shared/g/a", "a/$share/g", "$SHARE/g/a", "$exclusive/a"})
    void otherFilters_areNotShared(String filter) {
        assertThat(SharedFilter.isOne(new TopicFilter(filter))).isFalse();
    }

    @Test
    void wildcardBesideOtherCharactersOfAShareName_isNoFilterAtAll() { // [MQTT-4.8.2-2]
        assertThatThrownBy(() -> new TopicFilter("$share/g+/a")).isInstanceOf(MalformedMqttException.class);
        assertThatThrownBy(() -> new TopicFilter("$share/g#/a")).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void exclusiveFilter_hasAFilter() {
        TopicFilter filter = new TopicFilter("$exclusive/a/+");
        assertThat(ExclusiveFilter.isOne(filter)).isTrue();
        assertThat(ExclusiveFilter.of(filter)).isEqualTo(new ExclusiveFilter(filter, new TopicFilter("a/+")));
        assertThat(ExclusiveFilter.isOne(new TopicFilter("$exclusive"))).isFalse();
        assertThat(ExclusiveFilter.isOne(new TopicFilter("$share/g/a"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$exclusive/", "$exclusive/$exclusive/a", "$exclusive/$share/g/a"})
    void exclusiveFilter_ofNoPlainFilter_isRejected(String filter) {
        TopicFilter whole = new TopicFilter(filter);
        assertThatThrownBy(() -> ExclusiveFilter.of(whole)).isInstanceOf(MalformedMqttException.class);
    }
}
