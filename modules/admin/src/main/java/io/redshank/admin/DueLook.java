package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.redis.DueIndex;
import io.redshank.redis.DueMessages;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What an index says is due at some time, which must be there. */
final class DueLook implements Look {
    private final DueIndex index;
    private final FindingKind kind;
    private final Function<String, String> key;
    private final RedisLink link;

    private DueLook(DueIndex index, FindingKind kind, Function<String, String> key, RedisLink link) {
        this.index = index;
        this.kind = kind;
        this.key = key;
        this.link = link;
    }

    static DueLook ofSessions(RedisLink link) {
        return new DueLook(
                new DueIndex(Keys.SESSIONS_DUE),
                FindingKind.DUE_WITHOUT_SESSION,
                member -> {
                    ClientId client = Names.client(member);
                    return client == null ? "" : Keys.session(client);
                },
                link);
    }

    static DueLook of(DueMessages queue, RedisLink link) {
        return new DueLook(
                queue.index(),
                FindingKind.DUE_WITHOUT_MESSAGE,
                member -> {
                    MessageId id = Names.id(member);
                    return id == null ? "" : queue.key(id);
                },
                link);
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        List<Request> questions = subjects.stream()
                .map(subject -> Request.cmd(Command.EXISTS).arg(key.apply(subject.name())))
                .toList();
        return Replies.to(questions, link).compose(replies -> {
            List<Subject> alone = new ArrayList<>();
            for (int i = 0; i < subjects.size(); i++) {
                if (!replies.isOne(i)) {
                    alone.add(subjects.get(i));
                }
            }
            return stillThere(alone);
        });
    }

    /** The thing goes first and its entry a moment later: an entry that has gone, too, is right. */
    private Future<List<Suspicion>> stillThere(List<Subject> alone) {
        List<Request> questions = alone.stream()
                .map(subject -> Request.cmd(Command.ZSCORE).arg(subject.key()).arg(subject.name()))
                .toList();
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < alone.size(); i++) {
                if (replies.get(i) != null) {
                    suspicions.add(wrong(alone.get(i)));
                }
            }
            return suspicions;
        });
    }

    private Suspicion wrong(Subject subject) {
        long due = (long) Double.parseDouble(subject.what());
        return new Suspicion(
                Finding.of(kind, link.pool().name(), subject, ""),
                subject,
                Mends.by(link, index.remove(subject.name(), due)));
    }
}
