package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Answer;
import io.redshank.events.ClientClaimed;
import io.redshank.events.ClientEvicted;
import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.model.ClientId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;

/** Grants client ids one after the other, each when the connection before has let go; played by the test. */
final class Registrar {
    private record Holder(Instance instance, long epoch) {}

    private final EventOutbox outbox;
    private final Map<ClientId, Holder> holders = new HashMap<>();
    private final Map<ClientId, Future<Long>> inTurn = new HashMap<>();
    private final Map<ClientId, Promise<Answer>> awaited = new HashMap<>();
    private long lastEpoch;

    Registrar(EventOutbox outbox) {
        this.outbox = outbox;
    }

    Future<Long> onClaimed(ClientClaimed claim) {
        Future<Long> before = inTurn.get(claim.client());
        Future<Long> granted = before == null ? grant(claim) : before.transform(ended -> grant(claim));
        inTurn.put(claim.client(), granted);
        return granted.andThen(ended -> inTurn.remove(claim.client(), granted));
    }

    @CanIgnoreReturnValue
    Answer released(ClientId client, long epoch) {
        Holder holder = holders.get(client);
        if (holder != null && holder.epoch() == epoch) {
            holders.remove(client);
            Promise<Answer> next = awaited.remove(client);
            if (next != null) {
                next.complete(Answer.DONE);
            }
        }
        return Answer.DONE;
    }

    private Future<Long> grant(ClientClaimed claim) {
        Holder holder = holders.get(claim.client());
        Future<Answer> free = holder == null ? Future.succeededFuture(Answer.DONE) : evict(claim.client(), holder);
        return free.map(released -> {
            lastEpoch = Math.max(lastEpoch + 1, System.currentTimeMillis() * 1000);
            holders.put(claim.client(), new Holder(new Instance(claim.node(), claim.instance()), lastEpoch));
            return lastEpoch;
        });
    }

    private Future<Answer> evict(ClientId client, Holder holder) {
        Promise<Answer> released = Promise.promise();
        awaited.put(client, released);
        outbox.sendOf(
                EventTypes.CLIENT_EVICTED,
                Concern.BROKER,
                holder.instance(),
                new ClientEvicted(client, holder.epoch()));
        return released.future();
    }
}
