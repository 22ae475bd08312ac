package io.redshank.messages;

import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.LogScripts;
import io.redshank.redis.MessageHash;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one topic's log from a place on. Ids whose body has expired are taken out of the log on sight. */
final class LogReader {
    private static final Logger log = LoggerFactory.getLogger(LogReader.class);
    private static final int IDS_PER_PAGE = 100;
    private static final int BODIES_AT_ONCE = 25;
    private static final long BYTES_PER_PAGE = 1 << 20;

    /**
     * A page of a log.
     *
     * @param place where it ended; null if the log is empty
     * @param more whether the log may go on behind it
     */
    record Page(List<Message> messages, @Nullable LogPlace place, boolean more) {}

    private final RedisLink link;
    private final TopicName topic;

    LogReader(RedisLink link, TopicName topic) {
        this.link = link;
        this.topic = topic;
    }

    /** The place of the last id, or null if the log is empty. */
    Future<@Nullable LogPlace> end() {
        return ids("end", null, 1).map(places -> places.isEmpty() ? null : places.get(0));
    }

    /** The messages behind a place, or from the start if none is given. */
    Future<Page> after(@Nullable LogPlace place) {
        return ids(place == null ? "first" : "after", place, IDS_PER_PAGE)
                .compose(found -> bodies(found, 0, new ArrayList<>(), 0).map(messages -> page(found, messages, place)));
    }

    private static Page page(List<LogPlace> found, Bodies bodies, @Nullable LogPlace before) {
        boolean more = bodies.read() < found.size() || found.size() == IDS_PER_PAGE;
        return new Page(bodies.messages(), bodies.read() == 0 ? before : found.get(bodies.read() - 1), more);
    }

    private Future<List<LogPlace>> ids(String mode, @Nullable LogPlace place, int limit) {
        Request call = LogScripts.PAGE.call(
                Keys.log(topic),
                limit,
                mode,
                place == null ? "" : place.id().value(),
                place == null ? "" : place.score());
        return link.send(call).map(reply -> places(reply, place));
    }

    private List<LogPlace> places(@Nullable Response reply, @Nullable LogPlace asked) {
        List<LogPlace> places = new ArrayList<>();
        if (reply == null) {
            return places;
        }
        if (reply.get(0).toString().equals("0") && asked != null) {
            log.warn("Place in a log is lost, reading all of it [topic={}, place={}]", topic, asked.id());
        }
        for (int i = 1; i + 1 < reply.size(); i += 2) {
            String id = reply.get(i).toString();
            if (!id.isEmpty()) {
                places.add(new LogPlace(new MessageId(id), reply.get(i + 1).toString()));
            }
        }
        return places;
    }

    /** Messages, and how many ids were read for them. */
    private record Bodies(List<Message> messages, int read) {}

    /** Reads bodies some at a time, until the page has bytes enough: a thousand large ones are not read for nothing. */
    private Future<Bodies> bodies(List<LogPlace> places, int from, List<Message> messages, long bytes) {
        if (from == places.size() || bytes >= BYTES_PER_PAGE) {
            return Future.succeededFuture(new Bodies(messages, from));
        }
        int to = Math.min(places.size(), from + BODIES_AT_ONCE);
        List<MessageId> ids =
                places.subList(from, to).stream().map(LogPlace::id).toList();
        List<Request> requests = ids.stream()
                .map(id -> Request.cmd(Command.HGETALL).arg(Keys.message(id)))
                .toList();
        return link.pipeline(requests)
                .compose(replies -> replies.repliesHidden() ? link.oneByOne(requests) : Future.succeededFuture(replies))
                .compose(replies -> {
                    int before = messages.size();
                    collect(ids, replies, messages);
                    long read = messages.subList(before, messages.size()).stream()
                            .mapToLong(message -> message.payload().length())
                            .sum();
                    return bodies(places, to, messages, bytes + read);
                });
    }

    private void collect(List<MessageId> ids, PipelineReplies replies, List<Message> messages) {
        List<MessageId> dead = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            Response body = replies.reply(i);
            RedisFailure failure = replies.failure(i);
            if (failure == null && (body == null || body.size() == 0)) {
                dead.add(ids.get(i));
                continue;
            }
            Message message = failure == null ? MessageHash.read(ids.get(i), body) : null;
            if (message == null) {
                log.warn("Stored message is damaged, skipped [key={}, topic={}]", Keys.message(ids.get(i)), topic);
            } else {
                messages.add(message.at(ids.get(i), topic)); // the log says which topic and id it has here
            }
        }
        drop(dead);
    }

    private void drop(List<MessageId> dead) {
        if (!dead.isEmpty()) {
            link.send(dropping(topic, dead))
                    .onFailure(failure -> log.debug(
                            "Dead ids not dropped, the sweep will [topic={}, cause={}]", topic, failure.getMessage()));
        }
    }

    /** Takes ids out of a log. */
    static Request dropping(TopicName topic, List<MessageId> ids) {
        Request drop = Request.cmd(Command.ZREM).arg(Keys.log(topic));
        for (MessageId id : ids) {
            drop = drop.arg(id.value());
        }
        return drop;
    }
}
