package io.redshank.messages;

import io.redshank.events.EventFailure;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of published messages into one pool: one pipeline at a time, and what comes meanwhile goes into the next. Confined to
 * the verticle's context.
 */
final class PublishLane {
    /*
     * Why order holds and nothing is lost
     *
     * There is one pipeline at a time, so what is tried again (Redis was away, or another node's message came first) goes
     * before all that came later. A message whose id is not above its log's last gets a new id here; one that may have been
     * stored by an attempt whose reply was lost keeps its id, and the append script recognises it. Acknowledgement and routing
     * happen in onStored only, which is after Redis has replied.
     *
     * What is bounded: a message of QoS 1 or 2 waits in its publisher's window too, which is bounded; of QoS 0, which nobody
     * waits for, so many may wait here.
     */
    private static final Logger log = LoggerFactory.getLogger(PublishLane.class);
    private static final int MAX_MESSAGES = 1000;
    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_WAITING_AT_QOS_0 = 10_000;
    private static final long NOT_NOW_MILLIS = 200;

    private final Vertx vertx;
    private final RedisLink link;
    private final StoreCommands commands;
    private final Receipts receipts;
    private final MessageClock clock;
    private final boolean rejectOnOutage;
    private final LogLimits limits;
    private final Consumer<Publish> onStored;
    private final Deque<Publish> waiting = new ArrayDeque<>();
    /** The last ids of the pipelines before: loops that publish to one topic overtake each other by a few of them. */
    private Map<TopicName, MessageId> tails = new HashMap<>();

    private boolean busy;
    private boolean closed;

    PublishLane(
            Vertx vertx,
            RedisLink link,
            StoreCommands commands,
            Receipts receipts,
            MessageClock clock,
            boolean rejectOnOutage,
            LogLimits limits,
            Consumer<Publish> onStored) {
        this.vertx = vertx;
        this.link = link;
        this.commands = commands;
        this.receipts = receipts;
        this.clock = clock;
        this.rejectOnOutage = rejectOnOutage;
        this.limits = limits;
        this.onStored = onStored;
    }

    void add(Publish publish) {
        if (!publish.message().qos().isAcknowledged() && waiting.size() >= MAX_WAITING_AT_QOS_0) {
            publish.refuse(EventFailure.UNAVAILABLE, "too many QoS 0 messages wait for Redis");
            return;
        }
        waiting.add(publish);
    }

    /** Sends what waits, unless a pipeline is on its way: then that is done when it is back. */
    void flush() {
        if (busy || waiting.isEmpty() || closed) {
            return;
        }
        if (!link.isUp()) {
            onRedisAway(List.of());
            return;
        }
        busy = true;
        StorePipeline pipeline = take();
        link.stages(pipeline.stages())
                .compose(replies -> replies.repliesHidden()
                        ? link.stagesOneByOne(pipeline.stages())
                        : Future.succeededFuture(replies))
                .onSuccess(replies -> onReplies(pipeline, replies))
                .onFailure(failure -> onRedisAway(pipeline.publishes()));
    }

    void close() {
        closed = true;
        waiting.forEach(publish -> publish.refuse(EventFailure.UNAVAILABLE, "this node is stopping"));
        waiting.clear();
    }

    private StorePipeline take() {
        StorePipeline pipeline = new StorePipeline(commands, receipts);
        Map<TopicName, MessageId> lasts = new HashMap<>();
        int bytes = 0;
        while (!waiting.isEmpty() && pipeline.size() < MAX_MESSAGES && bytes < MAX_BYTES) {
            Publish publish = waiting.remove();
            bytes += publish.message().payload().length();
            if (publish.isFirstStage() && publish.plan().isLogged()) {
                rise(publish, lasts);
            }
            pipeline.add(publish);
        }
        tails = lasts;
        pipeline.complete(clock.horizon());
        return pipeline;
    }

    /** Gives the message an id above those sent before on its topic, unless it may be stored already. */
    private void rise(Publish publish, Map<TopicName, MessageId> lasts) {
        MessageId id = publish.message().id();
        TopicName topic = publish.message().topic();
        clock.observe(id);
        MessageId last = lasts.getOrDefault(topic, tails.get(topic));
        if (last != null && !id.isAfter(last) && !publish.mayBeStored()) {
            id = clock.next();
            publish.rename(id);
        }
        if (last == null || id.isAfter(last)) {
            lasts.put(topic, id);
        }
    }

    private void onReplies(StorePipeline pipeline, PipelineReplies replies) {
        pipeline.limit(limits, replies);
        List<Publish> again = new ArrayList<>();
        List<Publish> refused = new ArrayList<>();
        boolean notNow = false;
        for (StorePipeline.Outcome outcome : pipeline.outcomes(replies)) {
            Publish publish = outcome.publish();
            RedisFailure failure = outcome.failure();
            if (failure != null && failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
                notNow = true;
                publish.attempted();
                again.add(publish);
            } else if (failure != null) {
                refused.add(publish);
                refuse(publish, outcome.what(), failure);
            } else if (outcome.behind() != null) {
                clock.observe(outcome.behind());
                publish.rename(clock.next());
                again.add(publish);
            } else {
                onStored.accept(publish);
            }
        }
        if (!pipeline.received().isEmpty()) {
            pipeline.received().removeAll(again);
            receipts.settle(link, pipeline.received(), refused);
        }
        for (int i = again.size() - 1; i >= 0; i--) {
            waiting.addFirst(again.get(i));
        }
        if (notNow) {
            vertx.setTimer(NOT_NOW_MILLIS, timer -> resume());
        } else {
            resume();
        }
    }

    private void refuse(Publish publish, String command, RedisFailure failure) {
        log.warn(
                "Message not stored [hook={}, command={}, topic={}, error={}]",
                pathOf(publish),
                command,
                publish.message().topic(),
                failure.getMessage());
        publish.refuse(EventFailure.REFUSED, "Redis refused to store it: " + failure.getMessage());
    }

    private static String pathOf(Publish publish) {
        TopicPlan.Stage stage = publish.stage();
        return stage == null || !stage.stores() ? "" : stage.first().path();
    }

    private void onRedisAway(List<Publish> sent) {
        busy = true;
        for (int i = sent.size() - 1; i >= 0; i--) {
            sent.get(i).attempted();
            waiting.addFirst(sent.get(i));
        }
        if (rejectOnOutage) {
            waiting.forEach(publish -> publish.refuse(EventFailure.UNAVAILABLE, "Redis is not available"));
            waiting.clear();
            resume();
            return;
        }
        link.up().onSuccess(up -> resume()).onFailure(linkClosed -> close());
    }

    private void resume() {
        busy = false;
        flush();
    }
}
