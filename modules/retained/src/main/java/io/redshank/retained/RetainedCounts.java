package io.redshank.retained;

import static io.vertx.redis.client.Command.ZCARD;

import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.CountsLookup;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Map;

/** Counts retained messages, in all pools, on one instance. */
final class RetainedCounts {
    private final RedisLinks links;
    private final boolean counting;

    RetainedCounts(RedisLinks links, boolean counting) {
        this.links = links;
        this.counting = counting;
    }

    Future<Counts> onLookup(CountsLookup lookup) {
        if (!counting) {
            return Future.succeededFuture(Counts.NONE);
        }
        List<Future<Long>> sizes =
                links.all().stream().map(RetainedCounts::size).toList();
        return Future.all(sizes)
                .map(all -> new Counts(Map.of(
                        Count.RETAINED, sizes.stream().mapToLong(Future::result).sum())))
                .recover(failure -> Future.failedFuture(
                        new EventFailedException(EventFailure.UNAVAILABLE, String.valueOf(failure.getMessage()))));
    }

    private static Future<Long> size(RedisLink link) {
        return link.send(Request.cmd(ZCARD, Keys.RETAINED_INDEX)).map(size -> size == null ? 0L : size.toLong());
    }
}
