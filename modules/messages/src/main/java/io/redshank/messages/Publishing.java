package io.redshank.messages;

import io.redshank.events.EventOutbox;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePublished;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.HookVariables;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the {@code message.publish} hook does with each message: store it, have it routed, run commands, and then answer, which
 * is when the publisher gets its acknowledgement. Confined to the verticle's context.
 */
final class Publishing {
    private static final Logger log = LoggerFactory.getLogger(Publishing.class);
    /** How many topics' plans are remembered; then all are forgotten, which costs one look at the hook table each. */
    private static final int REMEMBERED_PLANS = 8192;

    private static final Future<Void> ROUTED = Future.succeededFuture();

    private final BackendOptions options;
    private final CommandRunner runner;
    private final EventOutbox outbox;
    private final Map<String, PublishLane> lanes = new HashMap<>();
    private final Map<TopicName, TopicPlan> plans = new HashMap<>();

    Publishing(
            Vertx vertx,
            BackendOptions options,
            RedisLinks links,
            CommandRunner runner,
            EventOutbox outbox,
            Receipts receipts,
            MessageClock clock,
            LogCounts counts) {
        this.options = options;
        this.runner = runner;
        this.outbox = outbox;
        StoreCommands commands = new StoreCommands(options.unit());
        links.byPool()
                .forEach((pool, link) -> lanes.put(
                        pool,
                        new PublishLane(
                                vertx,
                                link,
                                commands,
                                receipts,
                                clock,
                                options.rejectOnOutage(),
                                new LogLimits(link, counts),
                                this::onStored)));
    }

    /** A message was published; complete when all that its publisher waits for is in Redis. */
    Future<MessageId> onPublished(MessagePublished event) {
        Publish publish = new Publish(event, planFor(event.message().topic()));
        goOn(publish);
        return publish.done().future();
    }

    /** Sends what the events of a batch have added up to. */
    void flush() {
        lanes.values().forEach(PublishLane::flush);
    }

    void close() {
        lanes.values().forEach(PublishLane::close);
    }

    /** To the next pool, or, when there is none, out to the subscribers. */
    private void goOn(Publish publish) {
        TopicPlan.Stage stage = publish.stage();
        if (stage == null) {
            route(publish);
            return;
        }
        PublishLane lane = lanes.get(stage.pool());
        if (lane == null) {
            throw new IllegalStateException("no link to pool " + stage.pool());
        }
        lane.add(publish);
        if (!publish.isFirstStage()) {
            lane.flush();
        }
    }

    private void onStored(Publish publish) {
        TopicPlan.Stage stage = publish.stage();
        if (stage != null && !stage.commands().isEmpty()) {
            publish.awaits(runCommands(publish, stage));
        }
        publish.stageDone();
        goOn(publish);
    }

    private Future<Void> runCommands(Publish publish, TopicPlan.Stage stage) {
        Message message = publish.message();
        String username = publish.event().username();
        return runner.runAll(
                stage.commands(),
                HookVariables.ofPublish(
                        message,
                        username == null ? "" : username,
                        options.unit().of(message.millis())));
    }

    private void route(Publish publish) {
        Message message = publish.message();
        Future<Void> routed = ROUTED;
        if (message.qos().isAcknowledged()) { // QoS 0 is routed by the broker at once
            boolean stored = publish.plan().isLogged() && StoreCommands.isStored(message);
            routed = outbox.route(new MessageAccepted(
                    message, publish.previous(), stored, publish.event().resent()));
        }
        Future<Void> commands = publish.commandsRun();
        if (commands == null && routed.isComplete()) {
            publish.done().tryComplete(message.id());
        } else if (commands == null) {
            routed.onComplete(there -> publish.done().tryComplete(message.id()));
        } else {
            Future.join(routed, commands).onComplete(ran -> {
                if (ran.failed()) { // refused commands are said by the runner; this is Redis going away under them
                    log.warn(
                            "Commands of a stored message may not have run [topic={}, cause={}]",
                            message.topic(),
                            ran.cause().getMessage());
                }
                publish.done().tryComplete(message.id());
            });
        }
    }

    private TopicPlan planFor(TopicName topic) {
        if (plans.size() >= REMEMBERED_PLANS) {
            plans.clear();
        }
        return plans.computeIfAbsent(topic, name -> TopicPlan.of(options.hooks(), name));
    }
}
