package io.redshank.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of MQTT 5, section 4.7, row by row; the last column names the rule. */
class TopicFilterTest {
    @ParameterizedTest(name = "{0} [{1}]")
    @CsvSource({
        "a,             4.7.3-1 at least one character",
        "/,             4.7.1.1 two empty levels",
        "/finance,      4.7.1.1 a leading slash makes an empty level",
        "a//b,          4.7.1.1 levels may be empty",
        "a/,            4.7.1.1 a trailing slash makes an empty level",
        "#,             4.7.1-1 on its own",
        "sport/#,       4.7.1-1 after a separator",
        "/#,            4.7.1-1 after an empty level",
        "+,             4.7.1-2 a whole level",
        "+/tennis/#,    4.7.1-2 together with #",
        "sport/+/p1,    4.7.1-2 in the middle",
        "/+,            4.7.1-2 the last level",
        "+/+,           4.7.1-2 more than once",
        "$SYS/#,        4.7.2-1 asks for $ topics by name",
        "a b/c d,       4.7.3 spaces may be used",
        "Ä/€/😀,        1.5.4 any character of Unicode",
    })
    void filter_thatTheRulesAllow_isKept(String filter, String rule) {
        assertThat(new TopicFilter(filter).value()).as(rule).isEqualTo(filter);
    }

    @ParameterizedTest(name = "{0} [{1}]")
    @CsvSource({
        "'',                4.7.3-1 at least one character",
        "sport/tennis#,     4.7.1-1 # alone in its level",
        "#tennis,           4.7.1-1 # alone in its level",
        "##,                4.7.1-1 # alone in its level",
        "sport/#/ranking,   4.7.1-1 # is last",
        "#/,                4.7.1-1 # is last",
        "sport+,            4.7.1-2 + alone in its level",
        "+sport/a,          4.7.1-2 + alone in its level",
        "a/b+/c,            4.7.1-2 + alone in its level",
        "a/++,              4.7.1-2 + alone in its level",
        "+#,                4.7.1-1 neither alone in its level",
    })
    void filter_thatTheRulesForbid_cannotExist(String filter, String rule) {
        assertThatThrownBy(() -> new TopicFilter(filter)).as(rule).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void filter_withNul_cannotExist() { // [MQTT-4.7.3-2]
        assertThatThrownBy(() -> new TopicFilter("a/\0")).isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void filter_longerThanTwoLengthBytesCanSay_cannotExist() { // [MQTT-4.7.3-3]
        assertThat(new TopicFilter("€".repeat(21_845)).value()).hasSize(21_845);
        assertThatThrownBy(() -> new TopicFilter("€".repeat(21_845) + "a")).isInstanceOf(MalformedMqttException.class);
    }

    @ParameterizedTest(name = "{0} takes in {1} [{2}]")
    @CsvSource({
        "a/b,               a/b,                            4.7.3 equal character by character",
        "sport/tennis/p1/#, sport/tennis/p1,                4.7.1.2 # takes in the parent level",
        "sport/tennis/p1/#, sport/tennis/p1/ranking,        4.7.1.2 # takes in children",
        "sport/tennis/p1/#, sport/tennis/p1/score/wimbledon, 4.7.1.2 # takes in any depth",
        "sport/#,           sport,                          4.7.1.2 # takes in the parent level",
        "sport/#,           sport/,                         4.7.1.2 an empty child",
        "#,                 a,                              4.7.1.2 every topic",
        "#,                 /a//b,                          4.7.1.2 every topic",
        "/#,                /,                              4.7.1.2 an empty child of an empty level",
        "+/#,               a,                              4.7.1.2 + and then its own parent level",
        "sport/tennis/+,    sport/tennis/p1,                4.7.1.3 + is one level",
        "sport/+,           sport/,                         4.7.1.3 + takes in an empty level",
        "+/+,               /finance,                       4.7.1.3 a leading slash makes an empty level",
        "/+,                /finance,                       4.7.1.3 a leading slash makes an empty level",
        "+/+,               /,                              4.7.1.3 two empty levels",
        "a/+/c,             a//c,                           4.7.1.3 + takes in an empty level",
        "a/+/#,             a/b,                            4.7.1.2 and 4.7.1.3 together",
        "$SYS/#,            $SYS,                           4.7.2 named with its $",
        "$SYS/monitor/+,    $SYS/monitor/Clients,           4.7.2 named with its $",
        "a/#,               a/$b,                           4.7.2-1 only the first character counts",
        "+/$b,              a/$b,                           4.7.2-1 only the first character counts",
    })
    void matches_topicThatIsAskedFor(String filter, String topic, String rule) {
        assertThat(new TopicFilter(filter).matches(new TopicName(topic)))
                .as(rule)
                .isTrue();
    }

    @ParameterizedTest(name = "{0} leaves out {1} [{2}]")
    @CsvSource({
        "a/b,               A/b,                            4.7.3 case matters",
        "a,                 ab,                             4.7.3 whole levels",
        "ab,                a,                              4.7.3 whole levels",
        "a/b,               a/b/c,                          4.7.3 no children without #",
        "a/b/c,             a/b,                            4.7.3 all levels must be there",
        "/a,                a,                              4.7.3 a leading slash is another topic",
        "a,                 a/,                             4.7.3 a trailing slash is another topic",
        "sport/#,           sports,                         4.7.1.2 the parent level as a whole",
        "sport/tennis/#,    sport,                          4.7.1.2 the parent but not its parent",
        "/#,                a,                              4.7.1.2 the first level is empty",
        "sport/tennis/+,    sport/tennis/p1/ranking,        4.7.1.3 one level only",
        "sport/+,           sport,                          4.7.1.3 one level must be there",
        "+,                 /finance,                       4.7.1.3 two levels",
        "+/+,               a,                              4.7.1.3 one level",
        "a/+/#,             a,                              4.7.1.3 + is no parent of a",
        "#,                 $SYS/monitor,                   4.7.2-1 no $ topics by a leading wildcard",
        "+/monitor/Clients, $SYS/monitor/Clients,           4.7.2-1 no $ topics by a leading wildcard",
        "+,                 $SYS,                           4.7.2-1 no $ topics by a leading wildcard",
        "+/#,               $SYS/a,                         4.7.2-1 no $ topics by a leading wildcard",
    })
    void matches_notTopicThatIsNotAskedFor(String filter, String topic, String rule) {
        assertThat(new TopicFilter(filter).matches(new TopicName(topic)))
                .as(rule)
                .isFalse();
    }

    @ParameterizedTest(name = "{0} covers {1} [{2}]")
    @CsvSource({
        "a/b,       a/b,        the same topic",
        "a/+/#,     a/+/#,      the same filter",
        "#,         a/+/c,      4.7.1.2 everything",
        "#,         +,          4.7.1.2 everything",
        "#,         #,          4.7.1.2 everything",
        "a/#,       a,          4.7.1.2 the parent level",
        "a/#,       a/#,        the same filter",
        "a/#,       a/b/#,      4.7.1.2 any depth",
        "a/#,       a/+,        4.7.1.2 children",
        "a/#,       a/+/#,      4.7.1.2 children",
        "+,         a,          4.7.1.3 any level",
        "+/b,       +/b,        the same filter",
        "+/+,       a/+,        4.7.1.3 any level",
        "+/#,       +,          4.7.1.2 the parent level",
        "+/#,       a/#,        4.7.1.2 and 4.7.1.3 together",
        "+/#,       #,          4.7.3-1 every topic has a first level",
        "+/+/#,     /#,         4.7.3-1 the parent of /# is no topic",
        "/#,        /#,         the same filter",
        "$SYS/#,    $SYS/+/a,   4.7.2 named with its $",
    })
    void covers_filterWhoseTopicsAreAllMatched(String filter, String other, String rule) {
        assertThat(new TopicFilter(filter).covers(new TopicFilter(other)))
                .as(rule)
                .isTrue();
    }

    @ParameterizedTest(name = "{0} does not cover {1} [{2}]")
    @CsvSource({
        "a/b,       a/+,        4.7.1.3 + is more than b",
        "a/+,       a/#,        4.7.1.2 # is deeper",
        "a/+,       a,          4.7.1.3 the level is missing",
        "a/+/#,     a/#,        4.7.1.2 a itself",
        "a/b/#,     a/#,        4.7.1.2 a/c",
        "a/b/#,     a/+/#,      4.7.1.3 a/c",
        "+,         #,          4.7.1.2 # is deeper",
        "+/+,       #,          4.7.1.2 # is deeper",
        "/+,        /#,         4.7.1.2 # is deeper",
        "+/+/#,     a/#,        4.7.1.2 a itself",
        "+/+/#,     #,          4.7.1.2 a single level",
        "/#,        #,          4.7.1.2 a first level that is not empty",
        "/+,        +/+,        4.7.1.3 a first level that is not empty",
        "a,         ab,         4.7.3 whole levels",
        "#,         $SYS/#,     4.7.2-1 no $ topics by a leading wildcard",
        "+/#,       $SYS/a,     4.7.2-1 no $ topics by a leading wildcard",
        "$SYS/#,    #,          4.7.2-1 and no others by a $ filter",
    })
    void covers_notFilterWithATopicThatIsNotMatched(String filter, String other, String rule) {
        assertThat(new TopicFilter(filter).covers(new TopicFilter(other)))
                .as(rule)
                .isFalse();
    }

    @Test
    void hasWildcard_whereOneOccurs() {
        assertThat(new TopicFilter("a/+/b").hasWildcard()).isTrue();
        assertThat(new TopicFilter("a/#").hasWildcard()).isTrue();
        assertThat(new TopicFilter("a/b").hasWildcard()).isFalse();
    }

    @Test
    void asTopic_ofAFilterWithoutWildcards() {
        assertThat(new TopicFilter("a/b").asTopic()).isEqualTo(new TopicName("a/b"));
    }

    @Test
    void asTopic_ofAFilterWithWildcards_isRefused() {
        assertThatThrownBy(() -> new TopicFilter("a/+").asTopic()).isInstanceOf(MalformedMqttException.class);
    }
}
