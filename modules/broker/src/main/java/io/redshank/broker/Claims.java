package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.ClientClaimed;
import io.redshank.events.ClientEvicted;
import io.redshank.events.ClientReleased;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.events.SubscriptionCommanded;
import io.redshank.model.ClientId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which broker instance serves which client id, for the ids whose key picks this instance. Claims of one id are granted one
 * after the other, each when the connection before has been closed and its end told: so a client id has one connection at a
 * time, and what is told of the connections of an id is told in their order. Confined to one event loop.
 */
final class Claims {
    private record Holder(Instance instance, long epoch) {}

    private final BrokerInstance instance;
    private final Map<ClientId, Holder> holders = new HashMap<>();
    /** The last claim of each id that is not granted yet. */
    private final Map<ClientId, Future<Long>> inTurn = new HashMap<>();
    /** Who waits for the release of an id, which is its turn. */
    private final Map<ClientId, Promise<Answer>> awaited = new HashMap<>();

    private long lastEpoch;

    Claims(BrokerInstance instance) {
        this.instance = instance;
    }

    /** Grants the id to the instance that asks, with the epoch of its connection. */
    Future<Long> onClaimed(ClientClaimed claim) {
        Future<Long> before = inTurn.get(claim.client());
        Future<Long> granted =
                before == null ? grant(claim) : before.transform(ended -> grant(claim)); // however the one before ended
        inTurn.put(claim.client(), granted);
        return granted.andThen(ended -> inTurn.remove(claim.client(), granted));
    }

    /** The connection has ended, by itself or because it was to. */
    Future<Answer> onReleased(ClientReleased release) {
        Holder holder = holders.get(release.client());
        if (holder != null && holder.epoch() == release.epoch()) {
            holders.remove(release.client());
            Promise<Answer> next = awaited.remove(release.client());
            if (next != null) {
                next.complete(Answer.DONE);
            }
        }
        return Future.succeededFuture(Answer.DONE);
    }

    /** Passes an application's command on to the instance that serves the client; answers whether one does. */
    Future<Boolean> pass(SubscriptionCommanded command) {
        @Nullable Holder holder = holders.get(command.client());
        if (holder == null || holder.instance().equals(instance.self())) {
            return Future.succeededFuture(false);
        }
        return instance.outbox.requestOf(EventTypes.SUBSCRIPTION_COMMANDED, Concern.BROKER, holder.instance(), command);
    }

    private Future<Long> grant(ClientClaimed claim) {
        Holder holder = holders.get(claim.client());
        Future<Answer> free = holder == null ? Future.succeededFuture(Answer.DONE) : evict(claim.client(), holder);
        return free.map(released -> {
            lastEpoch = Math.max(lastEpoch + 1, System.currentTimeMillis() * 1000);
            holders.put(claim.client(), new Holder(new Instance(instance.self().node(), claim.instance()), lastEpoch));
            return lastEpoch;
        });
    }

    /**
     * Complete when the holder has let go. That is told by {@link ClientReleased}, which waits for nothing: answers wait for all
     * answers of their batch, and two instances that evict and claim in one batch would wait for each other.
     */
    private Future<Answer> evict(ClientId client, Holder holder) {
        Promise<Answer> released = Promise.promise();
        awaited.put(client, released);
        instance.outbox
                .requestOf(
                        EventTypes.CLIENT_EVICTED,
                        Concern.BROKER,
                        holder.instance(),
                        new ClientEvicted(client, holder.epoch()))
                .onFailure(released::tryFail);
        return released.future();
    }
}
