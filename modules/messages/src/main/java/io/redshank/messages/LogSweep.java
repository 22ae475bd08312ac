package io.redshank.messages;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.LogScripts;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the logs, some topics at a time, and takes out ids whose bodies have expired; a log that is empty then goes from the
 * index of topics. Bodies of one topic expire in the order of the log, so it is the front of each that is looked at. Confined
 * to the verticle's context; one instance of a node does it.
 */
final class LogSweep {
    private static final Logger log = LoggerFactory.getLogger(LogSweep.class);
    private static final int TOPICS_PER_STEP = 50;
    private static final int IDS_PER_TOPIC = 100;
    private static final long PAUSE_MILLIS = 20;

    private final Vertx vertx;
    private final long intervalMillis;
    private final List<RedisLink> links = new ArrayList<>();
    private long timer = -1;
    private boolean stopped;

    LogSweep(Vertx vertx, BackendOptions options, RedisLinks redis) {
        this.vertx = vertx;
        this.intervalMillis = Math.max(1, options.sweepInterval().toMillis());
        options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH).stream()
                .map(HookEntry::pool)
                .distinct()
                .forEach(pool -> links.add(redis.to(pool)));
    }

    void start() {
        next(intervalMillis, this::round);
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    private void next(long millis, Runnable step) {
        if (!stopped) {
            timer = vertx.setTimer(millis, fired -> step.run());
        }
    }

    private void round() {
        walk(0, 0);
    }

    private void walk(int pool, int offset) {
        if (pool == links.size()) {
            next(intervalMillis, this::round);
            return;
        }
        RedisLink link = links.get(pool);
        topics(link, offset)
                .compose(topics -> sweep(link, topics))
                .onSuccess(step -> next(PAUSE_MILLIS, () -> {
                    if (step.seen() < TOPICS_PER_STEP) {
                        walk(pool + 1, 0);
                    } else {
                        walk(pool, offset + step.seen() - step.forgotten());
                    }
                }))
                .onFailure(failure -> {
                    log.debug("Sweep stopped, trying again later [cause={}]", failure.getMessage());
                    next(intervalMillis, this::round);
                });
    }

    /** A topic with a log, and when it was last appended to. */
    private record Topic(TopicName name, String score) {}

    private record Step(int seen, int forgotten) {}

    private static Future<List<Topic>> topics(RedisLink link, int offset) {
        Request range = Request.cmd(Command.ZRANGE)
                .arg(Keys.LOG_INDEX)
                .arg(offset)
                .arg(offset + TOPICS_PER_STEP - 1)
                .arg("WITHSCORES");
        return link.send(range).map(LogSweep::topicsOf);
    }

    /** Members with their scores come flat in RESP 2, in pairs in RESP 3. */
    private static List<Topic> topicsOf(Response reply) {
        List<Topic> topics = new ArrayList<>();
        boolean pairs = reply.size() > 0 && reply.get(0).size() == 2;
        for (int i = 0; i < reply.size(); i += pairs ? 1 : 2) {
            String name = pairs ? reply.get(i).get(0).toString() : reply.get(i).toString();
            String score =
                    pairs ? reply.get(i).get(1).toString() : reply.get(i + 1).toString();
            topics.add(new Topic(new TopicName(name), scoreOf(score)));
        }
        return topics;
    }

    /** Scores here are whole milliseconds, which a reply may write as a fraction. */
    private static String scoreOf(String score) {
        return Long.toString((long) Double.parseDouble(score));
    }

    private Future<Step> sweep(RedisLink link, List<Topic> topics) {
        if (topics.isEmpty()) {
            return Future.succeededFuture(new Step(0, 0));
        }
        List<Request> fronts = topics.stream()
                .map(topic -> Request.cmd(Command.ZRANGE)
                        .arg(Keys.log(topic.name()))
                        .arg(0)
                        .arg(IDS_PER_TOPIC - 1))
                .toList();
        return link.pipeline(fronts).compose(replies -> {
            List<Future<Integer>> swept = new ArrayList<>();
            for (int i = 0; i < topics.size(); i++) {
                swept.add(sweep(link, topics.get(i), replies, i));
            }
            return Future.join(swept)
                    .map(all -> new Step(
                            topics.size(),
                            swept.stream().mapToInt(Future::result).sum()));
        });
    }

    /** Sweeps one topic; answers how many entries of the index of topics that removed. */
    private Future<Integer> sweep(RedisLink link, Topic topic, PipelineReplies replies, int index) {
        Response front = replies.reply(index);
        if (replies.failure(index) != null || front == null) {
            return Future.succeededFuture(0); // not a log: said when somebody publishes or subscribes
        }
        if (front.size() == 0) {
            return link.send(LogScripts.FORGET_TOPIC.call(
                            Keys.LOG_INDEX, topic.name().value(), topic.score()))
                    .map(dropped -> dropped == null ? 0 : dropped.toInteger());
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
            return dead.isEmpty()
                    ? Future.succeededFuture(0)
                    : link.send(LogReader.dropping(topic.name(), dead)).map(0);
        });
    }
}
