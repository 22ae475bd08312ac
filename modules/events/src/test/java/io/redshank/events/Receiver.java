package io.redshank.events;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** An inbox on an event loop of its own that shows what it has seen. */
final class Receiver {
    /** Seen where a batch ended. */
    static final String BATCH_END = "end of batch";

    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final Vertx vertx;
    private final EventInbox inbox;

    Receiver(Vertx vertx, LiveTopology topology, Concern concern, int instance) {
        this.vertx = vertx;
        this.inbox = new EventInbox(vertx, topology, concern, instance).afterBatch(() -> seen.add(BATCH_END));
    }

    /** Shows each event of this type and then handles it so. */
    @CanIgnoreReturnValue
    <E, R> Receiver on(EventType<E, R> type, Function<E, Future<R>> handler) {
        assertThat(inbox.on(type, event -> {
                    seen.add(event);
                    return handler.apply(event);
                }))
                .isSameAs(inbox);
        return this;
    }

    @CanIgnoreReturnValue
    Receiver open() throws Exception {
        vertx.deployVerticle(context -> inbox.open()).await(5, SECONDS);
        return this;
    }

    void close() throws Exception {
        inbox.close().await(5, SECONDS);
    }

    /** The next so many events and ends of batches, as soon as they are there. */
    List<Object> next(int count) throws InterruptedException {
        List<Object> next = new ArrayList<>();
        while (next.size() < count) {
            Object one = seen.poll(5, SECONDS);
            assertThat(one).as("after %s", next).isNotNull();
            next.add(one);
        }
        return next;
    }

    /** What is there already. */
    List<Object> rest() {
        List<Object> rest = new ArrayList<>();
        seen.drainTo(rest);
        return rest;
    }
}
