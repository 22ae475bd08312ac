package io.redshank.retained;

import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one more topic of a pool may have a retained message. What the index holds is asked once a second, and what is stored
 * meanwhile counts on top; near the limit each message is asked for. So several instances may together go a little beyond it.
 * Confined to the verticle's context.
 */
final class RetainedRoom {
    private static final Logger log = LoggerFactory.getLogger(RetainedRoom.class);
    private static final long ASK_EVERY_MILLIS = 1000;
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final RedisLink link;
    private final int most;
    /** At least as many as there are, as far as this instance can know. */
    private long counted = Long.MAX_VALUE;

    private long timer = NO_TIMER;

    /** Room for so many topics; 0 for any number. */
    RetainedRoom(Vertx vertx, RedisLink link, int most) {
        this.vertx = vertx;
        this.link = link;
        this.most = most;
    }

    /** Starts to count. */
    void open() {
        if (most > 0) {
            count();
            timer = vertx.setPeriodic(ASK_EVERY_MILLIS, due -> count());
        }
    }

    void close() {
        if (timer != NO_TIMER) {
            boolean counting = vertx.cancelTimer(timer);
            log.trace("Retained messages not counted any more [was={}]", counting);
        }
    }

    /** Whether this topic may get a message: it has one, or there is room for one more. */
    Future<Boolean> isFor(TopicName topic) {
        if (most == 0) {
            return Future.succeededFuture(true);
        }
        if (counted < most) {
            counted++;
            return Future.succeededFuture(true);
        }
        return link.pipeline(List.of(RetainedCommands.exists(Keys.retained(topic)), size()))
                .map(replies -> number(replies, 0) > 0 || number(replies, 1) < most)
                .otherwise(true); // without Redis nobody knows, and the message waits for it anyway
    }

    private void count() {
        link.send(size())
                .onSuccess(reply -> counted = reply == null ? 0 : reply.toLong())
                .onFailure(away -> log.debug("Retained messages not counted [cause={}]", away.getMessage()));
    }

    private static Request size() {
        return Request.cmd(Command.ZCARD).arg(Keys.RETAINED_INDEX);
    }

    private static long number(PipelineReplies replies, int place) {
        @Nullable Response reply = replies.reply(place);
        return reply == null ? 0 : reply.toLong();
    }
}
