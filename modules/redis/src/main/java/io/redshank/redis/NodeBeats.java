package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The runs of nodes in {@link Keys#NODES_DUE}. One that lives is there by its name, until its last beat counts no more. Once it is
 * declared dead, {@code dead} stands before its name, and who clears up after it has it for a while. It first ends the connections
 * that the run has to Redis, for a process that is frozen may have half of a write before it; {@code cut} says that this is done. When that is done, {@code gone}
 * stands there for some days: a process that was frozen is told then that it is not alive, and does not come back.
 */
public final class NodeBeats {
    /** How long a beat counts for other nodes. */
    public static final long BEAT_COUNTS_MILLIS = 8_000;

    /** How long it counts if nobody listens on the node's channel any more, which is so at once when its process is killed. */
    private static final long COUNTS_UNHEARD_MILLIS = 3_500;

    private static final long REMEMBERED_MILLIS = TimeUnit.DAYS.toMillis(7);

    /** Run ARGV[1] beats: 1; 0 if it is declared dead. With the first one, former runs of node ARGV[3] are declared dead. */
    private static final Script BEAT = new Script("node-beat", """
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            local run = ARGV[1]
            if not redis.call('ZSCORE', KEYS[1], run) and (redis.call('ZSCORE', KEYS[1], 'dead ' .. run)
                or redis.call('ZSCORE', KEYS[1], 'gone ' .. run)) then
              return 0
            end
            redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[2])), run)
            if ARGV[3] then
              for _, other in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
                local incarnation, node = string.match(other, '^(%d+) (.*)$')
                if node == ARGV[3] and other ~= run then
                  redis.call('ZREM', KEYS[1], other)
                  redis.call('ZADD', KEYS[1], string.format('%.0f', now), 'dead ' .. other)
                end
              end
            end
            return 1
            """);

    /**
     * Takes those that are dead for ARGV[1] milliseconds, and with ARGV[2] those that are overdue, which are dead from now on. Answers
     * names and up to when each is taken, by turns.
     */
    private static final Script TAKE = new Script("dead-nodes-taken", """
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            local lease = string.format('%.0f', now + tonumber(ARGV[1]))
            local taken = {}
            for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
              local mark = string.sub(member, 1, 5)
              if mark == 'gone ' or string.sub(member, 1, 4) == 'cut ' then
                redis.call('ZREM', KEYS[1], member)
              elseif mark == 'dead ' or ARGV[2] then
                local run = mark == 'dead ' and string.sub(member, 6) or member
                redis.call('ZREM', KEYS[1], member)
                redis.call('ZADD', KEYS[1], lease, 'dead ' .. run)
                table.insert(taken, run)
                table.insert(taken, lease)
              end
            end
            return taken
            """);

    /**
     * Keeps dead run ARGV[1], which is taken up to ARGV[2], for ARGV[3] milliseconds more, or has it done with for so long if there
     * is an ARGV[4]. Answers up to when; 0 if another one has taken it since.
     */
    private static final Script KEEP = new Script("dead-node-kept", """
            local score = redis.call('ZSCORE', KEYS[1], 'dead ' .. ARGV[1])
            if not score or tonumber(score) ~= tonumber(ARGV[2]) then
              return '0'
            end
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            local lease = string.format('%.0f', now + tonumber(ARGV[3]))
            if ARGV[4] then
              redis.call('ZREM', KEYS[1], 'dead ' .. ARGV[1])
              redis.call('ZADD', KEYS[1], lease, 'gone ' .. ARGV[1])
            else
              redis.call('ZADD', KEYS[1], lease, 'dead ' .. ARGV[1])
            end
            return lease
            """);

    /**
     * The runs whose last beat counts for less than ARGV[1] milliseconds more; those of them that are named by further arguments are
     * overdue from now on.
     */
    private static final Script LATE = new Script("late-nodes", """
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            local late = {}
            for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, now + tonumber(ARGV[1]))) do
              local mark = string.sub(member, 1, 5)
              if mark ~= 'dead ' and mark ~= 'gone ' and string.sub(member, 1, 4) ~= 'cut ' then
                table.insert(late, member)
                for i = 2, #ARGV do
                  if ARGV[i] == member then
                    redis.call('ZADD', KEYS[1], string.format('%.0f', now), member)
                  end
                end
              end
            end
            return late
            """);

    /** What a link has to have loaded for this. */
    public static final List<Script> SCRIPTS = List.of(BEAT, TAKE, KEEP, LATE);

    /** What Redis knows of a run of a node. */
    public enum State {
        ALIVE,
        DEAD,
        UNKNOWN
    }

    /** What a look at a run shows that is to leave. */
    public enum Presence {
        THERE,
        /** Its last beat counts no more. */
        SILENT,
        /** It was declared dead. */
        LOST,
        LEFT
    }

    /** A dead run, and up to when it is the taker's to clear up, in milliseconds since 1970. */
    public record Taken(NodeRun run, long until) {}

    private NodeBeats() {}

    /** A beat, to be sent whether there is a lease or not; answers 0 if the run is declared dead. */
    public static Request beat(NodeRun run, boolean first) {
        return first
                ? BEAT.call(Keys.NODES_DUE, run.text(), BEAT_COUNTS_MILLIS, run.node())
                : BEAT.call(Keys.NODES_DUE, run.text(), BEAT_COUNTS_MILLIS);
    }

    /** The run has ended in order. */
    public static Request leave(NodeRun run) {
        return Request.cmd(Command.ZREM, Keys.NODES_DUE, run.text());
    }

    /** Finds out which nodes are late and have left their channels, as one does that is killed: these are overdue at once. */
    public static Future<Void> hasten(RedisLink link) {
        long left = BEAT_COUNTS_MILLIS - COUNTS_UNHEARD_MILLIS;
        return link.send(LATE.call(Keys.NODES_DUE, left)).compose(late -> {
            List<NodeRun> runs = runsIn(late);
            if (runs.isEmpty()) {
                return Future.succeededFuture();
            }
            List<String> channels =
                    runs.stream().map(run -> Keys.nodeChannel(run.node())).toList();
            return Listeners.of(link, channels).compose(counts -> overdue(link, left, unheard(runs, counts)));
        });
    }

    private static List<NodeRun> unheard(List<NodeRun> runs, List<Long> counts) {
        List<NodeRun> unheard = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            if (counts.get(i) == 0) {
                unheard.add(runs.get(i));
            }
        }
        return unheard;
    }

    private static Future<Void> overdue(RedisLink link, long left, List<NodeRun> runs) {
        if (runs.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Object> args = new ArrayList<>();
        args.add(left);
        runs.forEach(run -> args.add(run.text()));
        return link.send(LATE.call(Keys.NODES_DUE, args.toArray())).mapEmpty();
    }

    /** Takes the dead; with those that are overdue if these may be declared dead. */
    public static Future<List<Taken>> take(RedisLink link, long leaseMillis, boolean declare) {
        Request take =
                declare ? TAKE.call(Keys.NODES_DUE, leaseMillis, "declare") : TAKE.call(Keys.NODES_DUE, leaseMillis);
        return link.send(take).map(NodeBeats::taken);
    }

    /** Keeps one longer; null if another node has taken it since. */
    public static Future<@Nullable Taken> keep(RedisLink link, Taken taken, long leaseMillis) {
        return link.send(KEEP.call(Keys.NODES_DUE, taken.run().text(), taken.until(), leaseMillis))
                .map(reply -> {
                    long until = reply == null ? 0 : reply.toLong();
                    return until == 0 ? null : new Taken(taken.run(), until);
                });
    }

    /** Nothing of a dead run reaches Redis any more: only now what it had may be taken over. */
    public static Future<?> cutOff(RedisLink link, NodeRun run) {
        long until = System.currentTimeMillis() + REMEMBERED_MILLIS;
        return link.send(Request.cmd(Command.ZADD, Keys.NODES_DUE, Long.toString(until), "cut " + run.text()));
    }

    /** All is cleared up that this run has left. */
    public static Future<?> done(RedisLink link, Taken taken) {
        return link.send(KEEP.call(Keys.NODES_DUE, taken.run().text(), taken.until(), REMEMBERED_MILLIS, "gone"));
    }

    /** What is known of a run. */
    public static Future<State> state(RedisLink link, NodeRun run) {
        String text = run.text();
        return link.send(Request.cmd(Command.ZMSCORE, Keys.NODES_DUE, text, "cut " + text, "gone " + text))
                .map(scores -> {
                    if (scores == null || scores.get(0) != null) {
                        return State.ALIVE;
                    }
                    return scores.get(1) != null || scores.get(2) != null ? State.DEAD : State.UNKNOWN;
                });
    }

    /** What has become of a run that was alive. */
    public static Future<Presence> presence(RedisLink link, NodeRun run) {
        String text = run.text();
        Request marks =
                Request.cmd(Command.ZMSCORE, Keys.NODES_DUE, text, "dead " + text, "cut " + text, "gone " + text);
        return Future.all(link.send(Request.cmd(Command.TIME)), link.send(marks))
                .map(replies -> {
                    Response time = replies.resultAt(0);
                    Response scores = replies.resultAt(1);
                    Response counts = scores.get(0);
                    if (counts != null) {
                        long now = TimeUnit.SECONDS.toMillis(time.get(0).toLong());
                        return counts.toLong() < now ? Presence.SILENT : Presence.THERE;
                    }
                    return scores.stream().anyMatch(Objects::nonNull) ? Presence.LOST : Presence.LEFT;
                });
    }

    /** The runs that live, or have not been declared dead yet. */
    public static Future<List<NodeRun>> alive(RedisLink link) {
        return link.send(Request.cmd(Command.ZRANGE, Keys.NODES_DUE, 0, -1)).map(NodeBeats::runsIn);
    }

    private static List<NodeRun> runsIn(@Nullable Response members) {
        return members == null
                ? List.of()
                : members.stream()
                        .map(member -> NodeRun.read(member.toString()))
                        .filter(Objects::nonNull)
                        .toList();
    }

    private static List<Taken> taken(@Nullable Response reply) {
        List<Taken> taken = new ArrayList<>();
        for (int i = 0; reply != null && i + 1 < reply.size(); i += 2) {
            NodeRun run = NodeRun.read(reply.get(i).toString());
            if (run != null) {
                taken.add(new Taken(run, reply.get(i + 1).toLong()));
            }
        }
        return taken;
    }
}
