package io.redshank.retained;

import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reading commands of one link, gathered so that those of all look-ups of a batch leave as one pipeline. Each may be executed
 * twice. Confined to the verticle's context.
 */
final class Reads {
    private final RedisLink link;
    private List<Asked> gathered = new ArrayList<>();
    /** Whether somebody will call flush; otherwise a command leaves at once. */
    private boolean gathering;

    Reads(RedisLink link) {
        this.link = link;
    }

    private record Asked(List<Request> requests, Promise<List<@Nullable Response>> replies) {}

    /** From now on commands wait for {@link #flush}. */
    void gather() {
        gathering = true;
    }

    /** The replies to these commands, or the first failure among them. */
    Future<List<@Nullable Response>> ask(List<Request> requests) {
        Asked asked = new Asked(requests, Promise.promise());
        gathered.add(asked);
        if (!gathering) {
            flush();
        }
        return asked.replies.future();
    }

    void flush() {
        gathering = false;
        if (gathered.isEmpty()) {
            return;
        }
        List<Asked> all = gathered;
        gathered = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        all.forEach(asked -> requests.addAll(asked.requests));
        link.readAll(requests)
                .onSuccess(replies -> handOut(all, replies))
                .onFailure(failure -> all.forEach(asked -> asked.replies.fail(failure)));
    }

    private static void handOut(List<Asked> all, PipelineReplies replies) {
        int next = 0;
        for (Asked asked : all) {
            List<@Nullable Response> own = new ArrayList<>(asked.requests.size());
            RedisFailure failure = null;
            for (int i = 0; i < asked.requests.size(); i++, next++) {
                own.add(replies.reply(next));
                failure = failure == null ? replies.failure(next) : failure;
            }
            if (failure == null) {
                asked.replies.complete(own);
            } else {
                asked.replies.fail(failure);
            }
        }
    }
}
