package io.redshank.connections;

import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.HSET;

import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.SubscriptionCommanded;
import io.redshank.model.Qos;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Obeys what applications say on one channel: at once for a live client, at its next connect for another. */
final class ChannelCommands {
    private static final Logger log = LoggerFactory.getLogger(ChannelCommands.class);

    private final EventOutbox outbox;
    private final RedisLink link;
    private long unreadable;

    ChannelCommands(EventOutbox outbox, RedisLink link) {
        this.outbox = outbox;
        this.link = link;
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

    private Future<?> obey(SubscriptionCommanded command) {
        return ask(command)
                .compose(live -> live
                        ? Future.succeededFuture()
                        // Asked again: a client that connected in between has not read what was just written.
                        : keep(command).compose(kept -> ask(command)));
    }

    private Future<Boolean> ask(SubscriptionCommanded command) {
        return outbox.request(EventTypes.SUBSCRIPTION_COMMANDED, Concern.BROKER, command);
    }

    private Future<?> keep(SubscriptionCommanded command) {
        String key = Keys.subscriptions(command.client());
        String filter = command.filter().value();
        Qos qos = command.qos();
        return link.send(qos == null ? Request.cmd(HDEL, key, filter) : Request.cmd(HSET, key, filter, qos.level()));
    }
}
