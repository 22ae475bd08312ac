package io.redshank.admin;

import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The replies to a few questions, in their order. What Redis refuses to answer (a key of another type) is as if it were not there. */
final class Replies {
    private static final Replies NONE = new Replies(null);

    private final @Nullable PipelineReplies replies;

    private Replies(@Nullable PipelineReplies replies) {
        this.replies = replies;
    }

    /** Asks in one pipeline; fails only if Redis is away. */
    static Future<Replies> to(List<Request> questions, RedisLink link) {
        if (questions.isEmpty()) {
            return Future.succeededFuture(NONE);
        }
        return link.pipeline(questions)
                .compose(known -> known.repliesHidden() ? link.oneByOne(questions) : Future.succeededFuture(known))
                .compose(Replies::unlessUnavailable);
    }

    private static Future<Replies> unlessUnavailable(PipelineReplies replies) {
        for (int i = 0; i < replies.size(); i++) {
            RedisFailure failure = replies.failure(i);
            if (failure != null && failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
                return Future.failedFuture(failure);
            }
        }
        return Future.succeededFuture(new Replies(replies));
    }

    @Nullable
    Response get(int place) {
        return replies == null ? null : replies.reply(place);
    }

    /** The reply as text; null if there is none. */
    @Nullable
    String text(int place) {
        return textOf(get(place));
    }

    /** The reply as a number; null if there is none. */
    @Nullable
    Long number(int place) {
        Response reply = get(place);
        return reply == null ? null : reply.toLong();
    }

    /** Whether the reply is the number 1. */
    boolean isOne(int place) {
        Long number = number(place);
        return number != null && number == 1;
    }

    /** One of the replies of an {@code HMGET}; null if there is none. */
    @Nullable
    String field(int place, int field) {
        Response fields = get(place);
        return fields == null || field >= fields.size() ? null : textOf(fields.get(field));
    }

    /** The reply to an {@code HGETALL}; empty if there is none. */
    Map<String, String> hash(int place) {
        Response reply = get(place);
        Map<String, String> fields = new LinkedHashMap<>();
        if (reply != null && reply.isMap()) {
            for (String field : reply.getKeys()) {
                fields.put(field, String.valueOf(reply.get(field)));
            }
        }
        return fields;
    }

    static @Nullable String textOf(@Nullable Response reply) {
        return reply == null ? null : reply.toString();
    }
}
