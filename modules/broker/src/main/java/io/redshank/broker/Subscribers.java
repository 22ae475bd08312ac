package io.redshank.broker;

import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions that get a topic's messages, each once: overlapping subscriptions count as one at the highest quality of service
 * [MQTT-3.3.4-2]. Remembers the answer for topics in use until a subscription changes.
 */
final class Subscribers {
    /** How many topics, and characters of topics, are remembered; then all are forgotten, which costs one match each. */
    private static final int REMEMBERED = 8192;

    private static final int REMEMBERED_CHARACTERS = 1 << 20;

    private final SubscriptionTree<Session> tree;
    private final Map<TopicName, List<SubscriptionTree.Match<Session>>> known = new HashMap<>();
    private long knownVersion;
    private int knownCharacters;

    Subscribers(SubscriptionTree<Session> tree) {
        this.tree = tree;
    }

    List<SubscriptionTree.Match<Session>> of(TopicName topic) {
        if (knownVersion != tree.version() || known.size() >= REMEMBERED || knownCharacters >= REMEMBERED_CHARACTERS) {
            known.clear();
            knownCharacters = 0;
            knownVersion = tree.version();
        }
        List<SubscriptionTree.Match<Session>> found = known.get(topic);
        if (found == null) {
            found = onceEach(tree.match(topic));
            known.put(topic, found);
            knownCharacters += topic.value().length();
        }
        return found;
    }

    private static List<SubscriptionTree.Match<Session>> onceEach(List<SubscriptionTree.Match<Session>> matches) {
        if (matches.size() < 2) {
            return matches;
        }
        Map<Session, Granted> best = new LinkedHashMap<>();
        matches.forEach(match -> best.merge(match.subscriber(), match.granted(), Granted::with));
        List<SubscriptionTree.Match<Session>> once = new ArrayList<>(best.size());
        best.forEach((session, granted) -> once.add(new SubscriptionTree.Match<>(session, granted)));
        return once;
    }
}
