package io.redshank.delayed;

import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendOptions;
import io.redshank.redis.DueIndex;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps messages that are to be published later, and has each published when it is due. One instance for each node. */
public final class DelayedVerticle extends VerticleBase {
    private final BackendOptions options;
    private final LiveTopology topology;
    private final int mostMessages;
    private @Nullable RedisLinks links;
    private @Nullable EventInbox inbox;
    private @Nullable EventOutbox outbox;
    private @Nullable DelayedStore store;
    private @Nullable DueSweep sweep;

    /**
     * The instance of a node.
     *
     * @param mostMessages how many delayed messages are kept, of all nodes together
     */
    public DelayedVerticle(BackendOptions options, LiveTopology topology, int mostMessages) {
        this.options = options;
        this.topology = topology;
        this.mostMessages = mostMessages;
    }

    @Override
    public Future<?> start() {
        RedisLinks redis = new RedisLinks(vertx, List.of(options.sessionPool()), DueIndex.SCRIPTS, options.lease());
        RedisLink link = redis.to(options.sessionPool().name());
        EventOutbox events = new EventOutbox(vertx, topology);
        DueSweep due = new DueSweep(vertx, new DuePublisher(link, events));
        DelayedStore delayed = new DelayedStore(vertx, link, options, mostMessages, due::expect);
        links = redis;
        outbox = events;
        store = delayed;
        sweep = due;
        EventInbox receiver = new EventInbox(vertx, topology, Concern.DELAYED, 0)
                .on(EventTypes.MESSAGE_DELAYED, delayed::onDelayed)
                .afterBatch(delayed::flush);
        inbox = receiver;
        return redis.upSoon().compose(up -> receiver.open()).onSuccess(open -> due.open());
    }

    @Override
    public Future<?> stop() {
        Future<Void> deaf = inbox == null ? Future.succeededFuture() : inbox.close();
        return deaf.transform(closed -> {
                    if (store != null) {
                        store.close();
                    }
                    if (outbox != null) {
                        outbox.close(); // what is being published and not answered yet is due again soon
                    }
                    return sweep == null ? Future.succeededFuture() : sweep.close();
                })
                .transform(swept -> links == null ? Future.succeededFuture() : links.close());
    }
}
