package io.redshank.broker;

import io.redshank.broker.sys.Counters;
import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.SubscriptionCommanded;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The MQTT server, one instance for each event loop. Instances share the listeners' ports; each serves the connections that are
 * given to it, and routes to them.
 */
public final class BrokerVerticle extends VerticleBase {
    private final int number;
    private final BrokerOptions options;
    private final LiveTopology topology;
    private final Counters counters = new Counters();
    private final Arrivals connections = new Arrivals(new TrafficMeter(counters));
    private final List<MqttServer> servers = new ArrayList<>();
    private LiveTopology.@Nullable Watch watch;
    private @Nullable EventInbox inbox;
    private @Nullable EventOutbox outbox;
    private @Nullable StatusReport report;
    private @Nullable Leaving leaving;
    private @Nullable Connecting connecting;
    private @Nullable CertificateWatch certificates;

    /** One instance, of this number among those of its node. */
    public BrokerVerticle(int number, BrokerOptions options, LiveTopology topology) {
        this.number = number;
        this.options = options;
        this.topology = topology;
    }

    @Override
    public Future<?> start() {
        EventOutbox events = new EventOutbox(vertx, topology);
        outbox = events;
        BrokerInstance instance = new BrokerInstance(number, vertx, options, topology.now(), events, counters);
        Publications publications = new Publications(instance);
        Leaving departures = new Leaving(instance, publications);
        leaving = departures;
        SharedGroups groups = instance.sharedGroups;
        watch = topology.watch(context, now -> groups.nodesChanged(instance.topology(now), now));
        Routing routing = new Routing(instance);
        inbox = new EventInbox(vertx, topology, Concern.BROKER, number)
                .on(EventTypes.MESSAGE_ACCEPTED, routing::onAccepted)
                .on(EventTypes.MESSAGE_FORWARDED, routing::onForwarded)
                .on(EventTypes.NODES_REUNITED, new Reunion(instance, routing)::onReunited)
                .on(EventTypes.SHARE_JOINED, groups::onJoined)
                .on(EventTypes.SHARE_LEFT, groups::onLeft)
                .on(EventTypes.MESSAGE_ASSIGNED, instance.sharedMembers::onAssigned)
                .on(EventTypes.MESSAGE_RETURNED, groups::onReturned)
                .on(EventTypes.MESSAGE_SETTLED, groups::onSettled)
                .on(EventTypes.SHARE_OVERTAKEN, groups::onOvertaken)
                .on(EventTypes.MESSAGE_DUE, publications::onDue)
                .on(EventTypes.CLIENT_EVICTED, departures::onEvicted)
                .on(EventTypes.SUBSCRIPTION_COMMANDED, command -> command(command, instance))
                .on(EventTypes.COUNTS_LOOKUP, lookup -> Future.succeededFuture(instance.counts()))
                .on(EventTypes.STATUS_CHANGED, changed -> instance.status.onChanged(changed, routing::onAccepted));
        Connecting arrivals = new Connecting(instance, publications, departures);
        connecting = arrivals;
        if (number == 0) { // one of them does for all
            certificates = new CertificateWatch(vertx, options.listeners());
        }
        report = new StatusReport(instance);
        return inbox.open();
    }

    /**
     * Opens the listeners: to be called once it is deployed, and other nodes know what this one serves with. From any thread.
     */
    public Future<Void> listen() {
        return onContext(() -> {
            StatusReport status = Objects.requireNonNull(report);
            return bind(Objects.requireNonNull(connecting)).onSuccess(listening -> status.start());
        });
    }

    /**
     * Lets nobody in any more, and sends away those who are connected, so many each second; complete when the end of each is told.
     * From any thread.
     *
     * @param perSecond how many, at least 1
     */
    public Future<Void> drain(int perSecond) {
        return onContext(() -> {
            Objects.requireNonNull(connecting).stop();
            return Objects.requireNonNull(leaving).everybody(perSecond);
        });
    }

    private Future<Void> onContext(Supplier<Future<?>> work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> work.get().<Void>mapEmpty().onComplete(done));
        return done.future();
    }

    /** Lets nobody in any more, ends the connections, closes the listeners, and completes when the end of each is told. */
    @Override
    public Future<?> stop() {
        if (connecting != null) {
            connecting.stop();
        }
        if (report != null) {
            report.stop();
        }
        if (watch != null) {
            watch.end();
        }
        Future<?> told = leaving == null ? Future.succeededFuture() : leaving.everybody();
        List<Future<?>> closed = new ArrayList<>();
        servers.forEach(server -> closed.add(server.close()));
        if (certificates != null) {
            closed.add(certificates.stop());
        }
        return Future.join(closed)
                .transform(listening -> told)
                .transform(ended -> inbox == null ? Future.succeededFuture() : inbox.close())
                .onComplete(unregistered -> {
                    if (outbox != null) {
                        outbox.close();
                    }
                });
    }

    /** The ports that the listeners are bound to, in their order; to be asked once started. */
    public List<Integer> ports() {
        return servers.stream().map(MqttServer::actualPort).toList();
    }

    private static Future<Boolean> command(SubscriptionCommanded command, BrokerInstance instance) {
        Session session = instance.sessions.get(command.client());
        if (session == null) {
            return Future.succeededFuture(false);
        }
        session.command(command);
        return Future.succeededFuture(true);
    }

    private Future<?> bind(Connecting arrivals) {
        Logins logins = new Logins(options.logins(), context);
        List<Future<MqttServer>> listening = new ArrayList<>();
        for (Listener listener : options.listeners()) {
            ListenerOptions asked = listener.options();
            TappedVertx tapped = new TappedVertx(
                    vertx, socket -> connections.tap(socket, listener, new Authentication(logins, asked)));
            MqttServer server = MqttServer.create(tapped, serverOptions(asked));
            servers.add(server);
            server.endpointHandler(endpoint -> arrivals.onConnect(endpoint, connections.announced(), asked));
            listening.add(server.listen(asked.port(), asked.host())
                    .recover(failure -> Future.failedFuture(notListening(asked, failure))));
        }
        return Future.all(listening);
    }

    private static IllegalStateException notListening(ListenerOptions listener, Throwable failure) {
        return new IllegalStateException(
                "cannot listen on " + listener.host() + ":" + listener.port() + ": " + failure.getMessage()
                        + "; end what uses it, or choose another address in mqtt.listeners",
                failure);
    }

    private static MqttServerOptions serverOptions(ListenerOptions listener) {
        MqttServerOptions server = new MqttServerOptions();
        server.setMaxMessageSize(listener.limits().packets().maxPacketSize());
        server.setMaxClientIdLength(listener.limits().packets().maxClientIdLength());
        server.setTimeoutOnConnect(
                (int) Math.max(1, listener.connections().connectTimeout().toSeconds()));
        server.setAutoClientId(false);
        server.setTcpNoDelay(true);
        return server;
    }
}
