package io.redshank.redis;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/** What an operator tells a run of a node on its node's channel: to leave in order. Another run of the same name does not obey it. */
public record LeaveOrder(NodeRun run) {
    private static final String LEAVE = "leave ";

    /** Tells it. The answer counts only those who listen at that server, of a Redis Cluster: see {@link Listeners}. */
    public Request request() {
        return Request.cmd(Command.PUBLISH, Keys.nodeChannel(run.node()), text());
    }

    /** Whether this, which came on the node's channel, is the order. */
    public boolean isSaidBy(Buffer message) {
        return message.toString().equals(text());
    }

    private String text() {
        return LEAVE + run.incarnation();
    }
}
