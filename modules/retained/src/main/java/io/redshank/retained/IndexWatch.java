package io.redshank.retained;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicName;
import io.redshank.redis.KeyChanges;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RetainedIndex;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one pool's index true to what applications write and delete: hears which keys change, and checks those. Has a link of
 * its own, so that no client's command waits behind it. Confined to the context that opened it.
 *
 * <p>Our own writes are heard as well. They cost two small reads each, of which one batch is under way at a time; what changes
 * again meanwhile is checked once.
 */
final class IndexWatch {
    static final String PREFIX = "mqtt:retain:";

    private static final Logger log = LoggerFactory.getLogger(IndexWatch.class);
    private static final int MAX_BATCH = 500;
    /** With more changes than this unchecked, Redis is away or overrun; the walk finds what is left out. */
    private static final int MAX_WAITING = 100_000;

    private final RedisLink link;
    private final RetainedIndex repair;
    private final IndexWalk walk;
    private final KeyChanges changes;
    private final Set<TopicName> waiting = new LinkedHashSet<>();
    private boolean checking;

    private IndexWatch(Vertx vertx, PoolConfig pool, long walkMillis) {
        this.link = RedisLink.open(vertx, pool, List.of());
        this.repair = new RetainedIndex(link);
        this.walk = new IndexWalk(vertx, link, walkMillis);
        this.changes = KeyChanges.open(vertx, pool, PREFIX, this::onChanged, walk::start);
    }

    /** Listens from now on, and walks through all keys after each time when nobody listened. */
    static IndexWatch open(Vertx vertx, PoolConfig pool, long walkMillis) {
        IndexWatch watch = new IndexWatch(vertx, pool, walkMillis);
        watch.walk.start();
        return watch;
    }

    Future<?> close() {
        walk.close();
        return Future.join(changes.close(), link.close());
    }

    /** The topic of such a key, or null if it has none that MQTT allows. */
    static @Nullable TopicName topicOf(Buffer key) {
        try {
            return new TopicName(key.getString(PREFIX.length(), key.length(), UTF_8.name()));
        } catch (MalformedMqttException malformed) {
            return null;
        }
    }

    private void onChanged(List<Buffer> keys) {
        for (Buffer key : keys) {
            TopicName topic = topicOf(key);
            if (topic != null && waiting.size() < MAX_WAITING) {
                waiting.add(topic);
            }
        }
        check();
    }

    private void check() {
        if (checking || waiting.isEmpty()) {
            return;
        }
        checking = true;
        List<TopicName> batch = new ArrayList<>(Math.min(waiting.size(), MAX_BATCH));
        var oldest = waiting.iterator();
        while (oldest.hasNext() && batch.size() < MAX_BATCH) {
            batch.add(oldest.next());
            oldest.remove();
        }
        repair.check(batch)
                .recover(failure -> {
                    log.debug("Index not checked, left to the walk [topics={}]", batch.size(), failure);
                    walk.start();
                    return Future.succeededFuture();
                })
                .onComplete(done -> {
                    checking = false;
                    check();
                });
    }
}
