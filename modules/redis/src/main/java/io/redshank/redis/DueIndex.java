package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sorted set of what is to be done later, by the time at which each is due, in milliseconds since 1970. Any number of nodes may
 * work it off at once: what one takes, the others do not see, until a lease runs out, which happens only if the taker dies over
 * it.
 */
public record DueIndex(String key) {
    private static final Script ADD = Script.ofResource(DueIndex.class, "add_due.lua");
    private static final Script TAKE = Script.ofResource(DueIndex.class, "take_due.lua");
    private static final Script MOVE = Script.ofResource(DueIndex.class, "move_due.lua");

    /** What a link has to have loaded for this. */
    public static final List<Script> SCRIPTS = List.of(ADD, TAKE, MOVE);

    /**
     * What was taken.
     *
     * @param nextMillis when the earliest of all that are left is due; {@link Long#MAX_VALUE} if none are
     */
    public record Taken(List<String> members, long nextMillis) {}

    /** Puts a member in, unless there are so many others; answers 1 if it is in, else 0. */
    public Request add(String member, long dueMillis, int most) {
        return ADD.call(key, member, dueMillis, most);
    }

    /** Takes what is due, up to so many, the earliest first. */
    public Future<Taken> take(RedisLink link, long nowMillis, long leaseMillis, int most) {
        return link.send(TAKE.call(key, nowMillis, leaseMillis, most)).map(DueIndex::taken);
    }

    /** Takes a member out, unless it was given another time than this one since. */
    public Request remove(String member, long dueMillis) {
        return MOVE.call(key, member, dueMillis, "");
    }

    /** Gives a member another time, unless it was given another one than this one since. */
    public Request move(String member, long dueMillis, long otherMillis) {
        return MOVE.call(key, member, dueMillis, otherMillis);
    }

    private static Taken taken(@Nullable Response reply) {
        if (reply == null || reply.size() == 0) {
            return new Taken(List.of(), Long.MAX_VALUE);
        }
        List<String> members = new ArrayList<>();
        for (int i = 1; i < reply.size(); i++) {
            members.add(reply.get(i).toString());
        }
        String next = reply.get(0).toString();
        return new Taken(members, next.isEmpty() ? Long.MAX_VALUE : (long) Double.parseDouble(next));
    }
}
