package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.MessageAccepted;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one session that are read from their logs, and how much of what is live may be held for all of them together.
 * Confined to the connection's event loop.
 */
final class CatchUps {
    private static final int MAX_HELD = 1000;

    private final Session session;
    private final BrokerInstance instance;
    private final Map<TopicName, CatchUp> byTopic = new HashMap<>();
    private int held;
    private long heldBytes;

    CatchUps(Session session, BrokerInstance instance) {
        this.session = session;
        this.instance = instance;
    }

    /**
     * Starts to read the log for a subscription of one topic; live messages of that topic wait until it is read, and what is
     * read until {@code released}. Complete when the first page is read.
     */
    Future<Answer> start(Granted granted, Future<?> released) {
        return begun(granted, released, null).start();
    }

    /** Reads the log of a topic on, from this message, as soon as the client takes messages again. */
    void resume(Granted granted, MessageId from) {
        begun(granted, Future.succeededFuture(), from).resume();
    }

    private CatchUp begun(Granted granted, Future<?> released, @Nullable MessageId from) {
        TopicName topic = granted.filter().asTopic();
        stop(topic);
        CatchUp catchUp = new CatchUp(this, session, instance, granted, released, from);
        byTopic.put(topic, catchUp);
        return catchUp;
    }

    /** Whether a live message waits for the log, or came from there already. */
    boolean takes(MessageAccepted live) {
        if (byTopic.isEmpty()) {
            return false;
        }
        CatchUp catchUp = byTopic.get(live.message().topic());
        return catchUp != null && catchUp.takes(live);
    }

    /** Whether there is room to hold one more; if so, it is taken. */
    boolean mayHold(Message message) {
        if (held >= MAX_HELD || heldBytes >= session.limits().outbound().maxQueuedBytes()) {
            return false;
        }
        held++;
        heldBytes += message.payload().length();
        return true;
    }

    /** One is not held any more. */
    void letGo(Message message) {
        held--;
        heldBytes -= message.payload().length();
    }

    /** The topic is up to date, and what comes is new. */
    void end(TopicName topic) {
        byTopic.remove(topic);
    }

    /** The topic is not subscribed to any more, or begun anew. */
    void stop(TopicName topic) {
        CatchUp old = byTopic.remove(topic);
        if (old != null) {
            old.stop();
        }
    }
}
