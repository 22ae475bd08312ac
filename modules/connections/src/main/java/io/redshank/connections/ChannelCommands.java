package io.redshank.connections;

import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.HSET;

import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.events.LiveTopology;
import io.redshank.events.SubscriptionCommanded;
import io.redshank.events.Topology;
import io.redshank.model.ClientId;
import io.redshank.model.Qos;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Registration;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Obeys what applications say on one channel: at once for a live client, at its next connect for another. */
final class ChannelCommands {
    private static final Logger log = LoggerFactory.getLogger(ChannelCommands.class);

    private final EventOutbox outbox;
    private final LiveTopology topology;
    private final RedisLink link;
    private final RedisLink sessions;
    private long unreadable;

    /** Obeys what it is told on the channel of one pool; who has which client is known to the pool of sessions. */
    ChannelCommands(EventOutbox outbox, LiveTopology topology, RedisLink link, RedisLink sessions) {
        this.outbox = outbox;
        this.topology = topology;
        this.link = link;
        this.sessions = sessions;
    }

    void onMessage(Buffer message) {
        if (Notice.isOne(message)) {
            return;
        }
        try {
            SubscriptionCommanded command = ChannelCommand.read(message);
            obey(command)
                    .onFailure(failure -> log.warn(
                            "Command of an application not obeyed [channel={}, client={}, cause={}]",
                            link.pool().channel(),
                            command.client(),
                            failure.getMessage()));
        } catch (ChannelCommand.UnreadableException wrong) {
            unreadable++;
            log.warn(
                    "Message on the channel is no command [channel={}, cause={}, so far={}]",
                    link.pool().channel(),
                    wrong.getMessage(),
                    unreadable);
        }
    }

    /** Every node hears it. The one that has the client does it; if none has, one node keeps it for the client's next connect. */
    private Future<?> obey(SubscriptionCommanded command) {
        return isDoneHere(command).compose(done -> done ? Future.succeededFuture() : obeyIfItsTurn(command));
    }

    private Future<?> obeyIfItsTurn(SubscriptionCommanded command) {
        return holderOf(command.client())
                .compose(holder -> isMine(holder, command.client())
                        // Asked again: a client that connected in between has not read what was just written.
                        ? keep(command)
                                .compose(kept -> holderOf(command.client()))
                                .compose(now -> askAgain(now, command))
                        : Future.succeededFuture());
    }

    private Future<Boolean> isDoneHere(SubscriptionCommanded command) {
        return Future.join(outbox.requestOfAll(EventTypes.SUBSCRIPTION_COMMANDED, Concern.BROKER, command))
                .map(all -> all.<Boolean>list().contains(Boolean.TRUE));
    }

    /** Whether it is for this node to keep a command for a client that is claimed for that one, if for any. */
    private boolean isMine(Registration.@Nullable Holder holder, ClientId client) {
        Topology now = topology.now();
        if (holder != null && now.member(holder.node()) != null) {
            return holder.node().equals(now.node()); // it is being let in there
        }
        Instance owner = now.owner(Concern.CONNECTIONS, client.value().hashCode());
        return owner == null || owner.node().equals(now.node());
    }

    private Future<?> askAgain(Registration.@Nullable Holder holder, SubscriptionCommanded command) {
        return holder == null || topology.now().member(holder.node()) == null
                ? isDoneHere(command)
                : outbox.requestOf(
                        EventTypes.SUBSCRIPTION_COMMANDED,
                        Concern.BROKER,
                        new Instance(holder.node(), holder.instance()),
                        command);
    }

    private Future<Registration.@Nullable Holder> holderOf(ClientId client) {
        return sessions.send(Request.cmd(Command.HGETALL, Keys.connection(client)))
                .map(hash -> hash == null
                        ? null
                        : Registration.read(Hashes.read(hash)).holder());
    }

    private Future<?> keep(SubscriptionCommanded command) {
        String key = Keys.subscriptions(command.client());
        String filter = command.filter().value();
        Qos qos = command.qos();
        return link.send(qos == null ? Request.cmd(HDEL, key, filter) : Request.cmd(HSET, key, filter, qos.level()));
    }
}
