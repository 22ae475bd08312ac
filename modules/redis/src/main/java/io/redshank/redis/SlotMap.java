package io.redshank.redis;

import io.vertx.redis.client.Response;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which master of a Redis Cluster has which slot, as one of its servers says. */
final class SlotMap {
    /** Nobody knows anything yet. */
    static final SlotMap EMPTY = new SlotMap(new RedisAddress[Slots.COUNT]);

    private final @Nullable RedisAddress[] masters;

    private SlotMap(@Nullable RedisAddress[] masters) {
        this.masters = masters;
    }

    /** Reads a reply to {@code CLUSTER SLOTS}; a server that does not know its own name is where it was asked. */
    static SlotMap read(@Nullable Response slots, RedisAddress asked) {
        @Nullable RedisAddress[] masters = new RedisAddress[Slots.COUNT];
        for (int i = 0; slots != null && i < slots.size(); i++) {
            Response range = slots.get(i);
            Response master = range.get(2);
            Response host = master.get(0);
            String name = host == null ? "" : host.toString();
            RedisAddress address = new RedisAddress(
                    name.isEmpty() ? asked.host() : name, master.get(1).toInteger());
            Arrays.fill(masters, range.get(0).toInteger(), range.get(1).toInteger() + 1, address);
        }
        return new SlotMap(masters);
    }

    /** Whether each slot has a master. */
    boolean isComplete() {
        return Arrays.stream(masters).noneMatch(master -> master == null);
    }

    /** Who has this slot; for none, the first of the masters. */
    @Nullable
    RedisAddress masterOf(int slot) {
        return masters[Math.max(slot, 0)];
    }

    /** All masters that have slots, in the order of these. */
    List<RedisAddress> masters() {
        Set<RedisAddress> all = new LinkedHashSet<>();
        for (RedisAddress master : masters) {
            if (master != null) {
                all.add(master);
            }
        }
        return List.copyOf(all);
    }
}
