package io.redshank.admin;

import io.redshank.hooks.BackendOptions;
import io.redshank.model.NodeName;
import io.redshank.redis.Keys;
import io.redshank.redis.LeaveOrder;
import io.redshank.redis.Listeners;
import io.redshank.redis.NodeBeats;
import io.redshank.redis.NodeRun;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Has a node that runs leave in order, and watches it go. On the context of the links. */
public final class NodeDrain {
    private static final long LOOK_MILLIS = 250;

    private final RedisLink link;
    private final Steps steps;
    private final Departure.Terms terms;
    private final Consumer<Statement> out;

    /**
     * One that says how far it has got.
     *
     * @param within how long the node may take
     * @param redisEndsToo whether the node has started its Redis itself, which then ends with it
     */
    public NodeDrain(
            Vertx vertx,
            BackendOptions options,
            RedisLinks links,
            Duration within,
            boolean redisEndsToo,
            Consumer<Statement> out) {
        this.link = new Estate(options, links).sessions();
        this.steps = new Steps(vertx, LOOK_MILLIS);
        this.terms = new Departure.Terms(within, redisEndsToo);
        this.out = out;
    }

    /** Completes with null when the node has left, or with what keeps it from that. */
    public Future<@Nullable String> drain(NodeName node) {
        return NodeBeats.alive(link)
                .compose(runs -> runs.stream()
                        .filter(run -> run.node().equals(node))
                        .max(Comparator.comparingLong(NodeRun::incarnation))
                        .map(this::drain)
                        .orElseGet(() -> Future.succeededFuture(notThere(node, runs))));
    }

    private Future<@Nullable String> drain(NodeRun run) {
        return Listeners.of(link, List.of(Keys.nodeChannel(run.node())))
                .compose(listeners -> listeners.get(0) == 0
                        ? Future.succeededFuture("node " + run.node()
                                + " does not hear it: it was killed, or has lost its connection to Redis")
                        : link.send(new LeaveOrder(run).request()).compose(told -> watch(run)));
    }

    private Future<@Nullable String> watch(NodeRun run) {
        Departure departure = new Departure(link, run, terms, out);
        return steps.repeat(departure::look).map(over -> departure.failure());
    }

    private static String notThere(NodeName node, List<NodeRun> runs) {
        String others = runs.stream().map(run -> run.node().value()).sorted().collect(Collectors.joining(", "));
        return "node " + node + " does not run; "
                + (others.isEmpty() ? "none does with this Redis" : "these do: " + others);
    }
}
