package io.redshank.delayed;

import io.redshank.events.Answer;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessageDelayed;
import io.redshank.hooks.BackendOptions;
import io.redshank.redis.DueMessages;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.TimestampUnit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of delayed messages into Redis: one pipeline at a time, and what comes meanwhile goes into the next. A message is
 * answered when it is there. All of it may be done twice. Confined to the verticle's context.
 */
final class DelayedStore {
    private static final Logger log = LoggerFactory.getLogger(DelayedStore.class);
    private static final DueMessages QUEUE = DueMessages.DELAYED;
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_BYTES_AT_ONCE = 4 << 20;
    /** Of those that nobody waits for; the others wait in their publishers' windows, which are bounded. */
    private static final int MOST_WAITING_AT_QOS_0 = 10_000;

    private static final long NOT_NOW_MILLIS = 200;

    private final Vertx vertx;
    private final RedisLink link;
    private final TimestampUnit unit;
    private final boolean rejectOnOutage;
    private final int most;
    private final LongConsumer onStored;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;
    private boolean full;

    private record Waiting(MessageDelayed event, Promise<Answer> stored) {}

    /** The consumer is told when each message is due that was stored. */
    DelayedStore(Vertx vertx, RedisLink link, BackendOptions options, int most, LongConsumer onStored) {
        this.vertx = vertx;
        this.link = link;
        this.unit = options.unit();
        this.rejectOnOutage = options.rejectOnOutage();
        this.most = most;
        this.onStored = onStored;
    }

    /** A message is to be published later; complete when it is stored. */
    Future<Answer> onDelayed(MessageDelayed event) {
        boolean awaited = event.message().qos().isAcknowledged();
        if (!awaited && waiting.size() >= MOST_WAITING_AT_QOS_0) {
            return Future.failedFuture(
                    new EventFailedException(EventFailure.UNAVAILABLE, "too many QoS 0 messages wait for Redis"));
        }
        Promise<Answer> stored = Promise.promise();
        waiting.add(new Waiting(event, stored));
        return awaited ? stored.future() : Future.succeededFuture(Answer.DONE);
    }

    /** Sends what waits, unless a pipeline is on its way: then that is done when it is back. */
    void flush() {
        if (busy || closed || waiting.isEmpty()) {
            return;
        }
        busy = true;
        List<Waiting> sent = take();
        List<Request> requests = new ArrayList<>();
        for (Waiting one : sent) {
            MessageDelayed event = one.event();
            requests.addAll(QUEUE.write(event.message(), event.username(), event.dueMillis(), unit));
            requests.add(QUEUE.index().add(event.message().id().value(), event.dueMillis(), most));
        }
        link.pipeline(requests)
                .compose(replies -> replies.repliesHidden() ? link.oneByOne(requests) : Future.succeededFuture(replies))
                .onSuccess(replies -> onReplies(sent, requests.size() / sent.size(), replies))
                .onFailure(failure -> onRedisAway(sent));
    }

    void close() {
        closed = true;
        waiting.forEach(one ->
                one.stored().tryFail(new EventFailedException(EventFailure.UNAVAILABLE, "this node is stopping")));
        waiting.clear();
    }

    private List<Waiting> take() {
        List<Waiting> taken = new ArrayList<>();
        int bytes = 0;
        while (!waiting.isEmpty() && taken.size() < MOST_AT_ONCE && bytes < MOST_BYTES_AT_ONCE) {
            Waiting next = waiting.remove();
            bytes += next.event().message().payload().length();
            taken.add(next);
        }
        return taken;
    }

    /** What became of each; the last of its commands answers whether there was room. */
    private void onReplies(List<Waiting> sent, int commandsEach, PipelineReplies replies) {
        List<Waiting> again = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            Waiting one = sent.get(i);
            int last = (i + 1) * commandsEach - 1;
            RedisFailure failure = failureIn(replies, last + 1 - commandsEach, last);
            if (failure == null) {
                onReply(one, replies.reply(last));
            } else if (failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
                again.add(one);
            } else {
                refuse(one, EventFailure.REFUSED, "Redis refused to store it: " + failure.getMessage());
            }
        }
        putBack(again);
        if (again.isEmpty()) {
            resume();
        } else {
            vertx.setTimer(NOT_NOW_MILLIS, timer -> resume());
        }
    }

    private static @Nullable RedisFailure failureIn(PipelineReplies replies, int from, int to) {
        RedisFailure failure = null;
        for (int i = from; i <= to && failure == null; i++) {
            failure = replies.failure(i);
        }
        return failure;
    }

    private void onReply(Waiting one, @Nullable Response added) {
        if (added != null && added.toInteger() == 1) {
            full = false;
            one.stored().tryComplete(Answer.DONE);
            onStored.accept(one.event().dueMillis());
            return;
        }
        if (!full) {
            full = true;
            log.warn("No more delayed messages are taken for now [max_messages={}]", most);
        }
        one.stored().tryFail(new EventFailedException(EventFailure.FULL, "mqtt.delayed.max_messages is reached"));
        link.send(QUEUE.delete(one.event().message().id()))
                .onFailure(failure -> log.debug("Left to expire [cause={}]", failure.getMessage()));
    }

    private static void refuse(Waiting one, EventFailure why, String words) {
        if (!one.event().message().qos().isAcknowledged()) {
            log.warn(
                    "Delayed message not stored [client={}, cause={}]",
                    one.event().message().from(),
                    words);
        }
        one.stored().tryFail(new EventFailedException(why, words));
    }

    private void onRedisAway(List<Waiting> sent) {
        putBack(sent);
        if (rejectOnOutage) {
            waiting.forEach(one -> refuse(one, EventFailure.UNAVAILABLE, "Redis is not available"));
            waiting.clear();
            resume();
        } else {
            link.up().onSuccess(up -> resume()).onFailure(linkClosed -> close());
        }
    }

    private void putBack(List<Waiting> sent) {
        for (int i = sent.size() - 1; i >= 0; i--) {
            waiting.addFirst(sent.get(i));
        }
        if (closed) {
            close();
        }
    }

    private void resume() {
        busy = false;
        flush();
    }
}
