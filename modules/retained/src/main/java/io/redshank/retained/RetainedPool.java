package io.redshank.retained;

import io.redshank.model.Message;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RetainedIndex;
import io.redshank.redis.RetainedMember;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The retained messages of one pool, as look-ups see them. Confined to the verticle's context. */
final class RetainedPool {
    private final RedisLink link;
    private final Reads reads;
    private final RetainedReader reader;
    private final RetainedIndex repair;
    private final Patience patience;

    RetainedPool(Vertx vertx, RedisLink link) {
        this.link = link;
        this.reads = new Reads(link);
        this.reader = new RetainedReader(reads);
        this.repair = new RetainedIndex(link);
        this.patience = new Patience(vertx, link);
    }

    /**
     * Some of the messages that a filter matches.
     *
     * @param next where to go on; null if these are all
     * @param full whether there was no room for the next one
     */
    record Part(List<Message> messages, long bytes, byte @Nullable [] next, boolean full) {}

    Reads reads() {
        return reads;
    }

    /** Completes when it is worth trying again what failed because Redis was away. */
    Future<Void> untilReady() {
        return patience.untilReady();
    }

    String name() {
        return link.pool().name();
    }

    /**
     * What matches from this place on, as far as the page has room; maybe nothing although there is more.
     *
     * @param force whether to take one message even if it is longer than there is room
     */
    Future<Part> matching(TopicFilter filter, byte[] at, int messages, long room, boolean force) {
        Future<Part> part = filter.hasWildcard()
                ? scan(filter, at, messages).compose(scan -> read(scan, at, room, force))
                : exact(filter.asTopic(), room, force);
        return part.onSuccess(done -> patience.reset());
    }

    private Future<RetainedScan> scan(TopicFilter filter, byte[] at, int messages) {
        return reads.ask(List.of(RetainedScan.call(filter, at, messages))).map(replies -> {
            Response reply = replies.get(0);
            return reply == null ? new RetainedScan(List.of(), at, true, 0) : RetainedScan.of(reply);
        });
    }

    private Future<Part> read(RetainedScan scan, byte[] at, long room, boolean force) {
        List<TopicName> topics = new ArrayList<>(scan.members().size());
        List<byte[]> members = new ArrayList<>(scan.members().size());
        for (byte[] member : scan.members()) {
            TopicName topic = RetainedMember.topicOf(member);
            if (topic != null) {
                topics.add(topic);
                members.add(member);
            }
        }
        byte[] behind = scan.done() ? null : scan.next();
        if (topics.isEmpty()) {
            return Future.succeededFuture(new Part(List.of(), 0, behind, false));
        }
        return reader.read(topics, room, force).map(found -> {
            found.gone().forEach(repair::dropped);
            if (found.taken() == topics.size()) {
                return new Part(found.messages(), found.bytes(), behind, false);
            }
            byte[] next = found.taken() == 0 ? at : RetainedMember.after(members.get(found.taken() - 1));
            return new Part(found.messages(), found.bytes(), next, true);
        });
    }

    /** The one topic, whether the index knows it or not; afterwards the index does. */
    private Future<Part> exact(TopicName topic, long room, boolean force) {
        return reads.ask(List.of(RetainedReader.ordinary(topic), RetainedIndex.contains(topic)))
                .compose(replies -> {
                    Response indexed = replies.get(1);
                    if (replies.get(0) != null && indexed == null) {
                        repair.missed(List.of(topic));
                    }
                    return reader.readRest(List.of(topic), replies.subList(0, 1), room, force)
                            .map(found -> exactPart(topic, found, indexed != null));
                });
    }

    private Part exactPart(TopicName topic, RetainedReader.Found found, boolean indexed) {
        if (indexed) {
            found.gone().forEach(repair::dropped);
        }
        boolean full = found.taken() == 0;
        return new Part(found.messages(), found.bytes(), full ? RetainedMember.of(topic) : null, full);
    }
}
