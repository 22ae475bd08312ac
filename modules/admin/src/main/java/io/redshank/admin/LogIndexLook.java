package io.redshank.admin;

import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.LogScripts;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The index of logs: each topic in it must have one. */
final class LogIndexLook implements Look {
    private final RedisLink link;
    private final Sweeping sweeping;

    LogIndexLook(RedisLink link, Sweeping sweeping) {
        this.link = link;
        this.sweeping = sweeping;
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        List<Request> questions = subjects.stream()
                .map(subject -> {
                    TopicName topic = Names.topic(subject.name());
                    return Request.cmd(Command.TYPE).arg(topic == null ? "" : Keys.log(topic));
                })
                .toList();
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < subjects.size(); i++) {
                FindingKind kind = kindOf(subjects.get(i), replies.text(i));
                if (kind != null) {
                    suspicions.add(wrong(kind, subjects.get(i), String.valueOf(replies.text(i))));
                }
            }
            return suspicions;
        });
    }

    private @Nullable FindingKind kindOf(Subject subject, @Nullable String type) {
        TopicName topic = Names.topic(subject.name());
        if (topic == null) {
            return FindingKind.INDEX_MALFORMED;
        }
        if (type == null || type.equals("zset")) {
            return null;
        }
        if (!type.equals("none")) {
            return FindingKind.TOPIC_IS_ID;
        }
        return sweeping.isToCome(topic, (long) Double.parseDouble(subject.what())) ? null : FindingKind.EMPTY_LOG;
    }

    private Suspicion wrong(FindingKind kind, Subject subject, String type) {
        Request forget = LogScripts.FORGET_TOPIC.call(subject.key(), subject.name(), subject.what());
        String detail = kind == FindingKind.TOPIC_IS_ID ? "its key is a " + type : "";
        return new Suspicion(Finding.of(kind, link.pool().name(), subject, detail), subject, Mends.by(link, forget));
    }
}
