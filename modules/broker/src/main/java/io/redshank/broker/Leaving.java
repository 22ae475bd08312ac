package io.redshank.broker;

import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.ClientEvicted;
import io.redshank.events.ClientReleased;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.LastWill;
import io.redshank.events.SessionMemory;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a client goes: its will is published, or left to wait, if it went without a word, and its end told, by which its id is free. Confined to one event
 * loop.
 */
final class Leaving {
    private static final Logger log = LoggerFactory.getLogger(Leaving.class);

    private static final long STEP_MILLIS = 20;

    private static final long RETRY_MILLIS = 100;
    /** For so many attempts the end of a connection waits for its bookmarks; a Redis that is away for longer may bring some messages twice. */
    private static final int MOST_ATTEMPTS = 50;

    private final BrokerInstance instance;
    private final Publications publications;
    /** The epochs of the connections whose end is being told, by which their ids are let go. */
    private final Set<Long> beingTold = new HashSet<>();
    /** What a node that stops has to wait for. */
    private final Set<Future<?>> underway = new HashSet<>();

    Leaving(BrokerInstance instance, Publications publications) {
        this.instance = instance;
        this.publications = publications;
    }

    /** The connection has closed, by whomever. */
    void onClosed(Session session) {
        if (!session.isEnded()) {
            log.debug("Client gone [client={}]", session.client());
            tellEnd(session);
        }
    }

    /** The client was not let in after all. */
    void onRefused(Session session) {
        session.forgetWill(); // [MQTT-3.1.4-6]: what CONNECT asked for does not happen
        onClosed(session);
    }

    /** Another connection takes over the id: ends this one. One that is not known has ended, or has not been told that it has the id. */
    Future<Answer> onEvicted(ClientEvicted eviction) {
        ClientId client = eviction.client();
        Session session = instance.sessions.get(client);
        if (session != null && session.epoch() == eviction.epoch()) {
            log.debug("Client taken over by a newer connection [client={}]", client);
            tellEnd(session);
            session.socket().disconnect(ReasonCode.SESSION_TAKEN_OVER, null);
        } else if (!beingTold.contains(eviction.epoch())) {
            instance.claimsUnderway.evicted(client, eviction.epoch());
            instance.outbox.send(
                    EventTypes.CLIENT_RELEASED, Concern.CONNECTIONS, new ClientReleased(client, eviction.epoch()));
        }
        return Future.succeededFuture(Answer.DONE);
    }

    /** The node is to stop: ends so many connections each second, and answers when that is told. */
    Future<?> everybody(int perSecond) {
        int each = Math.max(1, (int) (perSecond * STEP_MILLIS / 1000));
        List<Session> next = instance.sessions.values().stream().limit(each).toList();
        next.forEach(this::dismiss);
        if (instance.sessions.isEmpty()) {
            return everybody();
        }
        Promise<Void> pause = Promise.promise();
        instance.vertx.setTimer(STEP_MILLIS, over -> pause.complete());
        return pause.future().compose(over -> everybody(perSecond));
    }

    /** The node stops: ends all connections, and answers when that is told. */
    Future<?> everybody() {
        List.copyOf(instance.sessions.values()).forEach(this::dismiss);
        return Future.join(List.copyOf(underway)).transform(told -> publications.settled());
    }

    private void dismiss(Session session) {
        tellEnd(session);
        session.dismiss();
    }

    private void tellEnd(Session session) {
        ClientId client = session.client();
        instance.sessions.remove(client, session);
        LastWill will = session.end();
        Message due = will == null ? null : publications.sentNow(will.message());
        boolean waits = will != null && will.delaySeconds() > 0 && session.persists(); // [MQTT-3.1.3-9]
        beingTold.add(session.epoch());
        long now = System.currentTimeMillis();
        // Redis holds the will until it is published [MQTT-3.1.2-8], should the node be killed over it
        Future<?> published =
                due == null || waits ? Future.succeededFuture() : publications.publish(due, session.username());
        Future<@Nullable SessionMemory> memory = memoryOf(session, now);
        LastWill waiting = waits && will != null && due != null ? new LastWill(due, will.delaySeconds()) : null;
        Future<Answer> told = published
                .transform(out -> memory)
                .compose(known -> instance.outbox.request(
                        EventTypes.CLIENT_DISCONNECTED,
                        Concern.CONNECTIONS,
                        disconnected(session, now, waiting, known)));
        if (session.wasLetIn() && instance.broadcasts.isHeard(EventTypes.CLIENT_DISCONNECTED)) {
            instance.broadcasts.send(EventTypes.CLIENT_DISCONNECTED, disconnected(session, now, waiting, null));
        }
        keepUntilDone(told.andThen(ended -> beingTold.remove(session.epoch()))
                .onFailure(failure -> log.warn(
                        "End of a connection not stored [client={}, cause={}]", client, failure.getMessage())));
    }

    private ClientDisconnected disconnected(
            Session session, long now, @Nullable LastWill waiting, @Nullable SessionMemory memory) {
        return new ClientDisconnected(
                session.client(),
                session.username(),
                instance.options.node(),
                session.epoch(),
                now,
                session.expirySeconds(),
                session.heldWill(),
                waiting,
                memory);
    }

    /** What the session has to remember, when its bookmarks are written and what the client has sent at QoS 2 is stored. */
    private Future<@Nullable SessionMemory> memoryOf(Session session, long now) {
        if (!session.persists()) {
            return Future.succeededFuture();
        }
        Future<@Nullable SessionMemory> memory = session.memory(now);
        return Future.join(memory, acksWritten(session.client(), MOST_ATTEMPTS)).transform(both -> memory);
    }

    private Future<?> acksWritten(ClientId client, int attempts) {
        return instance.outbox
                .request(EventTypes.ACKS_AWAITED, Concern.ACKS, new AcksAwaited(client))
                .recover(away -> attempts == 1
                        ? Future.failedFuture(away)
                        : instance.vertx
                                .timer(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                                .compose(
                                        due -> acksWritten(client, attempts - 1).mapEmpty()));
    }

    private void keepUntilDone(Future<?> work) {
        underway.add(work);
        work.onComplete(done -> underway.remove(work));
    }
}
