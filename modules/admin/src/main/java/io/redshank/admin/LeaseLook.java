package io.redshank.admin;

import io.redshank.model.MessageId;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/** Which messages of a queue are given to one client for a while: once that is over, there must be such a message. */
final class LeaseLook implements Look {
    private final RedisLink link;

    LeaseLook(RedisLink link) {
        this.link = link;
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        List<Subject> over = subjects.stream().filter(LeaseLook::isOver).toList();
        List<Request> questions = new ArrayList<>();
        for (Subject subject : over) {
            MessageId id = Names.id(subject.name());
            questions.add(Request.cmd(Command.HGET).arg(subject.key()).arg(subject.name()));
            questions.add(Request.cmd(Command.EXISTS).arg(id == null ? "" : Keys.message(id)));
        }
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < over.size(); i++) {
                if (over.get(i).what().equals(replies.text(2 * i)) && !replies.isOne(2 * i + 1)) {
                    suspicions.add(wrong(over.get(i)));
                }
            }
            return suspicions;
        });
    }

    /** Until then, whoever has it may still say what has become of it. */
    private static boolean isOver(Subject subject) {
        String[] parts = subject.what().split(" ", 2);
        return Names.number(parts[0], 0) < System.currentTimeMillis();
    }

    private Suspicion wrong(Subject subject) {
        return new Suspicion(
                Finding.of(FindingKind.LEASE_WITHOUT_MESSAGE, link.pool().name(), subject, ""),
                subject,
                Mends.by(link, Mends.dropField(subject)));
    }
}
