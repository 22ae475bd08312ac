package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.redshank.events.ClientClaimed;
import io.redshank.events.ClientConnected;
import io.redshank.events.ClientReleased;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventTypes;
import io.redshank.events.Member;
import io.redshank.events.SessionFound;
import io.redshank.model.ClientId;
import io.vertx.mqtt.MqttEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a client is let in: its CONNECT is checked, its id claimed from whoever held it, Redis told, and then CONNACK sent.
 * Confined to one event loop.
 */
final class Connecting {
    private static final int MQTT_3_1_1 = 4;
    private static final Logger log = LoggerFactory.getLogger(Connecting.class);

    private final BrokerInstance instance;
    private final Leaving leaving;
    private final Publications publications;
    private boolean stopping;

    Connecting(BrokerInstance instance, Publications publications, Leaving leaving) {
        this.instance = instance;
        this.publications = publications;
        this.leaving = leaving;
    }

    /** A CONNECT has come through this gate. */
    void onConnect(MqttEndpoint endpoint, PacketGate gate, ListenerOptions listener) {
        endpoint.exceptionHandler(failure -> log.debug("Connection failed [cause={}]", failure.getMessage()));
        endpoint.autoKeepAlive(false).publishAutoAck(false).subscriptionAutoAck(false); // the gate answers pings
        Arrival arrival;
        try {
            checkStopping(listener.hints().redirect());
            arrival = arrive(endpoint, gate, listener);
        } catch (RefusedConnectException refused) {
            int version = endpoint.protocolVersion();
            gate.listener().onConnectRefused(gate.peer(), refused);
            endpoint.reject(
                    refused.refusal().code(version),
                    ConnackProperties.refused(version, refused.getMessage(), refused.serverReference()));
            return;
        }
        ClientId client = arrival.request().client();
        instance.claimsUnderway.claimed(client);
        Member self = instance.member();
        instance.outbox
                .request(
                        EventTypes.CLIENT_CLAIMED,
                        Concern.CONNECTIONS,
                        new ClientClaimed(client, self.node(), self.incarnation(), instance.number))
                .onSuccess(epoch -> onClaimed(arrival, epoch, instance.claimsUnderway.answered(client)))
                .onFailure(failure -> onNotClaimed(arrival, failure));
    }

    private void checkStopping(Redirect redirect) {
        if (stopping) {
            String elsewhere = redirect.serverReference();
            throw new RefusedConnectException(
                    elsewhere == null
                            ? RefusedConnectException.Refusal.UNAVAILABLE
                            : RefusedConnectException.Refusal.USE_ANOTHER_SERVER,
                    "this node is stopping",
                    elsewhere);
        }
    }

    private Arrival arrive(MqttEndpoint endpoint, PacketGate gate, ListenerOptions listener) {
        ConnectRequest request = ConnectRequest.of(endpoint, gate.peer(), instance, listener);
        MqttProperties connack = ConnackProperties.accepted(
                request, gate, listener, instance.options.shared().shared());
        if (!ConnackFit.fits(connack, request.capabilities().maximumPacketSize())) {
            throw new RefusedConnectException(
                    RefusedConnectException.Refusal.PACKET_SIZE, "takes no packets as large as CONNACK has to be");
        }
        return new Arrival(endpoint, gate, listener, request, connack);
    }

    private void onNotClaimed(Arrival arrival, Throwable failure) {
        instance.claimsUnderway.answered(arrival.request().client());
        if (failure instanceof EventFailedException known && known.failure() == EventFailure.TAKEN) {
            arrival.gate().close(); // a newer connection has overtaken it
        } else {
            refuse(arrival, failure);
        }
    }

    /** The node stops: nobody is let in any more. */
    void stop() {
        stopping = true;
    }

    /** A connection between CONNECT and CONNACK, with what the latter tells if it is let in. */
    private record Arrival(
            MqttEndpoint endpoint,
            PacketGate gate,
            ListenerOptions listener,
            ConnectRequest request,
            MqttProperties connack) {}

    private void onClaimed(Arrival arrival, long epoch, long evictedEpoch) {
        ConnectRequest request = arrival.request();
        boolean overtaken = epoch <= evictedEpoch;
        if (overtaken || stopping || arrival.gate().hasEnded()) {
            instance.outbox.send(
                    EventTypes.CLIENT_RELEASED, Concern.CONNECTIONS, new ClientReleased(request.client(), epoch));
            arrival.gate().close();
            return;
        }
        Session session = new Session(instance, request, arrival.listener(), arrival.gate(), epoch);
        instance.sessions.put(request.client(), session);
        arrival.endpoint().closeHandler(closed -> leaving.onClosed(session));
        ClientConnected event = connected(session, request);
        instance.outbox
                .request(EventTypes.CLIENT_CONNECTED, Concern.CONNECTIONS, event)
                .onSuccess(found -> {
                    if (accept(arrival, session, found)) {
                        instance.broadcasts.send(EventTypes.CLIENT_CONNECTED, event);
                    }
                })
                .onFailure(failure -> {
                    refuse(arrival, failure);
                    leaving.onRefused(session);
                });
    }

    private ClientConnected connected(Session session, ConnectRequest request) {
        return new ClientConnected(
                request.client(),
                request.username(),
                instance.options.node(),
                session.epoch(),
                System.currentTimeMillis(),
                request.cleanStart(),
                request.expirySeconds(),
                request.will());
    }

    /** Whether the client is still there to be let in. */
    private boolean accept(Arrival arrival, Session session, SessionFound found) {
        if (session.isEnded() || arrival.gate().hasEnded()) {
            return false;
        }
        Connection connection = new Connection(session, instance, publications);
        session.letIn(connection.inbound(), found.present());
        connection.inbound().unreleased().restore(found.memory().inbound());
        connection.listenTo(arrival.endpoint());
        arrival.gate().onWritable(session.outbound()::drain);
        boolean told = arrival.request().version() >= MQTT_3_1_1; // before, that byte of the CONNACK was reserved
        arrival.endpoint().accept(told && found.present(), arrival.connack());
        log.debug("Client connected [client={}, session present={}]", session.client(), found.present());
        session.outbound().restore(found.memory().outbound());
        connection.subscribing().restore(found);
        connection.subscribing().subscribeUnasked();
        session.commands(connection.subscribing());
        return true;
    }

    private static void refuse(Arrival arrival, Throwable failure) {
        if (!arrival.gate().hasEnded()) {
            ConnectRequest request = arrival.request();
            arrival.gate().listener().onConnectRefused(arrival.gate().peer(), failure);
            arrival.endpoint()
                    .reject(
                            RefusedConnectException.Refusal.UNAVAILABLE.code(request.version()),
                            ConnackProperties.refused(request.version(), "the store is not available", null));
        }
    }
}
