package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.MessageAccepted;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one broker instance that are subscribed to queues, each by its name, whose messages go to one client at a time.
 * Confined to the instance's event loop.
 */
final class LeasedQueues {
    /*
     * Who gets a message
     *
     * None of these clients gets a live one: each reads the queue's log, where a page is what is leased to it. A live message only
     * says that there is something to read, and one client of each instance reads then: one that has nothing to do, if there is
     * one, and they take turns. Which instance gets what, the leases in Redis decide. If all read already, somebody reads again
     * when one of them has come to its end. So that leases which end are noticed, one reads now and then in any case.
     */
    private static final long SHORTEST_LOOK_MILLIS = 50;

    private final Vertx vertx;
    private final List<Interest.Leased> leased;
    private final long lookMillis;
    /** By queue, whose turn it is first; each with the end of what it has read, or reads now. */
    private final Map<TopicName, LinkedHashMap<Session, Future<Answer>>> readers = new HashMap<>();
    /** Where something came while all were reading. */
    private final Set<TopicName> unread = new HashSet<>();

    private boolean looking;

    LeasedQueues(Vertx vertx, List<Interest.Leased> leased) {
        this.vertx = vertx;
        this.leased = leased;
        this.lookMillis =
                leased.stream().mapToLong(queue -> queue.lease().toMillis() / 2).reduce(Long.MAX_VALUE, Math::min);
    }

    /** A client begins to read a log: a queue's, perhaps. */
    void onReading(Session session, TopicName topic, Future<Answer> over) {
        if (leased.isEmpty()
                || leased.stream().noneMatch(queue -> queue.topics().matches(topic))) {
            return;
        }
        readers.computeIfAbsent(topic, first -> new LinkedHashMap<>()).put(session, over);
        over.onComplete(read -> {
            if (unread.remove(topic)) {
                vertx.runOnContext(then -> readNext(topic)); // not within a reading that takes the place of this one
            }
        });
        lookLater();
    }

    /** Those who get a live message; who reads it from its queue does not. */
    List<SubscriptionTree.Match<Session>> notReading(
            MessageAccepted accepted, List<SubscriptionTree.Match<Session>> matches) {
        if (leased.isEmpty() || matches.isEmpty() || !accepted.stored()) {
            return matches;
        }
        TopicName topic = accepted.message().topic();
        Map<Session, ?> reading = readers.get(topic);
        if (reading == null) {
            return matches;
        }
        List<SubscriptionTree.Match<Session>> others = new ArrayList<>(matches);
        if (others.removeIf(
                match -> reading.containsKey(match.subscriber()) && reads(match.subscriber(), topic) != null)) {
            readNext(topic);
        }
        return others;
    }

    /** Has one client read the queue. */
    private void readNext(TopicName topic) {
        Map<Session, Future<Answer>> turns = readers.getOrDefault(topic, new LinkedHashMap<>());
        Session next = null;
        for (Iterator<Map.Entry<Session, Future<Answer>>> all = turns.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Session, Future<Answer>> turn = all.next();
            if (reads(turn.getKey(), topic) == null) {
                all.remove();
            } else if (turn.getValue().isComplete() && (next == null || isBetter(turn.getKey(), next))) {
                next = turn.getKey();
            }
        }
        Granted granted = next == null ? null : reads(next, topic);
        if (next != null && granted != null) {
            turns.remove(next); // to the end of the line, by its reading
            next.catchUps().readQueue(granted);
        } else if (turns.isEmpty()) {
            readers.remove(topic);
        } else {
            unread.add(topic);
        }
    }

    private static boolean isBetter(Session session, Session other) {
        return session.outbound().isIdle() && !other.outbound().isIdle();
    }

    /** The subscription by which a client reads a queue; null if it does not any more. */
    private static @Nullable Granted reads(Session session, TopicName topic) {
        Granted granted = session.isEnded() ? null : session.subscription(new TopicFilter(topic.value()));
        return granted == null || !granted.qos().isAcknowledged() ? null : granted;
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            vertx.setTimer(Math.max(SHORTEST_LOOK_MILLIS, lookMillis), due -> {
                looking = false;
                List.copyOf(readers.keySet()).forEach(this::readNext);
                if (!readers.isEmpty()) {
                    lookLater();
                }
            });
        }
    }
}
