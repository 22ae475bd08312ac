package io.redshank.acks;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** Who waits until so many more lots are written; thousands may. Confined to one context. */
final class LotsAwaited {
    private static final class One {
        final Promise<Void> promise = Promise.promise();
        int lots;

        One(int lots) {
            this.lots = lots;
        }
    }

    private final List<One> all = new ArrayList<>();

    /** Complete after so many more lots; fails when an attempt has failed, for nobody knows then how long Redis is away. */
    Future<Void> after(int lots) {
        One one = new One(lots);
        all.add(one);
        return one.promise.future();
    }

    /** A lot is written, or could not be. */
    void lotDone(boolean failed) {
        List<One> due = new ArrayList<>();
        all.removeIf(one -> (--one.lots <= 0 || failed) && due.add(one));
        for (One one : due) {
            if (failed) {
                one.promise.fail(new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away"));
            } else {
                one.promise.complete();
            }
        }
    }
}
