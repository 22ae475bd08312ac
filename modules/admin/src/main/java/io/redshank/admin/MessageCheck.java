package io.redshank.admin;

import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Bodies, which must have an end, and logs, which must be in the index of logs. */
final class MessageCheck implements KeyCheck {
    private final Estate estate;
    private final RedisLink link;

    MessageCheck(Estate estate, RedisLink link) {
        this.estate = estate;
        this.link = link;
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Known> bodies = keys.stream()
                .filter(key -> key.type().equals("hash") && key.isEndless())
                .toList();
        List<Known> logs = keys.stream()
                .filter(key -> key.type().equals("zset") && Names.topic(key.name()) != null)
                .toList();
        return ofBodies(bodies)
                .compose(suspicions -> ofLogs(logs).map(more -> {
                    suspicions.addAll(more);
                    return suspicions;
                }));
    }

    private Future<List<Suspicion>> ofBodies(List<Known> bodies) {
        List<Request> topics = bodies.stream()
                .map(key -> Request.cmd(Command.HGET).arg(key.key()).arg("topic"))
                .toList();
        return Replies.to(topics, link).compose(topic -> {
            List<Request> retained = new ArrayList<>();
            for (int i = 0; i < bodies.size(); i++) {
                TopicName name = Names.topic(topic.text(i));
                retained.add(Request.cmd(Command.GET).arg(name == null ? "" : Keys.retained(name)));
            }
            return Replies.to(retained, link).map(bodyOf -> {
                List<Suspicion> suspicions = new ArrayList<>();
                for (int i = 0; i < bodies.size(); i++) {
                    // The body of a retained message in the older layout stays as long as that.
                    if (!bodies.get(i).name().equals(bodyOf.text(i))) {
                        suspicions.add(endless(bodies.get(i), Names.topic(topic.text(i))));
                    }
                }
                return suspicions;
            });
        });
    }

    private Suspicion endless(Known body, @Nullable TopicName topic) {
        Request end = Mends.end(body.key(), "hash", estate.messageSeconds(topic), "");
        return new Suspicion(
                Finding.of(FindingKind.NO_TTL, link.pool().name(), body.subject(), "of a stored message"),
                body.subject(),
                Mends.by(link, end));
    }

    private Future<List<Suspicion>> ofLogs(List<Known> logs) {
        List<Request> questions = new ArrayList<>();
        for (Known log : logs) {
            questions.add(Request.cmd(Command.ZSCORE).arg(Keys.LOG_INDEX).arg(log.name()));
            questions.add(Request.cmd(Command.ZRANGE).arg(log.key()).arg(-1).arg(-1));
        }
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < logs.size(); i++) {
                Response last = replies.get(2 * i + 1);
                if (replies.get(2 * i) == null && last != null && last.size() > 0) {
                    suspicions.add(notIndexed(logs.get(i), Names.id(last.get(0).toString())));
                }
            }
            return suspicions;
        });
    }

    /** By the time of its last message: what a session has had already is not read for it again. */
    private Suspicion notIndexed(Known log, @Nullable MessageId last) {
        long micros = last == null ? -1 : MessageClock.microsOf(last);
        long millis = micros < 0 ? System.currentTimeMillis() : TimeUnit.MICROSECONDS.toMillis(micros);
        return new Suspicion(
                Finding.of(FindingKind.LOG_NOT_INDEXED, link.pool().name(), log.subject(), ""),
                log.subject(),
                Mends.by(link, Mends.index(Keys.LOG_INDEX, log.name(), Long.toString(millis))));
    }
}
