package io.redshank.redis;

import io.vertx.redis.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * A command that a server of a cluster has sent elsewhere.
 *
 * @param to where it said; null if the map of the slots has to be asked
 * @param once whether only this command goes there, because its slot is just being moved
 */
record Redirect(Place where, @Nullable RedisAddress to, boolean once) {
    /** A command of a call. */
    record Place(ClusterCall call, int place) {
        Request request() {
            return call.request(place);
        }
    }

    Request request() {
        return where.request();
    }

    /** Null if this failure is none. For example {@code ASK 3999 127.0.0.1:6381}. */
    static @Nullable Redirect of(Place where, RedisFailure failure) {
        boolean once = failure.hasCode("ASK");
        if (!once && !failure.hasCode("MOVED")) {
            return null;
        }
        return new Redirect(where, once ? address(String.valueOf(failure.getMessage())) : null, once);
    }

    private static @Nullable RedisAddress address(String words) {
        String text = words.substring(words.lastIndexOf(' ') + 1);
        int colon = text.lastIndexOf(':');
        try {
            return new RedisAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
            return null;
        }
    }
}
