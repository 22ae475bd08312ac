package io.redshank.messages;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/** Takes ids whose bodies have expired out of the fronts of logs: of each log the first few, which are the oldest. */
final class LogFronts {
    private LogFronts() {}

    /** What a look at the front of a log has found. */
    enum Found {
        /** There is no such log. */
        NO_LOG,
        /** Nothing more is to be done for now. */
        DONE,
        /** So many had expired that the next ones may have, too. */
        MORE
    }

    /** Looks at so many ids of each of these logs; answers for each, in order, what there was. */
    static Future<List<Found>> sweep(RedisLink link, List<TopicName> topics, int idsOfEach) {
        List<Request> fronts = topics.stream()
                .map(topic ->
                        Request.cmd(Command.ZRANGE).arg(Keys.log(topic)).arg(0).arg(idsOfEach - 1))
                .toList();
        if (fronts.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return link.pipeline(fronts).compose(replies -> {
            List<Future<Found>> found = new ArrayList<>();
            for (int i = 0; i < topics.size(); i++) {
                found.add(sweep(link, topics.get(i), replies, i, idsOfEach));
            }
            return Future.join(found)
                    .map(all -> found.stream().map(Future::result).toList());
        });
    }

    private static Future<Found> sweep(
            RedisLink link, TopicName topic, PipelineReplies replies, int index, int idsOfEach) {
        Response front = replies.reply(index);
        if (replies.failure(index) != null || front == null) {
            return Future.succeededFuture(Found.DONE); // not a log: said when somebody publishes or subscribes
        }
        if (front.size() == 0) {
            return Future.succeededFuture(Found.NO_LOG);
        }
        List<MessageId> ids = new ArrayList<>();
        front.forEach(id -> ids.add(new MessageId(id.toString())));
        List<Request> exists = ids.stream()
                .map(id -> Request.cmd(Command.EXISTS).arg(Keys.message(id)))
                .toList();
        return link.pipeline(exists).compose(alive -> {
            List<MessageId> dead = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                Response there = alive.reply(i);
                if (there != null && there.toInteger() == 0) {
                    dead.add(ids.get(i));
                }
            }
            // A few that live longer than those behind them do not end it; a front of such ones does.
            Found found = ids.size() == idsOfEach && 2 * dead.size() > idsOfEach ? Found.MORE : Found.DONE;
            return dead.isEmpty()
                    ? Future.succeededFuture(found)
                    : link.send(LogReader.dropping(topic, dead)).map(found);
        });
    }
}
