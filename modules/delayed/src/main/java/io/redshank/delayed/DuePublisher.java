package io.redshank.delayed;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageDue;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.redis.DueMessages;
import io.redshank.redis.MessageHash;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what is due: takes some messages, has a broker publish each as if its client had just sent it, and deletes those
 * that are published. Confined to the verticle's context.
 */
final class DuePublisher {
    /*
     * Why each is published once, and at least once
     *
     * Taking a message leases it: no other node sees it before the lease runs out, so it is published by one. The broker answers
     * when a message of QoS 1 or 2 is stored, and it is deleted only then: a node that dies in between leaves it to whoever takes
     * it when the lease has run out. What is taken out of Redis meanwhile (a client came back to its will) is not found any
     * more when it is read.
     */
    private static final Logger log = LoggerFactory.getLogger(DuePublisher.class);
    private static final int MOST_AT_ONCE = 32;
    private static final long LEASE_MILLIS = TimeUnit.SECONDS.toMillis(30);
    private static final long NOT_NOW_MILLIS = 1000;

    private final RedisLink link;
    private final EventOutbox outbox;
    private boolean stopped;

    DuePublisher(RedisLink link, EventOutbox outbox) {
        this.link = link;
        this.outbox = outbox;
    }

    /** Takes nothing any more. */
    void stop() {
        stopped = true;
    }

    /** Publishes all that is due by now, the earliest first; completes with the time at which the next is due. */
    Future<Long> publishDue(DueMessages queue) {
        long now = System.currentTimeMillis();
        long lease = now + LEASE_MILLIS;
        return queue.index().take(link, now, lease, MOST_AT_ONCE).compose(taken -> {
            List<MessageId> ids = taken.members().stream().map(MessageId::new).toList();
            boolean more = ids.size() == MOST_AT_ONCE && !stopped;
            return publish(queue, ids, lease)
                    .compose(done -> more ? publishDue(queue) : Future.succeededFuture(taken.nextMillis()));
        });
    }

    private Future<Void> publish(DueMessages queue, List<MessageId> ids, long lease) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        return read(queue, ids).compose(replies -> {
            List<Future<List<Request>>> ends = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                MessageId id = ids.get(i);
                ends.add(publish(queue, id, replies.reply(i))
                        .transform(outcome -> Future.succeededFuture(
                                isForLater(outcome.cause()) ? giveBack(queue, id, lease) : remove(queue, id, lease))));
            }
            return Future.all(ends)
                    .compose(all -> link.pipeline(all.<List<Request>>list().stream()
                            .flatMap(List::stream)
                            .toList()))
                    .mapEmpty();
        });
    }

    private Future<PipelineReplies> read(DueMessages queue, List<MessageId> ids) {
        List<Request> reads = ids.stream()
                .map(id -> Request.cmd(Command.HGETALL).arg(queue.key(id)))
                .toList();
        return link.readAll(reads);
    }

    private Future<Answer> publish(DueMessages queue, MessageId id, @Nullable Response hash) {
        Message message = MessageHash.read(id, hash);
        if (message == null || hash == null) {
            log.debug("Nothing to publish, it was withdrawn or has expired [message={}]", id);
            return Future.succeededFuture(Answer.DONE);
        }
        long now = System.currentTimeMillis();
        if (queue == DueMessages.WILLS) {
            message = message.sentAt(id, now); // a will is wanted so long from its publication on, MQTT 5, 3.1.3.2.4
        } else if (message.hasExpiredBy(now)) {
            log.debug("Delayed message has expired [message={}]", id);
            return Future.succeededFuture(Answer.DONE);
        }
        return outbox.request(
                EventTypes.MESSAGE_DUE, Concern.BROKER, new MessageDue(message, DueMessages.username(hash)));
    }

    /** What cannot be published at all is not tried again; why, the broker has said. */
    private static boolean isForLater(@Nullable Throwable failure) {
        return failure instanceof EventFailedException known && known.failure() == EventFailure.UNAVAILABLE;
    }

    private static List<Request> remove(DueMessages queue, MessageId id, long lease) {
        return List.of(queue.delete(id), queue.index().remove(id.value(), lease));
    }

    private static List<Request> giveBack(DueMessages queue, MessageId id, long lease) {
        long later = System.currentTimeMillis() + NOT_NOW_MILLIS;
        return List.of(queue.index().move(id.value(), lease, later));
    }
}
