package io.redshank.broker.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.broker.topics.RewriteRule.Action;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rewrite rules make of topics. */
class RewritingTest {
    private static final ClientId CLIENT = new ClientId("c");
    /** The example of EMQX's manual. */
    private final Rewriting manual = new Rewriting(List.of(
            rule(Action.ALL, "y/+/z/#", "^y/(.+)/z/(.+)$", "y/z/$2"),
            rule(Action.ALL, "x/#", "^x/y/(.+)$", "z/y/x/$1"),
            rule(Action.ALL, "x/y/+", "^x/y/(\\d+)$", "z/y/$1")));

    private static RewriteRule rule(Action action, String source, String match, String to) {
        TopicPattern pattern = TopicPattern.of(match);
        return new RewriteRule(action, new TopicFilter(source), pattern, TopicTemplate.of(to, pattern.groups()));
    }

    private static Rewriting one(Action action, String source, String match, String to) {
        return new Rewriting(List.of(rule(action, source, match, to)));
    }

    private static String published(Rewriting rewriting, String topic, @Nullable String username) {
        return rewriting.topic(new TopicName(topic), CLIENT, username).value();
    }

    private static String subscribed(Rewriting rewriting, String filter) {
        return rewriting.filter(new TopicFilter(filter), CLIENT, null).value();
    }

    @ParameterizedTest
    @CsvSource({
        "y/a/z/b,  y/z/b", // the one rule that takes it
        "y/def,    y/def", // no rule takes it
        "x/1/2,    x/1/2", // the second takes it, and its expression is not found
        "x/y/2,    z/y/2", // the second and the third take it: the last decides
        "x/y/z,    x/y/z" // the last decides, also when its expression is not found
    })
    void exampleOfTheManual_comesOutAsThere(String topic, String rewritten) {
        assertThat(published(manual, topic, null)).isEqualTo(rewritten);
        assertThat(published(manual, topic, null)).as("once more").isEqualTo(rewritten);
        assertThat(subscribed(manual, topic)).isEqualTo(rewritten);
    }

    @Test
    void action_saysForWhatARuleIs() {
        Rewriting publish = one(Action.PUBLISH, "a", ".*", "b");
        assertThat(published(publish, "a", null)).isEqualTo("b");
        assertThat(subscribed(publish, "a")).isEqualTo("a");
        Rewriting subscribe = one(Action.SUBSCRIBE, "a", ".*", "b/#");
        assertThat(published(subscribe, "a", null)).isEqualTo("a");
        assertThat(subscribed(subscribe, "a")).isEqualTo("b/#");
    }

    @ParameterizedTest
    @CsvSource({
        "a/+/c, n/+/c",
        "a/#, n/#",
        "#, #",
        "+/b, +/b",
        "a, a",
        "$share/g/a/b, $share/g/n/b",
        "$share/g/#, $share/g/#",
        "$share/a/b, $share/a/b",
        "$exclusive/a/b, $exclusive/n/b"
    })
    void filters_areTakenWholeAndBehindTheirGroup(String filter, String rewritten) {
        assertThat(subscribed(one(Action.ALL, "a/#", "^a/(.*)$", "n/$1"), filter))
                .isEqualTo(rewritten);
    }

    @Test
    void sourceWithALeadingWildcard_takesNoDollarTopics() { // [MQTT-4.7.2-1]
        Rewriting all = one(Action.ALL, "#", "(.*)", "n/$1");
        assertThat(published(all, "$x/a", null)).isEqualTo("$x/a");
        assertThat(published(all, "x/a", null)).isEqualTo("n/x/a");
    }

    @Test
    void clientAndUser_arePutIn() {
        Rewriting named = one(Action.ALL, "a/#", "^a/(.*)$", "${clientid}/${username}/$1/$x$");
        assertThat(published(named, "a/1", "u")).isEqualTo("c/u/1/$x$");
        assertThat(named.topic(new TopicName("a/1"), new ClientId("d"), "u").value())
                .isEqualTo("d/u/1/$x$");
    }

    @Test
    void ruleThatNamesTheUser_leavesClientsWithoutOneToTheOthers() {
        Rewriting two = new Rewriting(
                List.of(rule(Action.ALL, "a", "a", "nobody"), rule(Action.ALL, "a", "a", "of/${username}")));
        assertThat(published(two, "a", "u")).isEqualTo("of/u");
        assertThat(published(two, "a", null)).isEqualTo("nobody");
        assertThat(published(two, "a", "")).isEqualTo("nobody");
    }

    @Test
    void whatIsPutIn_isNotReadAsATemplate() {
        Rewriting twice = one(Action.ALL, "a/#", "^a/(.*)/(.*)$", "$2/$1");
        assertThat(published(twice, "a/$2/${clientid}", null)).isEqualTo("${clientid}/$2");
    }

    @Test
    void groupWithoutAMatch_isEmpty() {
        assertThat(published(one(Action.ALL, "#", "^(a)?b$", "x$1y"), "b", null))
                .isEqualTo("xy");
    }

    @ParameterizedTest
    @CsvSource({"+", "#", "a/#"})
    void wildcardInAName_makesNoTopic(String name) {
        Rewriting named = one(Action.ALL, "a", "a", "of/${clientid}");
        assertThatThrownBy(() -> named.filter(new TopicFilter("a"), new ClientId(name), null))
                .isInstanceOf(MalformedMqttException.class);
        assertThatThrownBy(() -> named.topic(new TopicName("a"), new ClientId(name), null))
                .isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void resultThatIsNoTopic_isMalformed() {
        Rewriting empty = one(Action.ALL, "a/#", "^a/(.*)$", "$1");
        assertThatThrownBy(() -> empty.topic(new TopicName("a/"), CLIENT, null))
                .isInstanceOf(MalformedMqttException.class);
        assertThatThrownBy(() -> empty.filter(new TopicFilter("a/"), CLIENT, null))
                .isInstanceOf(MalformedMqttException.class);
    }

    @Test
    void moreTopicsThanAreRemembered_comeOutRight() {
        Rewriting numbers = one(Action.ALL, "n/#", "^n/(.*)$", "m/$1");
        for (int round = 0; round < 2; round++) {
            for (int number = 0; number < 20_000; number++) {
                assertThat(published(numbers, "n/" + number, null)).isEqualTo("m/" + number);
            }
        }
    }

    @Test
    @Timeout(20) // for ever, with an engine that goes back
    void expressionThatInvitesBacktracking_takesNoTime() {
        Rewriting evil = one(Action.ALL, "#", "^(a+)+$", "b");
        String topic = "a".repeat(5000) + "!";
        long start = System.nanoTime();
        assertThat(published(evil, topic, null)).isEqualTo(topic);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $3           | $3: there are $1 to $2
            $0           | $0: there are $1 to $2
            a/${clientId} | ${clientId}: there are ${clientid} and ${username}
            ''           | a topic has at least one character
            """)
    void templateThatNamesWhatThereIsNot_isInvalid(String template, String message) {
        assertThatThrownBy(() -> TopicTemplate.of(template, 2))
                .isInstanceOf(InvalidRuleException.class)
                .hasMessage(message);
    }
}
