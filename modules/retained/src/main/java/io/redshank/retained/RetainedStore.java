package io.redshank.retained;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessagePublished;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores and deletes retained messages where the hook table says so. A message that no entry is for is not kept. What an entry
 * says about expiry is for messages of a log: a retained one stays until it is replaced, deleted, or of no use to its publisher
 * any more (MQTT 5, 3.3.2.3.3).
 */
final class RetainedStore {
    private final List<HookEntry> retain;
    private final List<HookEntry> delete;
    private final Map<String, RetainedWriter> writers = new LinkedHashMap<>();
    private final Map<String, RetainedRoom> rooms = new LinkedHashMap<>();

    /** A store for at most so many topics in each pool; 0 for any number. */
    RetainedStore(Vertx vertx, BackendOptions options, RedisLinks links, int mostTopics) {
        this.retain = options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_RETAIN);
        this.delete = options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_RETAIN_DELETE);
        RetainedCommands commands = new RetainedCommands(options.unit());
        for (RedisLink link : links.all()) {
            writers.put(link.pool().name(), new RetainedWriter(vertx, link, commands, options.rejectOnOutage()));
            rooms.put(link.pool().name(), new RetainedRoom(vertx, link, mostTopics));
        }
    }

    /** Starts to count what is there. */
    void open() {
        rooms.values().forEach(RetainedRoom::open);
    }

    /** Completes with the message's id when each pool has it. */
    Future<MessageId> onPublished(MessagePublished event) {
        Message message = event.message();
        if (!message.retain()) {
            return Future.succeededFuture(message.id());
        }
        Set<String> pools = new HashSet<>();
        List<Future<Void>> writes = new ArrayList<>(1);
        for (HookEntry entry : message.deletesRetained() ? delete : retain) {
            RetainedWriter writer = writers.get(entry.pool());
            if (writer != null && entry.appliesTo(message.topic()) && pools.add(entry.pool())) {
                writes.add(message.deletesRetained() ? writer.write(entry, message) : store(writer, entry, message));
            }
        }
        return Future.join(writes).map(message.id());
    }

    private Future<Void> store(RetainedWriter writer, HookEntry entry, Message message) {
        RetainedRoom room = rooms.get(entry.pool());
        Future<Boolean> found = room == null ? Future.succeededFuture(true) : room.isFor(message.topic());
        boolean atOnce = found.isComplete();
        return found.compose(isRoom -> {
            if (!isRoom) {
                return Future.failedFuture(
                        new EventFailedException(EventFailure.FULL, "no room for one more retained message"));
            }
            Future<Void> written = writer.write(entry, message);
            if (!atOnce) {
                writer.flush(); // the batch that it came with has gone
            }
            return written;
        });
    }

    /** Sends what the events of a batch have asked for. */
    void flush() {
        writers.values().forEach(RetainedWriter::flush);
    }

    /** Fails what waits. */
    void close() {
        rooms.values().forEach(RetainedRoom::close);
        writers.values().forEach(RetainedWriter::close);
    }
}
