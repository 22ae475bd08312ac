package io.redshank.redis;

/** Scripts that write down the end of connections that nobody has told, each only if it still is that connection. */
public final class PresenceScripts {
    /** MQTT's way to say that a session does not expire. */
    public static final long NEVER = 0xFFFF_FFFFL;

    /**
     * Writes a client offline, if it is still online since ARGV[1], on node ARGV[2]: offline since ARGV[3], known for ARGV[4]
     * seconds more.
     */
    public static final Script OFFLINE = new Script("former-client-offline", """
            local client = redis.call('HMGET', KEYS[1], 'state', 'online_at', 'node')
            if client[1] == '1' and client[2] == ARGV[1] and (not client[3] or client[3] == ARGV[2]) then
              redis.call('HSET', KEYS[1], 'state', '0', 'offline_at', ARGV[3])
              redis.call('EXPIRE', KEYS[1], ARGV[4])
              return 1
            end
            return 0
            """);

    /** Takes client ARGV[1] off a node, if it is on it since ARGV[2]. */
    public static final Script OFF_NODE = new Script(
            "former-client-off-node",
            "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end return 0");

    /**
     * Lets go of a session that is held since before ARGV[2], on node ARGV[1], as if that had ended at ARGV[3]; answers when it
     * is due to end, if ever. ARGV[4] is {@link #NEVER}, ARGV[5] how many seconds longer the key lives.
     */
    public static final Script RELEASE = new Script("former-session-released", """
            local session = redis.call('HMGET', KEYS[1], 'connected', 'node', 'expiry')
            local since = tonumber(session[1] or '0')
            if since == 0 or since >= tonumber(ARGV[2]) or session[2] ~= ARGV[1] then
              return false
            end
            redis.call('HSET', KEYS[1], 'connected', '0')
            redis.call('HDEL', KEYS[1], 'out', 'in') -- of the connection before the one that ended with the node
            local expiry = tonumber(session[3] or '0')
            if expiry >= tonumber(ARGV[4]) then
              return false
            end
            local due = string.format('%.0f', tonumber(ARGV[3]) + expiry * 1000)
            redis.call('HSET', KEYS[1], 'due', due)
            redis.call('EXPIRE', KEYS[1], expiry + tonumber(ARGV[5]))
            return due
            """);

    private PresenceScripts() {}
}
