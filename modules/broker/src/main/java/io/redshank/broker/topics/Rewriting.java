package io.redshank.broker.topics;

import io.redshank.broker.topics.RewriteRule.Action;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rewrite rules. Of the rules that take a topic the one furthest down in the configuration decides, as in EMQX: if its
 * expression is not found in the topic, the topic stays as it is, and no other rule is asked. Confined to one event loop.
 */
public final class Rewriting {
    /** How many results, and characters of topics, are remembered; then all are forgotten, which costs one match each. */
    private static final int REMEMBERED = 8192;

    private static final int REMEMBERED_CHARACTERS = 1 << 20;
    /** What stands before a filter without being part of it: the length of each, in levels. */
    private static final Map<String, Integer> PREFIXES = Map.of("$share/", 2, "$exclusive/", 1);

    private final List<RewriteRule> publishRules;
    private final List<RewriteRule> subscribeRules;
    private final Map<String, TopicName> known = new HashMap<>();
    private int knownCharacters;

    /** Rules in the order of the configuration. */
    public Rewriting(List<RewriteRule> rules) {
        this.publishRules = lastFirst(rules, Action.PUBLISH);
        this.subscribeRules = lastFirst(rules, Action.SUBSCRIBE);
    }

    private static List<RewriteRule> lastFirst(List<RewriteRule> rules, Action action) {
        List<RewriteRule> wanted = new ArrayList<>(
                rules.stream().filter(rule -> rule.isFor(action)).toList());
        Collections.reverse(wanted);
        return List.copyOf(wanted);
    }

    /**
     * The topic under which a message is published.
     *
     * @throws MalformedMqttException if a rule makes of it what is no topic
     */
    public TopicName topic(TopicName asked, ClientId client, @Nullable String username) {
        if (publishRules.isEmpty()) {
            return asked;
        }
        TopicName found = known.get(asked.value());
        if (found != null) {
            return found;
        }
        TopicFilter exactly = new TopicFilter(asked.value());
        RewriteRule rule = deciding(publishRules, exactly, username);
        TopicName topic = rule == null ? asked : new TopicName(rule.applied(asked.value(), client, username));
        boolean same = publishRules.stream()
                .noneMatch(any -> any.to().namesTheClient() && any.source().covers(exactly));
        if (same) { // for every client
            remember(asked.value(), topic);
        }
        return topic;
    }

    private void remember(String asked, TopicName topic) {
        if (known.size() >= REMEMBERED || knownCharacters >= REMEMBERED_CHARACTERS) {
            known.clear();
            knownCharacters = 0;
        }
        known.put(asked, topic);
        knownCharacters += asked.length() + topic.value().length();
    }

    /**
     * What is subscribed to, or unsubscribed from. Of a shared subscription that is the filter behind the group.
     *
     * @throws MalformedMqttException if a rule makes of it what is no topic filter
     */
    public TopicFilter filter(TopicFilter asked, ClientId client, @Nullable String username) {
        if (subscribeRules.isEmpty()) {
            return asked;
        }
        int start = startOfFilter(asked.value());
        if (start == asked.value().length()) {
            return asked;
        }
        TopicFilter inner = start == 0 ? asked : new TopicFilter(asked.value().substring(start));
        RewriteRule rule = deciding(subscribeRules, inner, username);
        if (rule == null) {
            return asked;
        }
        return new TopicFilter(asked.value().substring(0, start) + rule.applied(inner.value(), client, username));
    }

    /** Where the filter itself begins; its length, if there is none. */
    private static int startOfFilter(String filter) {
        for (Map.Entry<String, Integer> prefix : PREFIXES.entrySet()) {
            if (filter.startsWith(prefix.getKey())) {
                int start = 0;
                for (int level = 0; level < prefix.getValue(); level++) {
                    int slash = filter.indexOf('/', start);
                    start = slash < 0 ? filter.length() : slash + 1;
                }
                return start;
            }
        }
        return 0;
    }

    private static @Nullable RewriteRule deciding(
            List<RewriteRule> rules, TopicFilter topic, @Nullable String username) {
        for (RewriteRule rule : rules) {
            if (rule.takes(topic, username)) {
                return rule;
            }
        }
        return null;
    }
}
