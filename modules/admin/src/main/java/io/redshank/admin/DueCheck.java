package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.redis.DueMessages;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.SessionFields;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Wills and delayed messages, which must be in the index by which they are published. */
final class DueCheck implements KeyCheck {
    private final DueMessages queue;
    private final RedisLink link;

    DueCheck(DueMessages queue, RedisLink link) {
        this.queue = queue;
        this.link = link;
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Request> questions = new ArrayList<>();
        for (Known key : keys) {
            questions.add(Request.cmd(Command.ZSCORE).arg(queue.index().key()).arg(key.name()));
            questions.add(Request.cmd(Command.HMGET).arg(key.key()).arg("from").arg(DueMessages.NODE));
        }
        return Replies.to(questions, link).compose(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            List<Known> wills = new ArrayList<>();
            List<Request> known = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                Known key = keys.get(i);
                boolean indexed = replies.get(2 * i) != null;
                if (!indexed && queue == DueMessages.WILLS) {
                    wills.add(key);
                    known.add(willOf(replies.field(2 * i + 1, 0)));
                    known.add(heldBy(replies.field(2 * i + 1, 1), key));
                } else if (key.isEndless()) {
                    suspicions.add(endless(key));
                } else if (!indexed) {
                    suspicions.add(delayed(key));
                }
            }
            return Replies.to(known, link).map(found -> {
                for (int i = 0; i < wills.size(); i++) {
                    if (!found.isOne(2 * i + 1)) {
                        suspicions.add(will(wills.get(i), found.field(2 * i, 0), found.field(2 * i, 1)));
                    }
                }
                return suspicions;
            });
        });
    }

    private static Request willOf(@Nullable String from) {
        ClientId client = Names.client(from);
        return Request.cmd(Command.HMGET)
                .arg(client == null ? "" : Keys.session(client))
                .arg(SessionFields.WILL)
                .arg(SessionFields.WILL_DUE);
    }

    /** Whether it is that of a client which is connected; if its node does not run, that is said of the node's entry. */
    private static Request heldBy(@Nullable String name, Known key) {
        NodeName node = Names.node(name);
        return Request.cmd(Command.HEXISTS)
                .arg(node == null ? "" : Keys.heldWills(node))
                .arg(key.name());
    }

    private Suspicion endless(Known key) {
        return suspicion(
                FindingKind.NO_TTL,
                key,
                "of what is published later",
                Mends.end(key.key(), "hash", DueMessages.SPARE_SECONDS, ""));
    }

    /** Its key outlives the time at which it is due by a known span, which so tells that time. */
    private Suspicion delayed(Known key) {
        long due = System.currentTimeMillis() + key.ttlMillis() - TimeUnit.SECONDS.toMillis(DueMessages.SPARE_SECONDS);
        return suspicion(
                FindingKind.DELAYED_NOT_DUE, key, "", Mends.index(queue.index().key(), key.name(), Long.toString(due)));
    }

    /** A will that its client's session knows is to be published; any other was withdrawn, or is published already. */
    private Suspicion will(Known key, @Nullable String known, @Nullable String due) {
        if (key.name().equals(known) && due != null) {
            return suspicion(
                    FindingKind.WILL_NOT_DUE, key, "", Mends.index(queue.index().key(), key.name(), due));
        }
        return suspicion(
                FindingKind.WILL_OF_NOBODY, key, "", Request.cmd(Command.DEL).arg(key.key()));
    }

    private Suspicion suspicion(FindingKind kind, Known key, String detail, Request mend) {
        Finding finding = Finding.of(kind, link.pool().name(), key.subject(), detail);
        return new Suspicion(finding, key.subject(), Mends.by(link, mend));
    }
}
