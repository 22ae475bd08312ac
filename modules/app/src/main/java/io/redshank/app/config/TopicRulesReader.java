package io.redshank.app.config;

import io.redshank.broker.topics.AutoSubscription;
import io.redshank.broker.topics.InvalidRuleException;
import io.redshank.broker.topics.RewriteRule;
import io.redshank.broker.topics.TopicPattern;
import io.redshank.broker.topics.TopicRules;
import io.redshank.broker.topics.TopicTemplate;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Qos;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads {@code mqtt.topics}. */
final class TopicRulesReader {
    private static final Map<String, RewriteRule.Action> ACTIONS = Map.of(
            "publish", RewriteRule.Action.PUBLISH,
            "subscribe", RewriteRule.Action.SUBSCRIBE,
            "all", RewriteRule.Action.ALL);

    private TopicRulesReader() {}

    static TopicRules read(Section topics) {
        try (topics) {
            List<RewriteRule> rewrites = new ArrayList<>();
            topics.sections("rewrite").forEach(rule -> rewrite(rule).ifPresent(rewrites::add));
            List<AutoSubscription> automatic = new ArrayList<>();
            topics.sections("auto_subscribe").forEach(rule -> automatic(rule).ifPresent(automatic::add));
            return new TopicRules(rewrites, automatic, refused(topics));
        }
    }

    /** Absent if something is wrong with it, which is noted. */
    private static Optional<RewriteRule> rewrite(Section rule) {
        try (rule) {
            RewriteRule.Action action = rule.oneOf("action", ACTIONS, RewriteRule.Action.ALL);
            Optional<TopicFilter> source = read(rule, "source", "a topic filter", TopicFilter::new);
            Optional<TopicPattern> match = read(rule, "match", "a regular expression", TopicPattern::of);
            int groups = match.map(TopicPattern::groups).orElse(TopicTemplate.MOST_GROUPS);
            Optional<RewriteRule> whole = read(rule, "to", "a topic", text -> {
                TopicTemplate to = TopicTemplate.of(text, groups);
                return new RewriteRule(
                        action,
                        source.orElseGet(() -> new TopicFilter("#")),
                        match.orElseGet(() -> TopicPattern.of("")),
                        to);
            });
            return source.isPresent() && match.isPresent() ? whole : Optional.empty();
        }
    }

    private static Optional<AutoSubscription> automatic(Section rule) {
        try (rule) {
            Qos qos = Qos.of(rule.number("qos", 0, 2, 0));
            SubscriptionOptions options = new SubscriptionOptions(
                    rule.flag("no_local", false),
                    rule.flag("retain_as_published", false),
                    rule.number("retain_handling", 0, 2, 0),
                    null);
            return read(
                    rule,
                    "topic",
                    "a topic filter",
                    text -> new AutoSubscription(TopicTemplate.of(text, 0), qos, options));
        }
    }

    private static List<TopicFilter> refused(Section topics) {
        List<TopicFilter> refused = new ArrayList<>();
        List<String> texts = topics.texts("refuse_subscriptions");
        for (int i = 0; i < texts.size(); i++) {
            try {
                refused.add(new TopicFilter(texts.get(i)));
            } catch (MalformedMqttException malformed) {
                topics.problems()
                        .add(
                                topics.pathOf("refuse_subscriptions") + "[" + i + "]",
                                Problems.shown(texts.get(i)),
                                "a topic filter (" + malformed.getMessage() + ")");
            }
        }
        return refused;
    }

    /** A text that must be there and make sense; absent if it does not, which is noted. */
    private static <T> Optional<T> read(Section rule, String key, String allowed, Function<String, T> parse) {
        Object value = rule.raw(key);
        if (!(value instanceof String text)) {
            rule.refuse(key, allowed);
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text));
        } catch (MalformedMqttException | InvalidRuleException invalid) {
            rule.refuse(key, allowed + " (" + invalid.getMessage() + ")");
            return Optional.empty();
        }
    }
}
