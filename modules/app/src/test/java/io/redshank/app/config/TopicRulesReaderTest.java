package io.redshank.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.topics.AutoSubscription;
import io.redshank.broker.topics.RewriteRule;
import io.redshank.broker.topics.TopicRules;
import io.redshank.model.Qos;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code mqtt.topics} says. */
class TopicRulesReaderTest {
    private static JsonObject configuration(String topics) {
        return new JsonObject("{\"mqtt\":{\"listeners\":[{}],\"topics\":" + topics + "}}");
    }

    @Test
    void allRules_areRead() throws Exception {
        TopicRules rules = Configuration.of(configuration("""
                        { "rewrite": [
                            { "source": "x/#", "match": "^x/(.+)$", "to": "z/$1" },
                            { "action": "subscribe", "source": "y", "match": "y", "to": "y/#" } ],
                          "auto_subscribe": [
                            { "topic": "c/${clientid}" },
                            { "topic": "u/${username}/#", "qos": 2, "no_local": true, "retain_as_published": true,
                              "retain_handling": 1 } ],
                          "refuse_subscriptions": ["a/#", "b"] }""")).mqtt().topics();
        assertThat(rules.rewrites())
                .extracting(RewriteRule::action)
                .containsExactly(RewriteRule.Action.ALL, RewriteRule.Action.SUBSCRIBE);
        assertThat(rules.rewrites().get(0).source()).isEqualTo(new TopicFilter("x/#"));
        assertThat(rules.rewrites().get(0).match()).hasToString("^x/(.+)$");
        assertThat(rules.rewrites().get(0).to()).hasToString("z/$1");
        assertThat(rules.automatic())
                .extracting(AutoSubscription::qos)
                .containsExactly(Qos.AT_MOST_ONCE, Qos.EXACTLY_ONCE);
        assertThat(rules.automatic().get(1).options()).isEqualTo(new SubscriptionOptions(true, true, 1, null));
        assertThat(rules.refused()).containsExactly(new TopicFilter("a/#"), new TopicFilter("b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"rewrites":[]} | mqtt.topics.rewrites: found an unknown key, allowed: auto_subscribe, refuse_subscriptions, rewrite
            {"rewrite":[{"source":"a","match":"a"}]} | mqtt.topics.rewrite[0].to: found nothing, allowed: a topic
            {"rewrite":[{"match":"a","to":"b"}]} | mqtt.topics.rewrite[0].source: found nothing, allowed: a topic filter
            {"rewrite":[{"source":"a/#/b","match":"a","to":"b"}]} | mqtt.topics.rewrite[0].source: found "a/#/b", allowed: a topic filter (# is not the last level: 'a/#/b')
            {"rewrite":[{"source":"a","to":"b"}]} | mqtt.topics.rewrite[0].match: found nothing, allowed: a regular expression
            {"rewrite":[{"source":"a","match":"(a","to":"b"}]} | mqtt.topics.rewrite[0].match: found "(a", allowed: a regular expression (error parsing regexp: missing closing ): `(a`)
            {"rewrite":[{"source":"a","match":"(a)","to":"$2"}]} | mqtt.topics.rewrite[0].to: found "$2", allowed: a topic ($2: there is $1)
            {"rewrite":[{"source":"a","match":"a","to":"b/#"}]} | mqtt.topics.rewrite[0].to: found "b/#", allowed: a topic (a wildcard is for the action subscribe only)
            {"rewrite":[{"action":"pub","source":"a","match":"a","to":"b"}]} | mqtt.topics.rewrite[0].action: found "pub", allowed: all, publish, subscribe
            {"auto_subscribe":[{}]} | mqtt.topics.auto_subscribe[0].topic: found nothing, allowed: a topic filter
            {"auto_subscribe":[{"topic":"a${clientid}/#/b"}]} | mqtt.topics.auto_subscribe[0].topic: found "a${clientid}/#/b", allowed: a topic filter (# is not the last level: 'asomebody/#/b')
            {"auto_subscribe":[{"topic":"$1"}]} | mqtt.topics.auto_subscribe[0].topic: found "$1", allowed: a topic filter ($1: no group is captured)
            {"auto_subscribe":[{"topic":"a","qos":3}]} | mqtt.topics.auto_subscribe[0].qos: found 3, allowed: a whole number from 0 to 2
            {"refuse_subscriptions":["a","+a"]} | mqtt.topics.refuse_subscriptions[1]: found "+a", allowed: a topic filter (+ does not stand alone in its level: '+a')
            """)
    void badRule_isOneLine(String topics, String line) {
        assertThat(Configuration.problemsIn(configuration(topics))).containsExactly(line);
    }
}
