package io.redshank.messages;

import io.redshank.events.MessagePage;
import io.redshank.events.MessagesFetch;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.Message;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads single messages by their ids. */
final class StoredMessages {
    private final List<HookEntry> storing;
    private final String sessionPool;
    private final RedisLinks links;

    StoredMessages(BackendOptions options, RedisLinks links) {
        this.storing = options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH);
        this.sessionPool = options.sessionPool().name();
        this.links = links;
    }

    /** All that are there. */
    Future<MessagePage> onFetch(MessagesFetch fetch) {
        Map<String, List<MessagesFetch.Wanted>> byPool = new LinkedHashMap<>();
        for (MessagesFetch.Wanted wanted : fetch.messages()) {
            byPool.computeIfAbsent(wanted.logged() ? poolOf(wanted.topic()) : sessionPool, pool -> new ArrayList<>())
                    .add(wanted);
        }
        List<Future<List<Message>>> read = new ArrayList<>();
        byPool.forEach((pool, wanted) -> read.add(read(links.to(pool), wanted)));
        return Future.all(read)
                .map(all -> new MessagePage(
                        read.stream().flatMap(some -> some.result().stream()).toList(), null, false))
                .recover(failure -> Future.failedFuture(Backlog.outcomeOf(failure)));
    }

    private static Future<List<Message>> read(RedisLink link, List<MessagesFetch.Wanted> wanted) {
        List<Request> requests = wanted.stream()
                .map(one -> Request.cmd(Command.HGETALL).arg(Keys.message(one.id())))
                .toList();
        return link.readAll(requests).compose(replies -> {
            RedisFailure notNow = unavailable(replies);
            return notNow == null ? Future.succeededFuture(found(wanted, replies)) : Future.failedFuture(notNow);
        });
    }

    private static @Nullable RedisFailure unavailable(PipelineReplies replies) {
        for (int i = 0; i < replies.size(); i++) {
            RedisFailure failure = replies.failure(i);
            if (failure != null && failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
                return failure;
            }
        }
        return null;
    }

    private static List<Message> found(List<MessagesFetch.Wanted> wanted, PipelineReplies replies) {
        List<Message> found = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Message message = MessageHash.read(wanted.get(i).id(), replies.reply(i));
            if (message != null) {
                found.add(message.at(wanted.get(i).id(), wanted.get(i).topic()));
            }
        }
        return found;
    }

    private String poolOf(TopicName topic) {
        return storing.stream()
                .filter(entry -> entry.appliesTo(topic))
                .findFirst()
                .map(HookEntry::pool)
                .orElse(sessionPool);
    }
}
