package io.redshank.broker;

import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who gets a topic's messages, each once: overlapping subscriptions count as one at the highest quality of service
 * [MQTT-3.3.4-2]. Remembers the answer for topics in use until a subscription changes.
 *
 * @param <S> the subscriber
 */
final class Subscribers<S> {
    /** How many topics, and characters of topics, are remembered; then all are forgotten, which costs one match each. */
    private static final int REMEMBERED = 8192;

    private static final int REMEMBERED_CHARACTERS = 1 << 20;

    private final SubscriptionTree<S> tree;
    private final Map<TopicName, List<SubscriptionTree.Match<S>>> known = new HashMap<>();
    private long knownVersion;
    private int knownCharacters;

    Subscribers(SubscriptionTree<S> tree) {
        this.tree = tree;
    }

    List<SubscriptionTree.Match<S>> of(TopicName topic) {
        if (knownVersion != tree.version() || known.size() >= REMEMBERED || knownCharacters >= REMEMBERED_CHARACTERS) {
            known.clear();
            knownCharacters = 0;
            knownVersion = tree.version();
        }
        List<SubscriptionTree.Match<S>> found = known.get(topic);
        if (found == null) {
            found = onceEach(tree.match(topic));
            known.put(topic, found);
            knownCharacters += topic.value().length();
        }
        return found;
    }

    private List<SubscriptionTree.Match<S>> onceEach(List<SubscriptionTree.Match<S>> matches) {
        if (matches.size() < 2) {
            return matches;
        }
        Map<S, Granted> best = new LinkedHashMap<>();
        matches.forEach(match -> best.merge(match.subscriber(), match.granted(), Granted::with));
        List<SubscriptionTree.Match<S>> once = new ArrayList<>(best.size());
        best.forEach((subscriber, granted) -> once.add(new SubscriptionTree.Match<>(subscriber, granted)));
        return once;
    }
}
