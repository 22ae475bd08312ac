package io.redshank.connections;

import static io.vertx.redis.client.Command.ZCARD;

import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.CountsLookup;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts sessions, on the one instance that sweeps them. */
final class SessionCounts {
    private final RedisLink link;
    private final @Nullable SessionSweep sweep;

    SessionCounts(RedisLink link, @Nullable SessionSweep sweep) {
        this.link = link;
        this.sweep = sweep;
    }

    Future<Counts> onLookup(CountsLookup lookup) {
        SessionSweep sweeping = sweep;
        if (sweeping == null) {
            return Future.succeededFuture(Counts.NONE);
        }
        return link.send(Request.cmd(ZCARD, Keys.SESSIONS_DUE))
                .map(due -> new Counts(Map.of(
                        Count.SESSIONS_DISCONNECTED,
                        due == null ? 0L : due.toLong(),
                        Count.SESSIONS_EXPIRED,
                        sweeping.expired())))
                .recover(Failures::toEvent);
    }
}
