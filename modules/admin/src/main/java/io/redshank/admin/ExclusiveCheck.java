package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.SessionFields;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claims of exclusive subscriptions that never end: right only for sessions that are connected, or never end either. */
final class ExclusiveCheck implements KeyCheck {
    /** As long as a claim of a client without a session lasts: if it is connected, its node prolongs that. */
    private static final long VOLATILE_SECONDS = 60;

    private final RedisLink link;

    ExclusiveCheck(RedisLink link) {
        this.link = link;
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Known> endless = keys.stream().filter(Known::isEndless).toList();
        List<Request> owners = endless.stream()
                .map(key -> Request.cmd(Command.GET).arg(key.key()))
                .toList();
        return Replies.to(owners, link).compose(owned -> {
            List<Request> sessions = new ArrayList<>();
            for (int i = 0; i < endless.size(); i++) {
                ClientId owner = Names.client(owned.text(i));
                sessions.add(Request.cmd(Command.HMGET)
                        .arg(owner == null ? "" : Keys.session(owner))
                        .arg(SessionFields.CREATED_AT)
                        .arg(SessionFields.CONNECTED)
                        .arg(SessionFields.EXPIRY));
            }
            return Replies.to(sessions, link).map(found -> {
                List<Suspicion> suspicions = new ArrayList<>();
                for (int i = 0; i < endless.size(); i++) {
                    String owner = owned.text(i);
                    if (owner != null && !mayBeEndless(found, i)) {
                        suspicions.add(wrong(endless.get(i), owner, found.field(i, 0), found.field(i, 2)));
                    }
                }
                return suspicions;
            });
        });
    }

    private static boolean mayBeEndless(Replies sessions, int place) {
        if (sessions.field(place, 0) == null) {
            return false;
        }
        String connected = sessions.field(place, 1);
        String expiry = sessions.field(place, 2);
        return connected != null && !connected.equals("0")
                || expiry == null
                || new SessionView(new ClientId("any"), Map.of(SessionFields.EXPIRY, expiry)).neverEnds();
    }

    private Suspicion wrong(Known key, String owner, @Nullable String session, @Nullable String expiry) {
        long seconds = session == null ? VOLATILE_SECONDS : Names.number(expiry, 0) + SessionFields.SPARE_SECONDS;
        return new Suspicion(
                Finding.of(FindingKind.EXCLUSIVE_WITHOUT_TTL, link.pool().name(), key.subject(), "client " + owner),
                key.subject(),
                Mends.by(link, Mends.end(key.key(), "string", seconds, owner)));
    }
}
