package io.redshank.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RetainedIndex;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Retained messages: they must be in the index, and those of the older layout, a string that names a body, become hashes. */
final class RetainedCheck implements KeyCheck {
    private static final int LONGEST_ID = 1024;

    private final Estate estate;
    private final RedisLink link;
    private final RetainedIndex index;

    RetainedCheck(Estate estate, RedisLink link) {
        this.estate = estate;
        this.link = link;
        this.index = new RetainedIndex(link);
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Known> readable =
                keys.stream().filter(key -> Names.topic(key.name()) != null).toList();
        List<Request> questions = new ArrayList<>();
        for (Known key : readable) {
            questions.add(RetainedIndex.contains(new TopicName(key.name())));
            questions.add(Request.cmd(Command.GETRANGE).arg(key.key()).arg(0).arg(LONGEST_ID));
        }
        return Replies.to(questions, link).compose(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            List<Known> old = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < readable.size(); i++) {
                Known key = readable.get(i);
                String id = replies.text(2 * i + 1);
                if (key.type().equals("string") && id != null) {
                    old.add(key);
                    ids.add(id);
                } else if (replies.get(2 * i) == null) {
                    suspicions.add(notIndexed(key));
                }
            }
            return ofOldLayout(old, ids).map(more -> {
                suspicions.addAll(more);
                return suspicions;
            });
        });
    }

    private Suspicion notIndexed(Known key) {
        return suspicion(
                FindingKind.RETAINED_NOT_INDEXED,
                key,
                "",
                () -> index.check(topic(key)).map(true));
    }

    private Future<List<Suspicion>> ofOldLayout(List<Known> old, List<String> ids) {
        List<Request> questions = ids.stream()
                .map(id -> Request.cmd(Command.TYPE).arg(bodyKey(id)))
                .toList();
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (int i = 0; i < old.size(); i++) {
                Known key = old.get(i);
                String id = ids.get(i);
                boolean hasBody = "hash".equals(replies.text(i));
                suspicions.add(
                        hasBody
                                ? suspicion(FindingKind.RETAINED_OLD_LAYOUT, key, "body " + id, () -> convert(key, id))
                                : suspicion(FindingKind.RETAINED_BODY_GONE, key, "body " + id, () -> drop(key, id)));
            }
            return suspicions;
        });
    }

    private Future<Boolean> drop(Known key, String id) {
        return Mends.send(link, Mends.delete(key.key(), id))
                .compose(dropped -> index.check(topic(key)).map(dropped));
    }

    /** The body goes its own way then: if nothing else ends it, it ends as one of its topic's log does. */
    private Future<Boolean> convert(Known key, String id) {
        return link.send(Request.cmd(Command.HGETALL).arg(bodyKey(id))).compose(body -> {
            if (body == null || body.size() == 0) {
                return Future.succeededFuture(false);
            }
            long seconds = estate.messageSeconds(new TopicName(key.name()));
            return Mends.send(link, Mends.toHash(key.key(), id, fieldsOf(body)))
                    .compose(converted -> index.check(topic(key))
                            .compose(checked -> Mends.send(link, Mends.end(bodyKey(id), "hash", seconds, "")))
                            .map(converted));
        });
    }

    private static List<byte[]> fieldsOf(Response body) {
        List<byte[]> fields = new ArrayList<>();
        for (String field : body.getKeys()) {
            fields.add(field.getBytes(UTF_8));
            fields.add(body.get(field).toBytes());
        }
        return fields;
    }

    private static String bodyKey(String id) {
        @Nullable MessageId name = Names.id(id);
        return name == null ? "" : Keys.message(name);
    }

    private static List<TopicName> topic(Known key) {
        return List.of(new TopicName(key.name()));
    }

    private Suspicion suspicion(FindingKind kind, Known key, String detail, Supplier<Future<Boolean>> mend) {
        return new Suspicion(Finding.of(kind, link.pool().name(), key.subject(), detail), key.subject(), mend);
    }
}
