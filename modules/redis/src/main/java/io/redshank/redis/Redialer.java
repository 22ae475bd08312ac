package io.redshank.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisConnection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection up: dials, prepares, and dials again whenever the connection ends, until closed. Confined to the context
 * that made it, apart from {@link #connection()}.
 */
final class Redialer {
    /** A connection that lived this long was a good one: after it the back-off starts anew. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Vertx vertx;
    private final Context context;
    private final Dialer dialer;
    private final PoolHealth health;
    private final Function<RedisConnection, Future<Void>> prepare;
    private final Handler<RedisFailure> onLost;
    private final BackOff backOff = new BackOff();
    private volatile @Nullable Dialed live;
    private Promise<Void> up = Promise.promise();
    private long upSince;
    private boolean isDown;
    private boolean closed;

    /**
     * Makes one that dials at {@link #start}.
     *
     * @param prepare what must have succeeded on a new connection before it counts as up
     * @param onLost told when a connection that was up is no more
     */
    Redialer(
            Vertx vertx,
            PoolConfig pool,
            Function<RedisConnection, Future<Void>> prepare,
            Handler<RedisFailure> onLost) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.dialer = new Dialer(vertx, pool);
        this.health = PoolHealth.of(vertx, pool);
        this.prepare = prepare;
        this.onLost = onLost;
    }

    void start() {
        context.runOnContext(started -> dial());
    }

    Context context() {
        return context;
    }

    /** The connection, if it is up. */
    @Nullable
    RedisConnection connection() {
        Dialed now = live;
        return now == null ? null : now.connection();
    }

    /** Completes when up, now or at the next connect. */
    Future<Void> up() {
        return up.future();
    }

    /** Gives up the connection, if it still is the one that is up, and dials again. */
    void giveUp(RedisConnection connection, RedisFailure why) {
        Dialed now = live;
        if (now == null || now.connection() != connection) {
            return;
        }
        live = null;
        up = Promise.promise();
        if (System.nanoTime() - upSince > GOOD_NANOS) {
            backOff.reset();
        }
        now.close();
        noteDown(now.address().toString(), why);
        dialLater();
        onLost.handle(why);
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        Dialed now = live;
        live = null;
        if (now != null) {
            now.close();
        }
        if (isDown) {
            health.linkClosed();
        }
        RedisFailure why = RedisFailure.linkDown("the link to Redis is closed");
        up = Promise.promise();
        up.fail(why);
        onLost.handle(why);
    }

    /** The same when it is not needed any more, which ends what was down. */
    void retire() {
        if (isDown && !closed) {
            isDown = false;
            health.linkUp("another server");
        }
        close();
    }

    private void giveUp(Dialed dialed, String why) {
        giveUp(dialed.connection(), RedisFailure.linkDown(why));
    }

    private void dial() {
        if (!closed) {
            dialer.dial().compose(this::prepared).onComplete(this::onUp, this::onAttemptFailed);
        }
    }

    private void dialLater() {
        if (!closed) {
            vertx.setTimer(backOff.nextMillis(), due -> dial());
        }
    }

    private Future<Dialed> prepared(Dialed dialed) {
        // Both: after a failed write or an unreadable reply the client calls the second one only, and leaves the socket
        // open.
        RedisConnection connection = dialed.connection()
                .endHandler(ended -> giveUp(dialed, "Redis closed the connection"))
                .exceptionHandler(failure -> giveUp(dialed, String.valueOf(failure)));
        return prepare.apply(connection)
                .timeout(dialer.timeoutMillis(), TimeUnit.MILLISECONDS)
                .map(dialed)
                .onFailure(failure -> dialed.close());
    }

    private void onUp(Dialed dialed) {
        if (closed) {
            dialed.close();
            return;
        }
        live = dialed;
        upSince = System.nanoTime();
        if (isDown) {
            isDown = false;
            health.linkUp(dialed.address().toString());
        }
        up.complete();
    }

    private void onAttemptFailed(Throwable failure) {
        if (!closed) {
            noteDown(dialer.where(), failure);
            dialLater();
        }
    }

    private void noteDown(String where, Throwable why) {
        if (!isDown) {
            isDown = true;
            health.linkDown(where, why);
        }
    }
}
