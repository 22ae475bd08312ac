package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.ClientEvicted;
import io.redshank.events.ClientReleased;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a client goes: its will is published if it went without a word, its end told, its id released. Confined to one event
 * loop.
 */
final class Leaving {
    private static final Logger log = LoggerFactory.getLogger(Leaving.class);

    private final BrokerInstance instance;
    private final Publications publications;
    /** The ends that are being told, so that a takeover can wait for them. */
    private final Map<ClientId, Future<Answer>> beingTold = new HashMap<>();

    Leaving(BrokerInstance instance, Publications publications) {
        this.instance = instance;
        this.publications = publications;
    }

    /** The connection has closed, by whomever. */
    void onClosed(Session session) {
        if (!session.isEnded()) {
            log.debug("Client gone [client={}]", session.client());
            tellEnd(session)
                    .onFailure(failure -> log.warn(
                            "End of a connection not stored [client={}, cause={}]",
                            session.client(),
                            failure.getMessage()));
        }
    }

    /** The client was not let in after all. */
    void onRefused(Session session) {
        session.forgetWill(); // [MQTT-3.1.4-6]: what CONNECT asked for does not happen
        onClosed(session);
    }

    /** Another connection takes over the id: ends this one, and answers when that is told. */
    Future<Answer> onEvicted(ClientEvicted eviction) {
        Session session = instance.sessions.get(eviction.client());
        if (session == null || session.epoch() != eviction.epoch()) {
            return beingTold.getOrDefault(eviction.client(), Future.succeededFuture(Answer.DONE));
        }
        log.info("Client taken over by a newer connection [client={}]", session.client());
        Future<Answer> told = tellEnd(session);
        session.socket().disconnect(ReasonCode.SESSION_TAKEN_OVER);
        return told.otherwise(Answer.DONE); // the new connection is not to suffer for it
    }

    /** The node stops: ends all connections, and answers when that is told. */
    Future<?> everybody() {
        List<Session> sessions = List.copyOf(instance.sessions.values());
        List<Future<Answer>> told = sessions.stream().map(this::tellEnd).toList();
        sessions.forEach(session -> session.socket().disconnect(ReasonCode.SERVER_SHUTTING_DOWN));
        return Future.join(told);
    }

    private Future<Answer> tellEnd(Session session) {
        ClientId client = session.client();
        instance.sessions.remove(client, session);
        Message will = session.end();
        if (will != null) {
            publications.publish(will, session.username()); // [MQTT-3.1.2-8]
        }
        Future<Answer> told = instance.outbox.request(
                EventTypes.CLIENT_DISCONNECTED,
                Concern.CONNECTIONS,
                new ClientDisconnected(
                        client,
                        session.username(),
                        instance.options.node(),
                        session.epoch(),
                        System.currentTimeMillis(),
                        session.expirySeconds()));
        beingTold.put(client, told);
        return told.andThen(ended -> {
            beingTold.remove(client, told);
            instance.outbox.send(
                    EventTypes.CLIENT_RELEASED, Concern.BROKER, new ClientReleased(client, session.epoch()));
        });
    }
}
