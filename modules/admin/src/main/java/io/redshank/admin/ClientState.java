package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.SessionFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is stored of a client.
 *
 * @param presence its own hash; empty if it was never here
 * @param session its session's hash; empty if it has none
 * @param subscriptions what it is subscribed to, by filter: the quality, as written
 * @param inflight what is underway to it at QoS 2, by its place in the order of sending
 */
record ClientState(
        ClientId client,
        Map<String, String> presence,
        SessionView session,
        Map<String, String> subscriptions,
        Map<String, String> inflight) {
    boolean isOnline() {
        return "1".equals(presence.get("state"));
    }

    boolean hasSession(long nowMillis) {
        return session.isAlive(nowMillis);
    }

    /** Those subscriptions that take in a topic. */
    List<Match> matching(TopicName topic) {
        List<Match> matches = new ArrayList<>();
        subscriptions.forEach((filter, qos) -> {
            boolean own = session.fields().containsKey(SessionFields.OWN + filter);
            Match match = Match.of(filter, qos, own, topic);
            if (match != null) {
                matches.add(match);
            }
        });
        return matches;
    }

    /** What is underway to the client; of a session that is connected, only its node knows what that is at QoS 1. */
    List<UnderwayView> underway() {
        List<UnderwayView> underway = new ArrayList<>(UnderwayView.read(inflight));
        if (!session.isConnected()) {
            underway.addAll(UnderwayView.read(session.fields().get(SessionFields.OUT)));
        }
        return underway;
    }

    /** The same of one topic. */
    List<UnderwayView> underway(TopicName topic) {
        return underway().stream()
                .filter(one -> one.topic().equals(topic.value()))
                .toList();
    }

    /** What a subscription asks for beside filter and quality; empty if nothing, or if nobody knows. */
    String optionsOf(TopicFilter filter) {
        return session.optionsOf(filter);
    }

    /** The same subscriptions with those of another pool; of a filter in both the first counts. */
    static Map<String, String> merged(List<Map<String, String>> pools) {
        Map<String, String> all = new HashMap<>();
        pools.forEach(pool -> pool.forEach(all::putIfAbsent));
        return all;
    }
}
