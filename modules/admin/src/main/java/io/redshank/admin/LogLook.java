package io.redshank.admin;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.KeyKind;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/** The ids in logs, each of which must have a body. */
final class LogLook implements Look {
    private final RedisLink link;
    private final Sweeping sweeping;

    LogLook(RedisLink link, Sweeping sweeping) {
        this.link = link;
        this.sweeping = sweeping;
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        List<Subject> ids = subjects.stream()
                .filter(subject -> Names.id(subject.name()) != null)
                .toList();
        List<Request> questions = ids.stream()
                .map(subject -> Request.cmd(Command.TYPE).arg(Keys.message(new MessageId(subject.name()))))
                .toList();
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                String type = replies.text(i);
                if ("none".equals(type) && !isSweptSoon(ids.get(i))) {
                    suspicions.add(wrong(FindingKind.EXPIRED_ID, ids.get(i), "none"));
                } else if (type != null && !type.equals("none") && !type.equals("hash")) {
                    suspicions.add(wrong(FindingKind.ID_IS_TOPIC, ids.get(i), type));
                }
            }
            return suspicions;
        });
    }

    private boolean isSweptSoon(Subject subject) {
        TopicName topic = Names.topic(KeyKind.MESSAGE.nameIn(subject.key()));
        return sweeping.isToCome(topic, new MessageId(subject.name()));
    }

    private Suspicion wrong(FindingKind kind, Subject subject, String type) {
        Request again = Request.cmd(Command.TYPE).arg(Keys.message(new MessageId(subject.name())));
        Request remove = Request.cmd(Command.ZREM).arg(subject.key()).arg(subject.name());
        String detail = kind == FindingKind.ID_IS_TOPIC ? "its key is a " + type : "";
        return new Suspicion(
                Finding.of(kind, link.pool().name(), subject, detail),
                subject,
                () -> link.send(again)
                        .compose(now -> type.equals(String.valueOf(now))
                                ? Mends.send(link, remove)
                                : Future.succeededFuture(false)));
    }
}
