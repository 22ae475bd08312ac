package io.redshank.messages;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.LogScripts;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the logs, some topics at a time, and takes out ids whose bodies have expired; a log that is empty then goes from the
 * index of topics. Bodies of one topic expire in the order of the log, so it is the front of each that is looked at. Confined
 * to the verticle's context; one instance of a node does it.
 */
final class LogSweep {
    /*
     * Why busy topics do not fall behind, and quiet ones are not forgotten. A topic in whose front most ids were dead is looked at
     * again, with larger pages, in the steps that follow: some of those topics in each step, in turn, beside the next topics of
     * the walk. Once a walk is over only they are left, until none are or until it is time for the next walk, whichever is first.
     */
    private static final Logger log = LoggerFactory.getLogger(LogSweep.class);
    private static final int TOPICS_PER_STEP = 50;
    private static final int IDS_PER_TOPIC = 100;
    private static final int BEHIND_PER_STEP = 10;
    private static final int IDS_PER_TOPIC_BEHIND = 500;
    /** Others are found by the next walk. */
    private static final int MOST_BEHIND = 1_000;

    private static final long PAUSE_MILLIS = 20;

    private final Vertx vertx;
    private final long intervalMillis;
    private final List<RedisLink> links = new ArrayList<>();
    private final Set<Behind> behind = new LinkedHashSet<>();
    private long timer = -1;
    private long walkOver;
    private boolean stopped;

    LogSweep(Vertx vertx, BackendOptions options, RedisLinks redis) {
        this.vertx = vertx;
        this.intervalMillis = Math.max(1, options.sweepInterval().toMillis());
        options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH).stream()
                .map(HookEntry::pool)
                .distinct()
                .forEach(pool -> links.add(redis.to(pool)));
    }

    /** A topic whose log has more expired ids than one look has found. */
    private record Behind(int pool, TopicName topic) {}

    /** A topic with a log, and when it was last appended to. */
    private record Topic(TopicName name, String score) {}

    /** A page of the index, and how many of its members are gone from it. */
    private record Step(int seen, int forgotten) {}

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
            walkOver = System.nanoTime();
            catchUp();
            return;
        }
        sweepPage(pool, offset)
                .compose(step -> sweepBehind().map(step))
                .onSuccess(step -> next(PAUSE_MILLIS, () -> {
                    if (step.seen() < TOPICS_PER_STEP) {
                        walk(pool + 1, 0);
                    } else {
                        walk(pool, offset + step.seen() - step.forgotten());
                    }
                }))
                .onFailure(this::onFailure);
    }

    /** Goes on with the topics that are behind until the next walk is due. */
    private void catchUp() {
        long left = intervalMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - walkOver);
        if (left <= 0 || behind.isEmpty()) {
            next(Math.max(PAUSE_MILLIS, left), this::round);
            return;
        }
        sweepBehind().onSuccess(swept -> next(PAUSE_MILLIS, this::catchUp)).onFailure(this::onFailure);
    }

    private void onFailure(Throwable failure) {
        log.debug("Sweep stopped, trying again later [cause={}]", failure.getMessage());
        next(intervalMillis, this::round);
    }

    /** The next topics of the walk. */
    private Future<Step> sweepPage(int pool, int offset) {
        RedisLink link = links.get(pool);
        Request range = Request.cmd(Command.ZRANGE)
                .arg(Keys.LOG_INDEX)
                .arg(offset)
                .arg(offset + TOPICS_PER_STEP - 1)
                .arg("WITHSCORES");
        return link.send(range).compose(reply -> {
            List<Topic> topics = new ArrayList<>();
            List<byte[]> malformed = new ArrayList<>();
            int seen = read(reply, topics, malformed);
            return LogFronts.sweep(link, topics.stream().map(Topic::name).toList(), IDS_PER_TOPIC)
                    .compose(found -> forget(link, withoutLog(pool, topics, found), malformed))
                    .map(forgotten -> new Step(seen, forgotten));
        });
    }

    /** Those of the topics that have no log; notes those that are behind. */
    private List<Topic> withoutLog(int pool, List<Topic> topics, List<LogFronts.Found> found) {
        List<Topic> empty = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            if (found.get(i) == LogFronts.Found.NO_LOG) {
                empty.add(topics.get(i));
            } else if (found.get(i) == LogFronts.Found.MORE && behind.size() < MOST_BEHIND) {
                behind.add(new Behind(pool, topics.get(i).name()));
            }
        }
        return empty;
    }

    /** Takes out of the index what has no log, and what can have none; answers how many members it has lost. */
    private static Future<Integer> forget(RedisLink link, List<Topic> empty, List<byte[]> malformed) {
        List<Future<Integer>> dropped = new ArrayList<>();
        for (Topic topic : empty) {
            dropped.add(link.send(LogScripts.FORGET_TOPIC.call(
                            Keys.LOG_INDEX, topic.name().value(), topic.score()))
                    .map(reply -> reply == null ? 0 : reply.toInteger()));
        }
        for (byte[] member : malformed) {
            dropped.add(link.send(Request.cmd(Command.ZREM).arg(Keys.LOG_INDEX).arg(member))
                    .map(reply -> reply == null ? 0 : reply.toInteger()));
        }
        return Future.join(dropped)
                .map(all -> dropped.stream().mapToInt(Future::result).sum());
    }

    /** Some of the topics that are behind; those that still are come last then. */
    private Future<Void> sweepBehind() {
        List<Behind> lot = new ArrayList<>();
        for (Iterator<Behind> first = behind.iterator(); first.hasNext() && lot.size() < BEHIND_PER_STEP; ) {
            lot.add(first.next());
            first.remove();
        }
        List<Future<Void>> swept = new ArrayList<>();
        for (int pool = 0; pool < links.size(); pool++) {
            int ours = pool;
            List<Behind> its = lot.stream().filter(one -> one.pool() == ours).toList();
            swept.add(LogFronts.sweep(
                            links.get(pool), its.stream().map(Behind::topic).toList(), IDS_PER_TOPIC_BEHIND)
                    .onSuccess(found -> {
                        for (int i = 0; i < its.size(); i++) {
                            if (found.get(i) == LogFronts.Found.MORE) {
                                behind.add(its.get(i));
                            }
                        }
                    })
                    .mapEmpty());
        }
        return Future.all(swept).mapEmpty();
    }

    /**
     * Reads members with their scores, which come flat in RESP 2, and in pairs in RESP 3; answers how many there were. What is no
     * topic, an application has written there.
     */
    private static int read(@Nullable Response reply, List<Topic> topics, List<byte[]> malformed) {
        int size = reply == null ? 0 : reply.size();
        boolean pairs = reply != null && size > 0 && reply.get(0).size() == 2;
        for (int i = 0; reply != null && i < size; i += pairs ? 1 : 2) {
            Response member = pairs ? reply.get(i).get(0) : reply.get(i);
            String score =
                    pairs ? reply.get(i).get(1).toString() : reply.get(i + 1).toString();
            try {
                topics.add(new Topic(new TopicName(member.toString()), scoreOf(score)));
            } catch (MalformedMqttException none) {
                malformed.add(member.toBytes());
                log.warn(
                        "Not a topic, taken out of the index of logs [key={}, cause={}]",
                        Keys.LOG_INDEX,
                        none.getMessage());
            }
        }
        return topics.size() + malformed.size();
    }

    /** Scores here are whole milliseconds, which a reply may write as a fraction. */
    private static String scoreOf(String score) {
        return Long.toString((long) Double.parseDouble(score));
    }
}
