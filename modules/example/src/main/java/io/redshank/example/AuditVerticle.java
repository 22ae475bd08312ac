package io.redshank.example;

import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.EventListener;
import io.redshank.events.EventTypes;
import io.redshank.events.MessagePublished;
import io.redshank.events.SessionSubscribed;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who comes, goes, subscribes and publishes, on all nodes of the cluster: one JSON object a line, into the file that
 * {@code config.file} names. Never a payload. One instance on one node is enough.
 */
public final class AuditVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(AuditVerticle.class);
    private static final String DEFAULT_FILE = "audit.jsonl";

    private @Nullable EventListener listener;
    private @Nullable AsyncFile file;
    private long connects;

    @Override
    public Future<?> start() {
        EventListener events = new EventListener(vertx)
                .on(EventTypes.CLIENT_CONNECTED, this::onConnected)
                .on(EventTypes.CLIENT_DISCONNECTED, this::onDisconnected)
                .on(EventTypes.SESSION_SUBSCRIBED, this::onSubscribed)
                .on(EventTypes.MESSAGE_PUBLISHED, this::onPublished);
        listener = events;
        return vertx.fileSystem()
                .open(config().getString("file", DEFAULT_FILE), new OpenOptions().setAppend(true))
                .compose(opened -> {
                    file = opened;
                    return events.open();
                });
    }

    @Override
    public Future<?> stop() {
        Future<Void> deaf = listener == null ? Future.succeededFuture() : listener.close();
        return deaf.compose(closed -> file == null ? Future.succeededFuture() : file.close());
    }

    private void onConnected(ClientConnected event) {
        connects++;
        write(new JsonObject()
                .put("event", "client-connected")
                .put("client", event.client().value())
                .put("user", event.username())
                .put("node", event.node().value())
                .put("at", event.millis())
                .put("connects", connects));
    }

    private void onDisconnected(ClientDisconnected event) {
        write(new JsonObject()
                .put("event", "client-disconnected")
                .put("client", event.client().value())
                .put("node", event.node().value())
                .put("at", event.millis()));
    }

    private void onSubscribed(SessionSubscribed event) {
        write(new JsonObject()
                .put("event", "session-subscribed")
                .put("client", event.client().value())
                .put("filter", event.subscription().filter().value())
                .put("at", event.millis()));
    }

    private void onPublished(MessagePublished event) {
        write(new JsonObject()
                .put("event", "message-published")
                .put("client", event.client().value())
                .put("topic", event.message().topic().value())
                .put("id", event.message().id().value())
                .put("bytes", event.message().payload().length()));
    }

    /** A disk that is slower than the events loses lines, and not the node. */
    private void write(JsonObject line) {
        AsyncFile out = file;
        if (out != null && !out.writeQueueFull()) {
            out.write(line.toBuffer().appendString("\n"))
                    .onFailure(failure -> log.warn("Line not written [cause={}]", failure.getMessage()));
        }
    }
}
