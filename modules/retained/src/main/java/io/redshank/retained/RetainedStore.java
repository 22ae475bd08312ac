package io.redshank.retained;

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

    RetainedStore(Vertx vertx, BackendOptions options, RedisLinks links) {
        this.retain = options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_RETAIN);
        this.delete = options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_RETAIN_DELETE);
        RetainedCommands commands = new RetainedCommands(options.unit());
        for (RedisLink link : links.all()) {
            writers.put(link.pool().name(), new RetainedWriter(vertx, link, commands, options.rejectOnOutage()));
        }
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
                writes.add(writer.write(entry, message));
            }
        }
        return Future.join(writes).map(message.id());
    }

    /** Sends what the events of a batch have asked for. */
    void flush() {
        writers.values().forEach(RetainedWriter::flush);
    }

    /** Fails what waits. */
    void close() {
        writers.values().forEach(RetainedWriter::close);
    }
}
