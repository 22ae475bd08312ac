package io.redshank.events;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes broadcast, for all that listen on this one; and the news of what these listen to, which the others have to know. One
 * for each node. Confined to the context it was made on.
 */
public final class BroadcastInbox {
    private static final DeliveryOptions ANSWER = new DeliveryOptions().setCodecName(Answers.CODEC.name());
    private static final Answers TAKEN = new Answers(List.of());

    private final Vertx vertx;
    private final String address;
    private final Audience audience;
    private final Audience.Watch watch;
    private @Nullable MessageConsumer<Batch> consumer;

    /**
     * The inbox of a node.
     *
     * @param onInterest is told what is listened to here, and when that changes
     */
    public BroadcastInbox(Vertx vertx, Context context, Member self, Consumer<EventSet> onInterest) {
        this.vertx = vertx;
        this.address = self.audienceAddress();
        this.audience = Audience.of(vertx);
        this.watch = new Audience.Watch(context, onInterest);
    }

    /** Starts to receive. */
    public Future<Void> open() {
        MessageConsumer<Batch> opened = vertx.eventBus().consumer(address, this::onBatch);
        consumer = opened;
        audience.watch(watch);
        return opened.completion();
    }

    /** Stops to receive. */
    public Future<Void> close() {
        audience.unwatch(watch);
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    /** The answer says that there is room for more: listeners keep what they can by now, and lose the rest. */
    private void onBatch(Message<Batch> message) {
        audience.hear(message.body().entries());
        message.reply(TAKEN, ANSWER);
    }
}
