package io.redshank.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RetainedIndex;
import io.redshank.redis.RetainedMember;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The index of retained messages: each topic in it must have one. */
final class RetainedIndexLook implements Look {
    private final RedisLink link;

    RetainedIndexLook(RedisLink link) {
        this.link = link;
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        List<Request> questions = subjects.stream()
                .map(subject -> {
                    TopicName topic = topicOf(subject);
                    return Request.cmd(Command.EXISTS).arg(topic == null ? "" : Keys.retained(topic));
                })
                .toList();
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < subjects.size(); i++) {
                TopicName topic = topicOf(subjects.get(i));
                if (topic == null) {
                    suspicions.add(malformed(subjects.get(i)));
                } else if (!replies.isOne(i)) {
                    suspicions.add(gone(subjects.get(i), topic));
                }
            }
            return suspicions;
        });
    }

    private Suspicion malformed(Subject subject) {
        Request remove = RetainedIndex.unindexed(subject.name().getBytes(UTF_8));
        return new Suspicion(
                Finding.of(FindingKind.INDEX_MALFORMED, link.pool().name(), subject, ""),
                subject,
                Mends.by(link, remove));
    }

    private Suspicion gone(Subject subject, TopicName topic) {
        return new Suspicion(
                Finding.of(FindingKind.RETAINED_GONE, link.pool().name(), subject, "topic " + topic),
                subject,
                () -> new RetainedIndex(link).check(List.of(topic)).map(true));
    }

    private static @Nullable TopicName topicOf(Subject subject) {
        return RetainedMember.topicOf(subject.name().getBytes(UTF_8));
    }
}
