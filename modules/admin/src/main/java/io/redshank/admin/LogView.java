package io.redshank.admin;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.LogScripts;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic's log, as far as it can be told without reading it. */
final class LogView {
    private final RedisLink link;
    private final String key;

    LogView(RedisLink link, TopicName topic) {
        this.link = link;
        this.key = Keys.log(topic);
    }

    /**
     * A stretch of a log, up to its end.
     *
     * @param placed whether it could be told where it begins; if not, it is all of the log
     */
    record Stretch(
            long count, @Nullable MessageId first, @Nullable MessageId last, boolean placed) {
        String words() {
            return count == 0 || first == null || last == null
                    ? "no messages"
                    : count
                            + (count == 1 ? " message, " : " messages, from ")
                            + Times.withTime(first)
                            + (count == 1 ? "" : " to " + Times.withTime(last));
        }

        Statement into(Statement statement) {
            Statement more = statement.with("count", count);
            return first == null || last == null
                    ? more
                    : more.with("first", first.value()).with("last", last.value());
        }
    }

    /** All of it. */
    Future<Stretch> all() {
        return Replies.to(List.of(card(), end(0), end(-1)), link)
                .map(replies -> new Stretch(count(replies, 0), id(replies.get(1), 0), id(replies.get(2), 0), true));
    }

    /** What lies behind a place, as who reads on from there finds it. */
    Future<Stretch> behind(MessageId place) {
        Request page = LogScripts.PAGE.call(key, 1, "after", place.value(), "");
        return Replies.to(List.of(page, card(), end(-1)), link).compose(replies -> {
            Response found = replies.get(0);
            boolean placed = found == null || !found.get(0).toString().equals("0");
            MessageId first = id(found, 1);
            if (first == null) {
                return Future.succeededFuture(new Stretch(0, null, null, placed));
            }
            MessageId last = id(replies.get(2), 0);
            long count = count(replies, 1);
            return rank(first).map(rank -> new Stretch(rank == null ? 0 : count - rank, first, last, placed));
        });
    }

    /** How many are before it; null if it is not in the log. */
    Future<@Nullable Long> rank(MessageId id) {
        Request rank = Request.cmd(Command.ZRANK).arg(key).arg(id.value());
        return Replies.to(List.of(rank), link).map(replies -> replies.number(0));
    }

    /** The id that has this many before it; null if there is none. */
    Future<@Nullable MessageId> at(long rank) {
        return rank < 0
                ? Future.succeededFuture()
                : Replies.to(List.of(end(rank)), link).map(replies -> id(replies.get(0), 0));
    }

    private Request card() {
        return Request.cmd(Command.ZCARD).arg(key);
    }

    private Request end(long at) {
        return Request.cmd(Command.ZRANGE).arg(key).arg(at).arg(at);
    }

    private static long count(Replies replies, int place) {
        Long count = replies.number(place);
        return count == null ? 0 : count;
    }

    private static @Nullable MessageId id(@Nullable Response ids, int place) {
        return ids == null || place >= ids.size()
                ? null
                : Names.id(ids.get(place).toString());
    }
}
