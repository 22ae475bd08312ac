package io.redshank.admin;

import io.redshank.hooks.BackendOptions;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.MessageProperties;
import io.redshank.redis.DueMessages;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows a stored message, and which sessions have not acknowledged it. Changes nothing. On the context of the links. */
public final class StoredMessage {
    private final Estate estate;
    private final Steps steps;
    private final Consumer<Statement> out;

    /** One that hands out each statement as it is found. */
    public StoredMessage(Vertx vertx, BackendOptions options, RedisLinks links, Consumer<Statement> out) {
        this.estate = new Estate(options, links);
        this.steps = new Steps(vertx, Doctor.Pace.ORDINARY.pauseMillis());
        this.out = out;
    }

    /** The message's body as it was found. */
    private record Found(Message message, RedisLink link, long ttlMillis) {}

    /**
     * What there was to show.
     *
     * @param known whether there is such a message, stored or waiting to be published
     * @param message the message, if it is stored
     */
    public record Shown(boolean known, @Nullable Message message) {}

    /** Shows what there is of this message. The payload is not among the statements. */
    public Future<Shown> show(MessageId id) {
        return find(id).compose(found -> found == null
                ? waiting(id).map(waits -> waits ? new Shown(true, null) : absent(id))
                : showFound(id, found).map(shown -> new Shown(true, found.message())));
    }

    private Future<@Nullable Found> find(MessageId id) {
        Future<@Nullable Found> found = Future.succeededFuture();
        for (RedisLink link : estate.databases()) {
            found = found.compose(already -> already == null ? read(id, link) : Future.succeededFuture(already));
        }
        return found;
    }

    private static Future<@Nullable Found> read(MessageId id, RedisLink link) {
        List<Request> questions = List.of(
                Request.cmd(Command.HGETALL).arg(Keys.message(id)),
                Request.cmd(Command.PTTL).arg(Keys.message(id)));
        return Replies.to(questions, link).map(replies -> {
            Message message = MessageHash.read(id, replies.get(0));
            Long ttl = replies.number(1);
            return message == null ? null : new Found(message, link, ttl == null ? -1 : ttl);
        });
    }

    private Shown absent(MessageId id) {
        out.accept(Statement.of(
                        "message", "none of this id is stored: it has expired, was consumed, or never was" + sentAt(id))
                .with("id", id.value())
                .with("stored", false));
        return new Shown(false, null);
    }

    private static String sentAt(MessageId id) {
        String time = Times.of(id);
        return time.isEmpty() ? "" : "; the id is of " + time;
    }

    /** Whether it waits to be published, as a will or a delayed message. */
    private Future<Boolean> waiting(MessageId id) {
        List<DueMessages> queues = List.of(DueMessages.values());
        List<Request> questions = queues.stream()
                .map(queue ->
                        Request.cmd(Command.ZSCORE).arg(queue.index().key()).arg(id.value()))
                .toList();
        return Replies.to(questions, estate.sessions()).map(replies -> {
            boolean waits = false;
            for (int i = 0; i < queues.size(); i++) {
                var due = replies.get(i);
                if (due != null) {
                    waits = true;
                    String what = queues.get(i) == DueMessages.WILLS ? "a will" : "a delayed message";
                    String when = Times.text((long) Double.parseDouble(due.toString()));
                    out.accept(Statement.of("message", what + " that is published at " + when)
                            .with("id", id.value())
                            .with("stored", false)
                            .with("due", when));
                }
            }
            return waits;
        });
    }

    private Future<Void> showFound(MessageId id, Found found) {
        Message message = found.message();
        out.accept(message(id, found));
        if (!message.properties().isEmpty()) {
            out.accept(properties(message.properties()));
        }
        LogView log = new LogView(found.link(), message.topic());
        return log.rank(id)
                .compose(rank -> place(log, rank).compose(placed -> {
                    if (rank == null) {
                        return Future.succeededFuture();
                    }
                    return new Unacknowledged(estate, steps, out)
                            .show(message.at(id, message.topic()), found.link(), rank);
                }));
    }

    private Statement message(MessageId id, Found found) {
        Message message = found.message();
        String ends = found.ttlMillis() < 0 ? "no end" : (found.ttlMillis() / 1000) + " s left";
        return Statement.of(
                        "message",
                        "topic " + message.topic() + ", QoS " + message.qos().level() + ", from " + message.from()
                                + ", at "
                                + Times.text(message.millis()) + ", "
                                + message.payload().length() + " bytes, " + ends
                                + (message.retain() ? ", retained" : ""))
                .with("id", id.value())
                .with("stored", true)
                .with("pool", found.link().pool().name())
                .with("topic", message.topic().value())
                .with("qos", message.qos().level())
                .with("from", message.from().value())
                .with("at", Times.text(message.millis()))
                .with("bytes", message.payload().length())
                .with("retain", message.retain())
                .with("ttl_seconds", found.ttlMillis() < 0 ? -1 : found.ttlMillis() / 1000);
    }

    private static Statement properties(MessageProperties properties) {
        JsonObject json = new JsonObject();
        put(json, "payload_format", properties.payloadFormat());
        put(json, "message_expiry", properties.expirySeconds());
        put(json, "content_type", properties.contentType());
        var response = properties.responseTopic();
        put(json, "response_topic", response == null ? null : response.value());
        var correlation = properties.correlationData();
        put(json, "correlation_data_bytes", correlation == null ? null : correlation.length());
        properties.userProperties().forEach(property -> json.put("user:" + property.name(), property.value()));
        return new Statement("properties", json.encode(), json);
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private Future<Void> place(LogView log, @Nullable Long rank) {
        if (rank == null) {
            out.accept(Statement.of("log", "not in the log of its topic: nobody is given it any more")
                    .with("in_log", false));
            return Future.succeededFuture();
        }
        return log.at(rank - 1)
                .compose(before -> log.at(rank + 1)
                        .compose(after -> log.all().map(all -> {
                            out.accept(Statement.of(
                                            "log",
                                            "number " + (rank + 1) + " of " + all.count() + ", behind " + name(before)
                                                    + ", before " + name(after))
                                    .with("in_log", true)
                                    .with("number", rank + 1)
                                    .with("count", all.count())
                                    .with("previous", before == null ? "" : before.value())
                                    .with("next", after == null ? "" : after.value()));
                            return null;
                        })));
    }

    private static String name(@Nullable MessageId id) {
        return id == null ? "nothing" : id.value();
    }
}
