package io.redshank.messages;

import io.redshank.hooks.Retention;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the logs of one pool within their limits, of which there may be none. Confined to the verticle's context. */
final class LogLimits {
    /*
     * How bytes are limited
     *
     * The number of ids in a log is known by Redis, that of the bytes they stand for is not, and one that is kept beside the log
     * would be wrong after each expiry, acknowledgement or change by an application. So the sizes are asked for, from the newest
     * message back, and what is over the limit goes, and an eighth more. How much room a log has then is known here, and what is
     * appended is subtracted, so that nothing is asked again until an eighth of the limit has been published. What is forgotten
     * here, or was never known, is found out at the next append.
     */
    /** Takes ids out of a log. */
    static final Script TRIM = Script.ofResource(LogLimits.class, "trim.lua");

    private static final Logger log = LoggerFactory.getLogger(LogLimits.class);
    /** How many ids are taken out of a log at once. */
    static final int IDS_PER_STEP = 1000;

    private static final int SIZES_PER_STEP = 500;
    private static final int REMEMBERED_LOGS = 8192;
    private static final int SPARE = 8;

    private final RedisLink link;
    private final LogCounts counts;
    /** How many bytes may be appended to each log before it is measured. */
    private final Map<TopicName, Long> room = new HashMap<>();
    /** The logs to be measured, one after the other, and the bytes each may have. */
    private final Map<TopicName, Long> unmeasured = new LinkedHashMap<>();

    private boolean measuring;

    LogLimits(RedisLink link, LogCounts counts) {
        this.link = link;
        this.counts = counts;
    }

    /**
     * So many bytes were appended to a log.
     *
     * @param trimmed the answer to {@link StoreCommands#trim}, if that was sent
     */
    void onAppended(TopicName topic, Retention limits, long bytes, @Nullable Response trimmed) {
        List<MessageId> gone = idsOf(trimmed);
        if (!gone.isEmpty()) {
            counts.trimmed(gone.size());
            forget(gone).onFailure(this::onFailure);
        }
        if (limits.maxBytes() > 0) {
            Long left = room.get(topic);
            if (left != null && left >= bytes) {
                room.put(topic, left - bytes);
            } else if (unmeasured.size() < REMEMBERED_LOGS) {
                room.remove(topic);
                unmeasured.put(topic, limits.maxBytes());
                measureNext();
            }
        }
    }

    private void measureNext() {
        if (measuring || unmeasured.isEmpty()) {
            return;
        }
        measuring = true;
        Map.Entry<TopicName, Long> next = unmeasured.entrySet().iterator().next();
        TopicName topic = next.getKey();
        long most = next.getValue();
        unmeasured.remove(topic);
        room.remove(topic); // not a room of before: what comes while this is measured has to be measured, too
        link.send(Request.cmd(Command.ZCARD).arg(Keys.log(topic)))
                .compose(size -> new Measurement(topic, most).from(size == null ? 0 : size.toLong()))
                .onSuccess(left -> {
                    if (room.size() >= REMEMBERED_LOGS) {
                        room.clear();
                    }
                    room.put(topic, left);
                })
                .onFailure(this::onFailure)
                .onComplete(done -> {
                    measuring = false;
                    measureNext();
                });
    }

    private void onFailure(Throwable failure) {
        log.debug("Log not kept within its limits, trying again at the next append [cause={}]", failure.getMessage());
    }

    /** The bodies would end by themselves, but later. */
    private Future<?> forget(List<MessageId> gone) {
        List<Request> deletes = new ArrayList<>(gone.size());
        gone.forEach(id -> deletes.add(Request.cmd(Command.DEL).arg(Keys.message(id))));
        return link.pipeline(deletes);
    }

    private static List<MessageId> idsOf(@Nullable Response reply) {
        List<MessageId> ids = new ArrayList<>();
        if (reply != null) {
            reply.forEach(id -> ids.add(new MessageId(id.toString())));
        }
        return ids;
    }

    /** Adds up the bytes of a log, some messages at a time, from the newest back. */
    private final class Measurement {
        private final TopicName topic;
        private final long most;
        private long bytes;
        private long staying;
        private @Nullable MessageId oldestToStay;

        Measurement(TopicName topic, long most) {
            this.topic = topic;
            this.most = most;
        }

        /** Measures what is before this rank, and takes out what is too much; answers how many bytes there is room for then. */
        Future<Long> from(long end) {
            if (end <= 0) {
                return Future.succeededFuture(most - bytes);
            }
            long begin = Math.max(0, end - SIZES_PER_STEP);
            return link.send(Request.cmd(Command.ZRANGE)
                            .arg(Keys.log(topic))
                            .arg(begin)
                            .arg(end - 1))
                    .compose(found -> {
                        List<MessageId> ids = idsOf(found);
                        List<Request> sizes = ids.stream()
                                .map(id -> Request.cmd(Command.HSTRLEN)
                                        .arg(Keys.message(id))
                                        .arg("payload"))
                                .toList();
                        return sizes.isEmpty()
                                ? Future.succeededFuture(most - bytes)
                                : link.pipeline(sizes).compose(replies -> {
                                    add(ids, replies);
                                    return bytes > most ? trim() : from(begin);
                                });
                    });
        }

        private void add(List<MessageId> ids, PipelineReplies replies) {
            for (int i = ids.size() - 1; i >= 0 && bytes <= most; i--) {
                Response size = replies.reply(i);
                bytes += size == null ? 0 : size.toLong();
                if (oldestToStay == null || bytes <= most - most / SPARE) {
                    oldestToStay = ids.get(i); // the newest one stays, however large it is
                    staying = bytes;
                }
            }
        }

        private Future<Long> trim() {
            String stays = oldestToStay == null ? "" : oldestToStay.value();
            return link.send(TRIM.call(Keys.log(topic), "", stays, IDS_PER_STEP))
                    .compose(reply -> {
                        List<MessageId> gone = idsOf(reply);
                        counts.trimmed(gone.size());
                        return gone.isEmpty()
                                ? Future.succeededFuture(Math.max(0, most - staying))
                                : forget(gone).compose(deleted -> trim());
                    });
        }
    }
}
