package io.redshank.messages;

import io.redshank.hooks.LogWindow;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
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
import java.time.Duration;
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

    /** What became of the place that a page begins behind. */
    enum Found {
        /** It is in the log, or the log is empty, or none was asked for. */
        IN,
        /** It is not, but its order tells where it was. */
        PAST,
        /** It is not, and nothing tells where it was, so that the page begins at the log's start. */
        LOST
    }

    /**
     * A page of a log.
     *
     * @param place where it ended; null if the log is empty
     * @param more whether the log may go on behind it
     * @param skipped how many messages a window left out
     * @param before the id before the window, or the beginning
     * @param upTo the message up to which the reader has all that it is to have, with this page; null if that is not known
     */
    record Page(
            List<Message> messages,
            @Nullable LogPlace place,
            boolean more,
            Found found,
            long skipped,
            MessageId before,
            @Nullable MessageId upTo) {
        /** A page without messages that ends here, whatever its reader has had of what is before. */
        static Page emptyAt(LogPlace place) {
            return new Page(List.of(), place, false, Found.IN, 0, LogPlace.BEGINNING, null);
        }
    }

    /** Ids in order, and what their script has said of the place before them. */
    private record Ids(List<LogPlace> places, Found found, long skipped, MessageId before) {
        static final Ids NONE = new Ids(List.of(), Found.IN, 0, LogPlace.BEGINNING);
    }

    private final RedisLink link;
    private final TopicName topic;
    private final MessageId horizon;
    private final @Nullable Lease lease;

    /**
     * A reader of one log.
     *
     * @param horizon above all ids that our clocks can have given by now
     * @param lease what others hold of the log, which is left out; null if that does not matter
     */
    LogReader(RedisLink link, TopicName topic, MessageId horizon, @Nullable Lease lease) {
        this.link = link;
        this.topic = topic;
        this.horizon = horizon;
        this.lease = lease;
    }

    TopicName topic() {
        return topic;
    }

    /** The place of the last id, or null if the log is empty. */
    Future<@Nullable LogPlace> end() {
        return ids("end", null, 1, LogWindow.EVERYTHING)
                .map(ids -> ids.places().isEmpty() ? null : ids.places().get(0));
    }

    /** The first messages of this part of the log, and behind a place if one is given. */
    Future<Page> first(@Nullable LogPlace place, LogWindow window) {
        return read(place, window, window);
    }

    /** The messages behind the place where a page ended, as far as they are not too old. */
    Future<Page> next(LogPlace place, LogWindow window) {
        return read(place, LogWindow.EVERYTHING, window);
    }

    private Future<Page> read(@Nullable LogPlace place, LogWindow opening, LogWindow window) {
        int most = lease == null ? IDS_PER_PAGE : Lease.IDS_PER_PAGE;
        return ids(place == null ? "first" : "after", place, most, opening)
                .compose(found -> given(found.places())
                        .compose(given -> bodies(given, 0, new ArrayList<>(), 0)
                                .map(bodies -> page(found, given, bodies, most, place, window))));
    }

    /** Those that the client may be given. */
    private Future<List<LogPlace>> given(List<LogPlace> places) {
        return lease == null || places.isEmpty() ? Future.succeededFuture(places) : lease.take(places);
    }

    private Page page(
            Ids found, List<LogPlace> given, Bodies bodies, int most, @Nullable LogPlace asked, LogWindow window) {
        List<LogPlace> places = found.places();
        boolean allRead = bodies.read() == given.size();
        LogPlace end = places.isEmpty() ? asked : places.get(places.size() - 1);
        LogPlace place = allRead ? end : given.get(bodies.read() - 1);
        boolean goesOn = asked != null && found.found() == Found.IN && lease == null;
        List<Message> recent = recent(bodies.messages(), window.age());
        return new Page(
                recent,
                place,
                !allRead || places.size() == most,
                found.found(),
                found.skipped() + bodies.messages().size() - recent.size(),
                found.before(),
                goesOn && place != null ? place.id() : null);
    }

    /** Those that are not older than this, as far as it is known of them. */
    private static List<Message> recent(List<Message> messages, @Nullable Duration age) {
        if (age == null) {
            return messages;
        }
        long oldest = System.currentTimeMillis() - age.toMillis();
        return messages.stream()
                .filter(message -> message.millis() <= 0 || timeOf(message) >= oldest)
                .toList();
    }

    /** When it was published, or later: in ids of ours the time is exact, that of a body may be in whole seconds. */
    private static long timeOf(Message message) {
        long micros = MessageClock.microsOf(message.id());
        return micros < 0 || micros / 1000 > message.millis() + 1000 ? message.millis() + 999 : micros / 1000;
    }

    private Future<Ids> ids(String mode, @Nullable LogPlace place, int limit, LogWindow window) {
        Duration age = window.age();
        Request call = LogScripts.PAGE.call(
                Keys.log(topic),
                limit,
                mode,
                place == null ? "" : place.id().value(),
                place == null ? "" : place.score(),
                horizon.value(),
                window.isOfAnyNumber() ? "" : window.messages(),
                age == null
                        ? ""
                        : MessageClock.endOf(Math.max(0, System.currentTimeMillis() - age.toMillis()))
                                .value());
        return link.send(call).map(LogReader::idsOf);
    }

    private static Found foundOf(String said) {
        return switch (said) {
            case "0" -> Found.LOST;
            case "2" -> Found.PAST;
            default -> Found.IN;
        };
    }

    private static Ids idsOf(@Nullable Response reply) {
        if (reply == null) {
            return Ids.NONE;
        }
        List<LogPlace> places = new ArrayList<>();
        for (int i = 3; i + 1 < reply.size(); i += 2) {
            String id = reply.get(i).toString();
            if (!id.isEmpty()) {
                places.add(new LogPlace(new MessageId(id), reply.get(i + 1).toString()));
            }
        }
        String before = reply.get(2).toString();
        return new Ids(
                places,
                foundOf(reply.get(0).toString()),
                reply.get(1).toLong(),
                before.isEmpty() ? LogPlace.BEGINNING : new MessageId(before));
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
        return link.readAll(requests).compose(replies -> {
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
            if (lease != null) {
                lease.giveBack(dead); // acknowledged by another client between its being read here and its lease
            }
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
