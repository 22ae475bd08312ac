package io.redshank.messages;

import io.redshank.hooks.HookEntry;
import io.redshank.hooks.Retention;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands that store some messages in one pool: each body, then one append for each topic, so that a log never names a body
 * that was not written before it, then the index of topics. All of them may be executed twice.
 */
final class StorePipeline {
    /**
     * What became of one message.
     *
     * @param failure why it is not stored; null if it is, or was not to be
     * @param what the command and key that failed
     * @param behind the log's last id, if the message's is not above it
     */
    record Outcome(
            Publish publish,
            @Nullable RedisFailure failure,
            String what,
            @Nullable MessageId behind) {}

    /** The messages for one log, and where the answer to their append is. */
    private static final class Append {
        final List<Publish> publishes = new ArrayList<>();
        final boolean first;
        final Retention limits;
        int reply;
        int trimmed = -1;

        Append(boolean first, Retention limits) {
            this.first = first;
            this.limits = limits;
        }
    }

    /** A message and which of the commands are for it alone. */
    private record Part(Publish publish, int from, int to, boolean logged) {}

    private final StoreCommands commands;
    private final Receipts receipts;
    private final List<Request> requests = new ArrayList<>();
    /** Where the appends begin, and where what comes after them. */
    private int appendsFrom;

    private int appendsTo;
    private final List<Part> parts = new ArrayList<>();
    private final Map<TopicName, Append> appends = new LinkedHashMap<>();
    /** The messages whose packet ids are remembered. */
    private final List<Publish> received = new ArrayList<>();

    StorePipeline(StoreCommands commands, Receipts receipts) {
        this.commands = commands;
        this.receipts = receipts;
    }

    /** The messages whose packet ids are remembered. */
    List<Publish> received() {
        return received;
    }

    int size() {
        return parts.size();
    }

    /** What waits for what: appends for bodies, the index for appends. */
    List<List<Request>> stages() {
        return List.of(
                requests.subList(0, appendsFrom),
                requests.subList(appendsFrom, appendsTo),
                requests.subList(appendsTo, requests.size()));
    }

    List<Publish> publishes() {
        return parts.stream().map(Part::publish).toList();
    }

    void add(Publish publish) {
        Message message = publish.message();
        TopicPlan.Stage stage = publish.stage();
        int from = requests.size();
        if (stage == null) {
            throw new IllegalArgumentException("nothing is to be done any more for " + message.id());
        }
        boolean stored = StoreCommands.isStored(message);
        boolean logged = stored && !stage.append().isEmpty();
        if (logged) {
            requests.add(commands.body(message));
            requests.add(StoreCommands.expire(
                    Keys.message(message.id()), stage.append().get(0), message));
            Retention limits = stage.append().get(0).retention();
            appends.computeIfAbsent(message.topic(), topic -> new Append(publish.isFirstStage(), limits))
                    .publishes
                    .add(publish);
            if (publish.event().packetId() > 0 && publish.isFirstStage()) {
                received.add(publish);
            }
        }
        if (stored) {
            for (HookEntry entry : stage.latest()) {
                if (message.properties().isEmpty()) {
                    requests.add(MessageHash.withoutProperties(Keys.latest(message.topic()))); // of the one before
                }
                requests.add(commands.latest(message));
                requests.add(StoreCommands.expire(Keys.latest(message.topic()), entry, message));
            }
        }
        parts.add(new Part(publish, from, requests.size(), logged));
    }

    /** Adds the appends, when all messages are in. */
    void complete(MessageId horizon) {
        appendsFrom = requests.size();
        appendsTo = appendsFrom;
        if (appends.isEmpty()) {
            return;
        }
        if (!received.isEmpty()) {
            receipts.addBefore(received, requests);
            appendsFrom = requests.size();
        }
        appends.forEach((topic, append) -> {
            append.reply = requests.size();
            List<MessageId> ids = append.publishes.stream()
                    .map(publish -> publish.message().id())
                    .toList();
            requests.add(StoreCommands.append(topic, horizon, append.first, ids));
            if (append.limits.maxMessages() > 0) {
                append.trimmed = requests.size();
                requests.add(StoreCommands.trim(topic, append.limits.maxMessages()));
            }
        });
        appendsTo = requests.size();
        requests.add(StoreCommands.touch(appends.keySet(), System.currentTimeMillis()));
    }

    /** What became of each message, in the order they were added. */
    List<Outcome> outcomes(PipelineReplies replies) {
        Map<TopicName, Integer> next = new LinkedHashMap<>();
        List<Outcome> outcomes = new ArrayList<>(parts.size());
        for (Part part : parts) {
            int place = part.logged() ? next.merge(part.publish().message().topic(), 1, Integer::sum) - 1 : -1;
            outcomes.add(outcome(part, place, replies));
        }
        return outcomes;
    }

    /** Has the logs looked at that have limits and were appended to. */
    void limit(LogLimits limits, PipelineReplies replies) {
        appends.forEach((topic, append) -> {
            if (append.limits.isLimited() && replies.failure(append.reply) == null) {
                long bytes = append.publishes.stream()
                        .mapToLong(publish -> publish.message().payload().length())
                        .sum();
                limits.onAppended(
                        topic, append.limits, bytes, append.trimmed < 0 ? null : replies.reply(append.trimmed));
            }
        });
    }

    private Outcome outcome(Part part, int place, PipelineReplies replies) {
        Publish publish = part.publish();
        for (int i = part.from(); i < part.to(); i++) {
            RedisFailure failure = replies.failure(i);
            if (failure != null) {
                return new Outcome(publish, failure, requests.get(i).command() + " of its body", null);
            }
        }
        Append append = part.logged() ? appends.get(publish.message().topic()) : null;
        if (append == null) {
            return new Outcome(publish, null, "", null);
        }
        RedisFailure failure = replies.failure(append.reply);
        if (failure != null) {
            return new Outcome(
                    publish, failure, "ZADD " + Keys.log(publish.message().topic()), null);
        }
        return appended(publish, append.first, place, replies.reply(append.reply));
    }

    private static Outcome appended(Publish publish, boolean first, int place, @Nullable Response answers) {
        int size = answers == null ? 0 : answers.size();
        String answer = answers == null || size == 0
                ? ""
                : answers.get(Math.min(place, size - 1)).toString();
        if (answer.startsWith("!")) {
            return new Outcome(publish, null, "", new MessageId(answer.substring(1)));
        }
        if (first) {
            publish.follows(answer.isEmpty() ? null : new MessageId(answer));
        }
        return new Outcome(publish, null, "", null);
    }
}
