package io.redshank.redis;

import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of each command of a pipeline, by its place in it. */
public final class PipelineReplies {
    private final int size;
    private final @Nullable List<@Nullable Response> replies;
    private final Map<Integer, RedisFailure> failures;

    private PipelineReplies(int size, @Nullable List<@Nullable Response> replies, Map<Integer, RedisFailure> failures) {
        this.size = size;
        this.replies = replies;
        this.failures = failures;
    }

    /** All commands with their replies; a failed one has null here, and its failure there. */
    static PipelineReplies of(List<@Nullable Response> replies, Map<Integer, RedisFailure> failures) {
        return new PipelineReplies(replies.size(), replies, failures);
    }

    /** Some commands failed, and the replies of the others were executed but are not known. */
    static PipelineReplies hidden(int size, Map<Integer, RedisFailure> failures) {
        return new PipelineReplies(size, null, failures);
    }

    /** How many commands there were. */
    public int size() {
        return size;
    }

    /** Why this command failed, or null if it was executed. */
    public @Nullable RedisFailure failure(int index) {
        return failures.get(index);
    }

    /** The reply to this command; null if that is the reply, if the command failed, or if replies are hidden. */
    public @Nullable Response reply(int index) {
        return replies == null ? null : replies.get(index);
    }

    /** Whether each command was executed. */
    public boolean allSucceeded() {
        return failures.isEmpty();
    }

    /**
     * Whether the replies of commands that were executed are unknown, because another one in the pipeline failed. Who needs
     * them, and whose commands may run twice, asks again with {@link RedisLink#oneByOne}.
     */
    public boolean repliesHidden() {
        return replies == null;
    }
}
