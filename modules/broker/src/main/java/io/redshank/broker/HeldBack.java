package io.redshank.broker;

import io.redshank.events.MessageAccepted;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.vertx.core.Vertx;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Messages that have come before others which precede them in their topic's log, as happens when a topic is published to on
 * several nodes: they wait for those a moment. Confined to the instance's event loop.
 */
final class HeldBack {
    /** What has not come by then is not on its way, but lost. */
    static final long WAIT_MILLIS = 250;

    /** How many messages may wait; the next one waits for nothing. */
    private static final int MOST = 10_000;

    private static final class Waiting {
        final TreeMap<MessageId, MessageAccepted> messages = new TreeMap<>(Comparator.comparing(MessageId::value));
        final long sinceNanos = System.nanoTime();
    }

    private final Vertx vertx;
    private final TopicOrder order;
    private final Consumer<MessageAccepted> route;
    private final Map<TopicName, Waiting> topics = new LinkedHashMap<>();
    private int count;
    private boolean looking;

    HeldBack(Vertx vertx, TopicOrder order, Consumer<MessageAccepted> route) {
        this.vertx = vertx;
        this.order = order;
        this.route = route;
    }

    /** Whether a message has to wait, and does. */
    boolean takes(MessageAccepted accepted) {
        if (count >= MOST || !order.isAhead(accepted)) {
            return false;
        }
        Waiting waiting = topics.computeIfAbsent(accepted.message().topic(), first -> new Waiting());
        if (waiting.messages.put(accepted.message().id(), accepted) == null) {
            count++;
        }
        look();
        return true;
    }

    /** A message of this topic has been routed: lets those go that were waiting for it only. */
    void release(TopicName topic) {
        Waiting waiting = topics.isEmpty() ? null : topics.get(topic);
        while (waiting != null && !order.isAhead(waiting.messages.firstEntry().getValue())) {
            waiting = routeFirst(topic, waiting) ? waiting : null;
        }
    }

    /** Answers whether more of the topic wait. */
    private boolean routeFirst(TopicName topic, Waiting waiting) {
        MessageAccepted first = waiting.messages.pollFirstEntry().getValue();
        count--;
        boolean more = !waiting.messages.isEmpty();
        if (!more) {
            topics.remove(topic);
        }
        route.accept(first);
        return more;
    }

    private void look() {
        if (!looking) {
            looking = true;
            vertx.setTimer(WAIT_MILLIS, due -> {
                looking = false;
                long latest = System.nanoTime() - WAIT_MILLIS * 1_000_000;
                for (TopicName topic : topics.keySet().toArray(TopicName[]::new)) {
                    Waiting waiting = topics.get(topic);
                    if (waiting != null && waiting.sinceNanos - latest <= 0 && routeFirst(topic, waiting)) {
                        release(topic);
                    }
                }
                if (!topics.isEmpty()) {
                    look();
                }
            });
        }
    }
}
