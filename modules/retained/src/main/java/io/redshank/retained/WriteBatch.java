package io.redshank.retained;

import io.redshank.model.MessageId;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RetainedIndex;
import io.redshank.redis.RetainedMember;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes on their way as one pipeline, and what became of each. */
final class WriteBatch {
    private final List<PendingWrite> writes;
    private final List<Request> requests = new ArrayList<>();
    /** Where the commands of each write begin. */
    private final int[] begins;

    private WriteBatch(List<PendingWrite> writes, RetainedCommands commands) {
        this.writes = writes;
        this.begins = new int[writes.size() + 1];
        for (int i = 0; i < writes.size(); i++) {
            var message = writes.get(i).message();
            requests.addAll(message.deletesRetained() ? commands.delete(message) : commands.store(message));
            begins[i + 1] = requests.size();
        }
    }

    /** What became of the writes of a batch, and why some have to wait. */
    record Outcome(
            List<PendingWrite> written,
            Map<PendingWrite, RedisFailure> rejected,
            List<PendingWrite> notNow,
            RedisFailure whyNotNow) {}

    /** Sends batches on one link. */
    record Sender(RedisLink link, RetainedCommands commands) {
        /** Fails only as a whole, when Redis is away; then all can be sent again. */
        Future<Outcome> send(List<PendingWrite> writes) {
            WriteBatch batch = new WriteBatch(writes, commands);
            return link.pipeline(batch.requests)
                    .compose(replies -> replies.repliesHidden() && batch.hasDelete()
                            ? link.oneByOne(batch.requests)
                            : Future.succeededFuture(replies))
                    .compose(replies -> followUp(batch.consequences(replies)).map(done -> batch.outcome(replies)));
        }

        private Future<?> followUp(List<Request> consequences) {
            return consequences.isEmpty() ? Future.succeededFuture() : link.pipeline(consequences);
        }
    }

    private boolean hasDelete() {
        return writes.stream().anyMatch(write -> write.message().deletesRetained());
    }

    /** What the replies to deletes ask for. */
    private List<Request> consequences(PipelineReplies replies) {
        List<Request> next = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            if (!writes.get(i).message().deletesRetained()) {
                continue;
            }
            Response body = replies.reply(begins[i]);
            if (body != null && body.type() == ResponseType.BULK && body.toBytes().length > 0) {
                next.add(RetainedCommands.deleteBody(new MessageId(body.toString())));
            }
            Response exists = replies.reply(begins[i] + 2);
            if (exists != null && exists.toInteger() == 1) {
                next.add(RetainedIndex.indexed(
                        List.of(RetainedMember.of(writes.get(i).message().topic()))));
            }
        }
        return next;
    }

    private Outcome outcome(PipelineReplies replies) {
        List<PendingWrite> written = new ArrayList<>(writes.size());
        Map<PendingWrite, RedisFailure> rejected = new LinkedHashMap<>();
        List<PendingWrite> notNow = new ArrayList<>();
        RedisFailure why = RedisFailure.unavailable("");
        for (int i = 0; i < writes.size(); i++) {
            RedisFailure failure = failureOf(replies, i);
            if (failure == null) {
                written.add(writes.get(i));
            } else if (failure.kind() == RedisFailure.Kind.REJECTED) {
                rejected.put(writes.get(i), failure);
            } else {
                notNow.add(writes.get(i));
                why = failure;
            }
        }
        return new Outcome(written, rejected, notNow, why);
    }

    private @Nullable RedisFailure failureOf(PipelineReplies replies, int write) {
        for (int i = begins[write]; i < begins[write + 1]; i++) {
            RedisFailure failure = replies.failure(i);
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }
}
