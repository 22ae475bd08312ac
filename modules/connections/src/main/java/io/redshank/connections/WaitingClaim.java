package io.redshank.connections;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** A claim that is not granted yet: looks whether it is whenever it is told to, and by itself less and less often. */
final class WaitingClaim {
    private static final long FIRST_MILLIS = 50;
    private static final long LAST_MILLIS = 1_000;

    private final Vertx vertx;
    private final Supplier<Future<Boolean>> look;
    private final Promise<Void> granted = Promise.promise();
    private long pauseMillis = FIRST_MILLIS;
    private long timer = -1;
    private boolean looking;
    private boolean again;

    /** Is granted when a look says so, and over when one fails for another reason than that Redis is away. */
    WaitingClaim(Vertx vertx, Supplier<Future<Boolean>> look) {
        this.vertx = vertx;
        this.look = look;
    }

    /** Begins to look. */
    Future<Void> begin() {
        lookNow();
        return granted.future();
    }

    /** Something may have happened. */
    void lookNow() {
        if (granted.future().isComplete()) {
            return;
        }
        if (looking) {
            again = true;
            return;
        }
        vertx.cancelTimer(timer);
        looking = true;
        again = false;
        look.get().recover(WaitingClaim::later).onSuccess(this::looked).onFailure(this::fail);
    }

    /** It is given up. */
    void fail(Throwable why) {
        vertx.cancelTimer(timer);
        granted.tryFail(why);
    }

    private void looked(boolean isGranted) {
        looking = false;
        if (isGranted) {
            granted.tryComplete();
        } else if (again) {
            lookNow();
        } else if (!granted.future().isComplete()) {
            timer = vertx.setTimer(pauseMillis, due -> lookNow());
            pauseMillis = Math.min(pauseMillis * 2, LAST_MILLIS);
        }
    }

    private static Future<Boolean> later(Throwable failure) {
        return Failures.isUnavailable(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure);
    }
}
