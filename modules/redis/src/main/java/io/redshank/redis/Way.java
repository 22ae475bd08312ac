package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the commands of a link get to where they are executed. Confined to the link's context, apart from {@link #isUp()}. */
interface Way {
    /** Begins to connect. */
    void start();

    /** Whether commands can be sent now, as far as we know. May be asked from any thread. */
    boolean isUp();

    /** Completes when commands can be sent, now or later; fails only when closed. */
    Future<Void> up();

    /** One command. Fails with a {@link RedisFailure}. */
    Future<@Nullable Response> send(Request request);

    /**
     * Commands in stages: those of one stage are executed before any of the next. Those of one stage that are for the same key are
     * executed in their order.
     *
     * @param oneByOne whether all replies are wanted, even if a command fails
     */
    Future<PipelineReplies> stages(List<List<Request>> stages, boolean oneByOne);

    /** Commands that are executed in their order. */
    Future<PipelineReplies> inOrder(List<Request> requests, boolean oneByOne);

    /** One way for each server that has keys of its own. */
    List<Way> servers();

    void close();
}
