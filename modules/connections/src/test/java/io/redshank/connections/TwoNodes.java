package io.redshank.connections;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.redshank.events.Answer;
import io.redshank.events.ClientClaimed;
import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.ClientEvicted;
import io.redshank.events.ClientReleased;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LastWill;
import io.redshank.events.LiveTopology;
import io.redshank.events.Member;
import io.redshank.events.SessionFound;
import io.redshank.events.Topology;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.redis.NodeLease;
import io.redshank.redis.NodeRun;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.TimestampUnit;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Nodes of which each has a Vert.x of its own, a broker played by the test, and the verticles of this module; Redis is all they share. */
final class TwoNodes {
    private TwoNodes() {}

    /** One of them. Its broker ends a connection when it is told to, as a real one does. */
    static final class Node implements AutoCloseable {
        final NodeName name;
        final long incarnation;
        final NodeLease lease;
        final AtomicInteger declaredDead = new AtomicInteger();
        private final Vertx vertx = Vertx.vertx();
        private final LiveTopology topology;
        private final Map<ClientId, Long> connected = new ConcurrentHashMap<>();
        private final Promise<EventOutbox> outbox = Promise.promise();
        private final Promise<Context> context = Promise.promise();
        /** Whether it hears what it is told. */
        volatile boolean deaf;

        private Node(String address, int port, String name, long incarnation, boolean beating, HookEntry... entries)
                throws Exception {
            this.name = new NodeName(name);
            this.incarnation = incarnation;
            this.lease = NodeLease.begin(new NodeRun(this.name, incarnation));
            topology = LiveTopology.alone(new Topology(
                    new Member(this.name, incarnation, Map.of(Concern.CONNECTIONS, 2, Concern.BROKER, 1)),
                    List.of(),
                    false));
            PoolConfig pool = new PoolConfig(
                    "pool1",
                    PoolType.SINGLE,
                    List.of(new RedisAddress(address, port)),
                    null,
                    8,
                    0,
                    null,
                    null,
                    "mqtt_channel",
                    Duration.ofSeconds(2));
            BackendOptions options = new BackendOptions(
                            this.name,
                            new HookTable(List.of(entries)),
                            Map.of("pool1", pool),
                            TimestampUnit.SECONDS,
                            Duration.ofDays(30),
                            Duration.ofDays(365),
                            Duration.ofHours(1),
                            false)
                    .under(beating ? lease : NodeLease.UNLIMITED);
            EventCodecs.register(vertx.eventBus());
            if (beating) {
                vertx.deployVerticle(new BeatsVerticle(options, topology, declaredDead::incrementAndGet))
                        .await(10, SECONDS);
            }
            for (int instance = 0; instance < 2; instance++) {
                vertx.deployVerticle(new ConnectionsVerticle(instance, options, topology))
                        .await(10, SECONDS);
            }
            vertx.deployVerticle(new ChannelVerticle(options, topology, () -> {}))
                    .await(10, SECONDS);
            vertx.deployVerticle(here -> {
                        context.complete(here);
                        outbox.complete(new EventOutbox(vertx, topology));
                        return new EventInbox(vertx, topology, Concern.BROKER, 0)
                                .on(EventTypes.CLIENT_EVICTED, this::onEvicted)
                                .open();
                    })
                    .await(5, SECONDS);
        }

        private Future<Answer> onEvicted(ClientEvicted eviction) {
            if (deaf) {
                return Future.succeededFuture(Answer.DONE);
            }
            if (connected.remove(eviction.client(), eviction.epoch())) {
                outbox.future()
                        .result()
                        .request(
                                EventTypes.CLIENT_DISCONNECTED,
                                Concern.CONNECTIONS,
                                ended(eviction.client(), eviction.epoch(), 0))
                        .onFailure(Throwable::printStackTrace);
            } else {
                outbox.future()
                        .result()
                        .send(
                                EventTypes.CLIENT_RELEASED,
                                Concern.CONNECTIONS,
                                new ClientReleased(eviction.client(), eviction.epoch()));
            }
            return Future.succeededFuture(Answer.DONE);
        }

        ClientDisconnected ended(ClientId client, long epoch, long expiry) {
            return new ClientDisconnected(
                    client, "user", name, epoch, System.currentTimeMillis(), expiry, null, null, null);
        }

        /** Claims and lets in; completes with the epoch. */
        Future<Long> connect(String client, long expiry, @Nullable LastWill will) {
            ClientId id = new ClientId(client);
            return turn(events -> claim(events, id).compose(epoch -> {
                connected.put(id, epoch);
                Future<SessionFound> let = events.request(
                        EventTypes.CLIENT_CONNECTED,
                        Concern.CONNECTIONS,
                        new ClientConnected(id, "user", name, epoch, System.currentTimeMillis(), false, expiry, will));
                return let.map(epoch);
            }));
        }

        Future<Long> connect(String client) {
            return connect(client, 0, null);
        }

        Future<Answer> disconnect(String client, long epoch) {
            connected.remove(new ClientId(client));
            return turn(events -> events.request(
                    EventTypes.CLIENT_DISCONNECTED, Concern.CONNECTIONS, ended(new ClientId(client), epoch, 0)));
        }

        boolean has(String client) {
            return connected.containsKey(new ClientId(client));
        }

        int count() {
            return connected.size();
        }

        private Future<Long> claim(EventOutbox events, ClientId id) {
            return events.request(
                    EventTypes.CLIENT_CLAIMED, Concern.CONNECTIONS, new ClientClaimed(id, name, incarnation, 0));
        }

        <T> Future<T> turn(Function<EventOutbox, Future<T>> work) {
            Promise<T> outcome = Promise.promise();
            context.future()
                    .result()
                    .runOnContext(turn -> work.apply(outbox.future().result()).onComplete(outcome));
            return outcome.future();
        }

        @Override
        public void close() throws Exception {
            vertx.close().await(20, SECONDS);
        }
    }

    static Node start(String address, int port, String name, long incarnation, boolean beating, HookEntry... entries)
            throws Exception {
        return new Node(address, port, name, incarnation, beating, entries);
    }
}
