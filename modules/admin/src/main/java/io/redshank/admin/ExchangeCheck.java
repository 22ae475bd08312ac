package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/** What is underway at QoS 2, in one of the two directions: only clients with a session have such. */
final class ExchangeCheck implements KeyCheck {
    private final FindingKind kind;
    private final Estate estate;
    private final RedisLink link;

    ExchangeCheck(FindingKind kind, Estate estate, RedisLink link) {
        this.kind = kind;
        this.estate = estate;
        this.link = link;
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Request> sessions = keys.stream().map(ExchangeCheck::hasSession).toList();
        return Replies.to(sessions, estate.sessions()).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                if (!replies.isOne(i)) {
                    suspicions.add(wrong(keys.get(i)));
                }
            }
            return suspicions;
        });
    }

    private static Request hasSession(Known key) {
        ClientId client = Names.client(key.name());
        return Request.cmd(Command.EXISTS).arg(client == null ? "" : Keys.session(client));
    }

    /** Should the client begin a session in this very moment, what is written for that makes the key live longer. */
    private Suspicion wrong(Known key) {
        Request drop = Mends.deleteUntouched(key.key(), key.ttlMillis());
        return new Suspicion(
                Finding.of(kind, link.pool().name(), key.subject(), ""),
                key.subject(),
                () -> Replies.to(List.of(hasSession(key)), estate.sessions())
                        .compose(now -> now.isOne(0) ? Future.succeededFuture(false) : Mends.send(link, drop)));
    }
}
