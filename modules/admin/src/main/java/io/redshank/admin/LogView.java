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
import io.vertx.redis.client.ResponseType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic's log, as far as it can be told without reading it. */
final class LogView {
    private static final MessageId BEGINNING = new MessageId("0");

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
        // In a set of one score, the order of ids is that of their bytes, whether the place is in it or not.
        Request above = Request.cmd(Command.ZRANGEBYLEX)
                .arg(key)
                .arg("(" + place.value())
                .arg("+")
                .arg("LIMIT")
                .arg(0)
                .arg(1);
        Request rank = Request.cmd(Command.ZRANK).arg(key).arg(place.value());
        return Replies.to(List.of(rank, card(), end(0).arg("WITHSCORES"), end(-1).arg("WITHSCORES"), above), link)
                .compose(replies -> {
                    long count = count(replies, 1);
                    Long at = replies.number(0);
                    if (at != null) {
                        return from(at + 1, count, true);
                    }
                    boolean sorts = place.equals(BEGINNING) || MessageClock.microsOf(place) >= 0;
                    if (count > 0 && (!sorts || !score(replies.get(2)).equals(score(replies.get(3))))) {
                        return from(0, count, false);
                    }
                    MessageId first = id(replies.get(4), 0);
                    return first == null
                            ? from(count, count, true)
                            : rank(first).compose(next -> from(next == null ? count : next, count, true));
                });
    }

    /** The stretch from this rank on. */
    private Future<Stretch> from(long rank, long count, boolean placed) {
        return rank >= count
                ? Future.succeededFuture(new Stretch(0, null, null, placed))
                : Replies.to(List.of(end(rank), end(-1)), link)
                        .map(replies ->
                                new Stretch(count - rank, id(replies.get(0), 0), id(replies.get(1), 0), placed));
    }

    /** The score of the one entry; entries with scores come flat or in pairs. */
    private static String score(@Nullable Response entry) {
        if (entry == null || entry.size() == 0) {
            return "";
        }
        Response first = entry.get(0);
        return first.type() == ResponseType.MULTI
                ? first.get(1).toString()
                : entry.get(1).toString();
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
