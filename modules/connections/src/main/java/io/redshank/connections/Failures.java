package io.redshank.connections;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.redis.RedisFailure;
import io.vertx.core.Future;

/** What a failure of Redis means to whoever sent the event. */
final class Failures {
    private Failures() {}

    static boolean isUnavailable(Throwable failure) {
        return failure instanceof RedisFailure redis && redis.kind() == RedisFailure.Kind.UNAVAILABLE;
    }

    static <T> Future<T> toEvent(Throwable failure) {
        if (failure instanceof RedisFailure) {
            EventFailure kind = isUnavailable(failure) ? EventFailure.UNAVAILABLE : EventFailure.REFUSED;
            return Future.failedFuture(new EventFailedException(kind, String.valueOf(failure.getMessage())));
        }
        return Future.failedFuture(failure);
    }
}
