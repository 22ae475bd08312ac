package io.redshank.admin;

import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import java.util.List;

/** The messages of keep-latest topics, which must have an end. */
final class LatestCheck implements KeyCheck {
    private final Estate estate;
    private final RedisLink link;

    LatestCheck(Estate estate, RedisLink link) {
        this.estate = estate;
        this.link = link;
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        return Future.succeededFuture(
                keys.stream().filter(Known::isEndless).map(this::endless).toList());
    }

    private Suspicion endless(Known key) {
        long seconds = estate.messageSeconds(Names.topic(key.name()));
        return new Suspicion(
                Finding.of(FindingKind.NO_TTL, link.pool().name(), key.subject(), "of a topic's latest message"),
                key.subject(),
                Mends.by(link, Mends.end(key.key(), "hash", seconds, "")));
    }
}
