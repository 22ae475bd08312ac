package io.redshank.messages;

import io.redshank.events.Answer;
import io.redshank.events.PacketIdReleased;
import io.redshank.hooks.BackendOptions;
import io.redshank.model.ClientId;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients with sessions have sent at QoS 2 and not released, so that the same packet id is the same message after the node
 * was killed, too. Confined to the verticle's context.
 */
final class Receipts {
    /*
     * Why a message is stored once
     *
     * The packet id is written with the message's id before that goes into the log, in the same pipeline, and marked as uncertain.
     * Whoever finds it so after a crash publishes the message again under that id, which the log knows again. The mark goes once
     * the log has answered, for a message that has left its log meanwhile (the first acknowledgement of a queue deletes it) would
     * not be known again. It cannot go in the same pipeline: the log may refuse the id, and the message then gets another.
     */
    /** Takes the mark of uncertainty away, unless the packet id was released or used again meanwhile. */
    static final Script STORED = new Script("received-stored", """
            for i = 1, #ARGV, 2 do
              if redis.call('HGET', KEYS[1], ARGV[i]) == '?' .. ARGV[i + 1] then
                redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
              end
            end
            return 0
            """);

    private static final Logger log = LoggerFactory.getLogger(Receipts.class);
    private static final long NOT_NOW_MILLIS = 200;

    private final Vertx vertx;
    private final long seconds;
    private final List<RedisLink> links = new ArrayList<>();
    private Map<ClientId, List<String>> released = new LinkedHashMap<>();
    private Promise<Answer> forgotten = Promise.promise();

    Receipts(Vertx vertx, BackendOptions options, RedisLinks redis) {
        this.vertx = vertx;
        this.seconds = Math.max(1, options.bookmarkTtl().toSeconds());
        options.logPools().forEach(pool -> links.add(redis.to(pool.name())));
    }

    /** A packet id stands for nothing any more; complete when that is written. */
    Future<Answer> onReleased(PacketIdReleased event) {
        released.computeIfAbsent(event.client(), first -> new ArrayList<>()).add(Integer.toString(event.packetId()));
        return forgotten.future();
    }

    /** Sends what the events of a batch have added up to. */
    void flush() {
        if (released.isEmpty()) {
            return;
        }
        Map<ClientId, List<String>> all = released;
        Promise<Answer> done = forgotten;
        released = new LinkedHashMap<>();
        forgotten = Promise.promise();
        List<Future<Void>> sent = new ArrayList<>();
        links.forEach(link -> sent.add(forget(link, all)));
        Future.join(sent).onComplete(written -> done.complete(Answer.DONE));
    }

    /** Tries until Redis has answered: a packet id that is free for the client must not stand for its last message. */
    private Future<Void> forget(RedisLink link, Map<ClientId, List<String>> all) {
        List<Request> requests = new ArrayList<>(all.size());
        all.forEach((client, ids) -> {
            List<Object> args = new ArrayList<>(ids.size() + 1);
            args.add(Keys.received(client));
            args.addAll(ids);
            requests.add(Request.cmd(Command.HDEL, args.toArray()));
        });
        return link.stages(List.of(requests)).transform(replies -> {
            if (replies.failed()) {
                return link.up().compose(up -> forget(link, all));
            }
            for (int i = 0; !replies.result().allSucceeded() && i < requests.size(); i++) {
                RedisFailure failure = replies.result().failure(i);
                if (failure != null && failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
                    return vertx.timer(NOT_NOW_MILLIS).compose(later -> forget(link, all));
                }
            }
            return Future.succeededFuture();
        });
    }

    /** Writes which packet ids the messages that are about to be appended have. */
    void addBefore(Collection<Publish> publishes, List<Request> requests) {
        byClient(publishes, "?").forEach((client, args) -> {
            args.add(0, Keys.received(client));
            requests.add(Request.cmd(Command.HSET, args.toArray()));
            requests.add(Request.cmd(Command.EXPIRE, Keys.received(client), seconds));
        });
    }

    /** Writes that these messages are in their logs, except those that were refused: their packet ids are free. */
    void settle(RedisLink link, Collection<Publish> publishes, Collection<Publish> refused) {
        List<Request> requests = new ArrayList<>();
        for (Publish publish : publishes) {
            if (refused.contains(publish)) {
                String key = Keys.received(publish.event().client());
                requests.add(Request.cmd(Command.HDEL, key, publish.event().packetId()));
            }
        }
        List<Publish> stored =
                publishes.stream().filter(one -> !refused.contains(one)).toList();
        byClient(stored, "")
                .forEach((client, args) -> requests.add(STORED.call(Keys.received(client), args.toArray())));
        if (requests.isEmpty()) {
            return;
        }
        link.stages(List.of(requests))
                .onFailure(away -> log.debug("Packet ids stay uncertain [cause={}]", away.getMessage()));
    }

    /** Packet ids and message ids in turn. */
    private static Map<ClientId, List<Object>> byClient(Collection<Publish> publishes, String mark) {
        Map<ClientId, List<Object>> byClient = new LinkedHashMap<>();
        for (Publish publish : publishes) {
            List<Object> args = byClient.computeIfAbsent(publish.event().client(), first -> new ArrayList<>());
            args.add(Integer.toString(publish.event().packetId()));
            args.add(mark + publish.message().id().value());
        }
        return byClient;
    }
}
