package io.redshank.redis;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.vertx.redis.client.Request;
import java.util.List;

/** How client ids are claimed, and let go. Each script is on one key. */
public final class RegistrationScripts {
    /** Answers what is known of the client id then, fields and values by turns. What Redis says the time is, all nodes agree on. */
    private static final Script CLAIM = new Script("client-claimed", """
            local held = redis.call('HMGET', KEYS[1], 'epoch', 'node', 'incarnation', 'instance', 'via')
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
            local epoch = string.format('%.0f', math.max((tonumber(held[1] or '0') or 0) + 1, now))
            if held[2] then
              local before = table.concat({held[3] or '0', held[4] or '0', held[5] or held[2], held[2]}, ' ')
              redis.call('HSET', KEYS[1], 'p:' .. held[1], before)
            end
            redis.call('HSET', KEYS[1], 'epoch', epoch, 'node', ARGV[1], 'incarnation', ARGV[2], 'instance', ARGV[3],
                'via', ARGV[4])
            return redis.call('HGETALL', KEYS[1])
            """);

    /** Lets go of the claim of epoch ARGV[1]; answers what is left, fields and values by turns. */
    private static final Script RELEASE = new Script("client-released", """
            redis.call('HDEL', KEYS[1], 'p:' .. ARGV[1], 'c:' .. ARGV[1], 'u:' .. ARGV[1])
            if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
              redis.call('HDEL', KEYS[1], 'node', 'incarnation', 'instance', 'via')
            end
            local left = redis.call('HGETALL', KEYS[1])
            for i = 1, #left, 2 do
              if left[i] == 'node' or string.sub(left[i], 1, 2) == 'p:' then
                return left
              end
            end
            redis.call('DEL', KEYS[1])
            return {}
            """);

    /** Notes that the connection of epoch ARGV[1] was let in, as user ARGV[2]; 0 if the client id is claimed by another one. */
    private static final Script ENTER = new Script("client-entered", """
            local epoch = redis.call('HGET', KEYS[1], 'epoch')
            if epoch == ARGV[1] then
              redis.call('HSET', KEYS[1], 'u:' .. ARGV[1], ARGV[2])
            elseif epoch and (tonumber(epoch) or 0) > tonumber(ARGV[1]) then
              return 0
            end
            return 1
            """);

    /**
     * Begins to end the connection of epoch ARGV[1] for a node that is dead: 1, or 2 if somebody has begun before and did not come to
     * an end within ARGV[2] milliseconds; 3 if somebody is at it, 0 if it has let go. And the user, if it was let in.
     */
    private static final Script BEGIN_END = new Script("client-end-begun", """
            local held = redis.call('HMGET', KEYS[1], 'epoch', 'node', 'p:' .. ARGV[1], 'c:' .. ARGV[1], 'u:' .. ARGV[1])
            if not held[3] and not (held[1] == ARGV[1] and held[2]) then
              return {0}
            end
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            if held[4] and tonumber(held[4]) > now then
              return {3}
            end
            redis.call('HSET', KEYS[1], 'c:' .. ARGV[1], string.format('%.0f', now + tonumber(ARGV[2])))
            return {held[4] and 2 or 1, held[5]}
            """);

    /** Notes that client ARGV[1] has epoch ARGV[2] on this node, unless a newer one is noted. */
    private static final Script NOTE = new Script("client-noted-on-node", """
            if (tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') or 0) < tonumber(ARGV[2]) then
              redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            end
            """);

    /** Takes client ARGV[1] off this node, if it has epoch ARGV[2] there. */
    private static final Script FORGET = new Script(
            "client-forgotten-on-node",
            "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end return 0");

    /**
     * Writes a client offline since ARGV[2], known for ARGV[3] seconds more, unless a newer connection than epoch ARGV[1] is online.
     * With ARGV[4], only if it is written online.
     */
    private static final Script OFFLINE = new Script("client-offline", """
            local client = redis.call('HMGET', KEYS[1], 'epoch', 'state')
            if (tonumber(client[1] or '0') or 0) > tonumber(ARGV[1]) or (ARGV[4] and client[2] ~= '1') then
              return 0
            end
            redis.call('HSET', KEYS[1], 'state', '0', 'offline_at', ARGV[2], 'epoch', ARGV[1])
            redis.call('EXPIRE', KEYS[1], ARGV[3])
            return 1
            """);

    /** What a link has to have loaded for this. */
    public static final List<Script> SCRIPTS = List.of(CLAIM, ENTER, RELEASE, BEGIN_END, NOTE, FORGET, OFFLINE);

    private RegistrationScripts() {}

    /** Claims the client id for a broker instance of a run of a node, on behalf of which that other node does it. */
    public static Request claim(ClientId client, NodeRun run, int instance, NodeName via) {
        return CLAIM.call(Keys.connection(client), run.node(), run.incarnation(), instance, via);
    }

    /** Notes that its connection was let in; answers 0 if that is a former one. */
    public static Request enter(ClientId client, long epoch, String username) {
        return ENTER.call(Keys.connection(client), epoch, username);
    }

    /** Lets go. */
    public static Request release(ClientId client, long epoch) {
        return RELEASE.call(Keys.connection(client), epoch);
    }

    /** Begins to end what a dead node has left of a connection; whoever has begun is alone for so many milliseconds. */
    public static Request beginEnd(ClientId client, long epoch, long aloneMillis) {
        return BEGIN_END.call(Keys.connection(client), epoch, aloneMillis);
    }

    /** Notes on the node's list that it has this client. */
    public static Request note(NodeName node, ClientId client, long epoch) {
        return NOTE.call(Keys.connections(node), client, epoch);
    }

    /** Takes the client off the node's list, unless it is there with another epoch. */
    public static Request forget(NodeName node, ClientId client, String epoch) {
        return FORGET.call(Keys.connections(node), client, epoch);
    }

    /** Writes the client offline, unless a newer connection is online. */
    public static Request offline(ClientId client, long epoch, long at, long keptSeconds) {
        return OFFLINE.call(Keys.client(client), epoch, at, keptSeconds);
    }

    /** The same for a client that a dead node has left online, if it is online. */
    public static Request leftOnline(ClientId client, long epoch, long at, long keptSeconds) {
        return OFFLINE.call(Keys.client(client), epoch, at, keptSeconds, "left");
    }
}
