package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears one channel of a pool, on a connection of its own, which comes back by itself and subscribes again. What is published
 * in between is lost: that is Redis' pub/sub. Confined to the context that opened it; there the handler is called.
 */
public final class RedisSubscriber {
    private static final Logger log = LoggerFactory.getLogger(RedisSubscriber.class);

    private final Vertx vertx;
    private final PoolConfig pool;
    private final String channel;
    private final Handler<Buffer> handler;
    private final Redialer redialer;
    private final HomeThread home;
    private final Heartbeat heartbeat;

    private RedisSubscriber(Vertx vertx, PoolConfig pool, String channel, Handler<Buffer> handler) {
        this.vertx = vertx;
        this.pool = pool;
        this.channel = channel;
        this.handler = handler;
        this.redialer = new Redialer(vertx, pool, this::subscribe, lost -> stopListening());
        this.heartbeat = new Heartbeat(vertx, pool, redialer);
        this.home = new HomeThread(redialer.context());
    }

    /** Subscribes from now on until closed; the handler gets each message as it is. */
    public static RedisSubscriber open(Vertx vertx, PoolConfig pool, String channel, Handler<Buffer> handler) {
        RedisSubscriber subscriber = new RedisSubscriber(vertx, pool, channel, handler);
        subscriber.redialer.start();
        return subscriber;
    }

    /** Completes when subscribed, now or at the next connect. */
    public Future<Void> up() {
        return home.call(redialer::up);
    }

    /** Ends the connection and all attempts. */
    public Future<Void> close() {
        return home.call(() -> {
            redialer.close();
            return Future.succeededFuture();
        });
    }

    private void stopListening() {
        heartbeat.stop();
    }

    /** The future of SUBSCRIBE itself completes when it is written; that Redis has heard it, a push says. */
    private Future<Void> subscribe(RedisConnection connection) {
        Promise<Void> subscribed = Promise.promise();
        return connection
                .handler(push -> onPush(push, subscribed))
                .send(Request.cmd(Command.SUBSCRIBE).arg(channel))
                .compose(written -> subscribed.future())
                .onSuccess(done -> heartbeat.start(connection));
    }

    private void onPush(@Nullable Response push, Promise<Void> subscribed) {
        heartbeat.heard();
        if (push == null) {
            return;
        }
        if (push.type() == ResponseType.ERROR) { // for example NOPERM for this channel
            boolean first = subscribed.tryFail(RedisFailure.ofReply(push.toString()));
            log.debug("Error on a subscriber's connection [pool={}, first={}]", pool.name(), first);
        } else if (push.type() != ResponseType.PUSH) {
            log.trace("Reply to a ping that a push has overtaken [pool={}]", pool.name());
        } else if (push.get(0).toString().equals("subscribe")) {
            boolean first = subscribed.tryComplete();
            log.debug("Subscribed [pool={}, channel={}, first={}]", pool.name(), channel, first);
        } else if (push.get(0).toString().equals("message")) {
            handler.handle(push.get(2).toBuffer());
        }
    }
}
