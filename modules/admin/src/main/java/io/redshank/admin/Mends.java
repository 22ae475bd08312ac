package io.redshank.admin;

import io.redshank.redis.DueIndex;
import io.redshank.redis.HeldWill;
import io.redshank.redis.LogScripts;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How things are put right. Each looks, in the same step, whether the thing still is as it was seen, and touches one key. */
final class Mends {
    /** Gives a key of type ARGV[1] an end in ARGV[2] seconds, if it has none; if it is a string, only while it is ARGV[3]. */
    private static final Script END = new Script("admin-end", """
            if redis.call('TYPE', KEYS[1]).ok ~= ARGV[1] or redis.call('TTL', KEYS[1]) ~= -1 then
              return 0
            end
            if ARGV[1] == 'string' and redis.call('GET', KEYS[1]) ~= ARGV[3] then
              return 0
            end
            return redis.call('EXPIRE', KEYS[1], ARGV[2])
            """);

    /** The same for a hash whose field ARGV[2] is ARGV[3]. */
    private static final Script END_HASH = new Script("admin-end-hash", """
            if redis.call('TTL', KEYS[1]) == -1 and redis.call('HGET', KEYS[1], ARGV[2]) == ARGV[3] then
              return redis.call('EXPIRE', KEYS[1], ARGV[1])
            end
            return 0
            """);

    /** Replaces the string ARGV[1] by ARGV[2], or deletes it if that is empty. */
    private static final Script REPLACE = new Script("admin-replace", """
            if redis.call('TYPE', KEYS[1]).ok ~= 'string' or redis.call('GET', KEYS[1]) ~= ARGV[1] then
              return 0
            end
            if ARGV[2] == '' then
              return redis.call('DEL', KEYS[1])
            end
            redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
            return 1
            """);

    /** Puts a hash of the fields and values ARGV[2...] in the place of the string ARGV[1]. */
    private static final Script TO_HASH = new Script("admin-to-hash", """
            if redis.call('TYPE', KEYS[1]).ok ~= 'string' or redis.call('GET', KEYS[1]) ~= ARGV[1] then
              return 0
            end
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], unpack(ARGV, 2))
            return 1
            """);

    /**
     * Lets a session without a connection end: at the time that it says, or else by its expiry from ARGV[1] on; its key ARGV[2]
     * seconds later. Answers that time, or nil if it is not for us to say.
     */
    private static final Script SESSION_END = new Script("admin-session-end", """
            local session = redis.call('HMGET', KEYS[1], 'created_at', 'connected', 'due', 'expiry')
            if not session[1] or (session[2] and session[2] ~= '0') then
              return false
            end
            local due = session[3]
            if not due then
              due = string.format('%.0f', tonumber(ARGV[1]) + tonumber(session[4] or '0') * 1000)
              redis.call('HSET', KEYS[1], 'due', due)
            end
            if redis.call('TTL', KEYS[1]) == -1 then
              local left = math.max(0, math.floor((tonumber(due) - tonumber(ARGV[1])) / 1000))
              redis.call('EXPIRE', KEYS[1], string.format('%.0f', left + tonumber(ARGV[2])))
            end
            return due
            """);

    /** Deletes what is left of a session, unless it has become one by now. */
    private static final Script DROP_REMAINS = new Script("admin-drop-remains", """
            local session = redis.call('HMGET', KEYS[1], 'created_at', 'connected')
            if session[1] or (session[2] and session[2] ~= '0') then
              return 0
            end
            return redis.call('DEL', KEYS[1])
            """);

    /** Deletes a key that has been left alone since it had ARGV[1] milliseconds to live; each write to it gives it more. */
    private static final Script DELETE_UNTOUCHED = new Script("admin-delete-untouched", """
            if redis.call('PTTL', KEYS[1]) <= tonumber(ARGV[1]) then
              return redis.call('DEL', KEYS[1])
            end
            return 0
            """);

    /** Takes field ARGV[1] out of a hash, if it still is ARGV[2]. */
    private static final Script DROP_FIELD = new Script(
            "admin-drop-field",
            "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end return 0");

    /** What a link has to have loaded. */
    static final List<Script> SCRIPTS = Stream.of(
                    DueIndex.SCRIPTS,
                    HeldWill.SCRIPTS,
                    List.of(
                            END,
                            END_HASH,
                            REPLACE,
                            TO_HASH,
                            SESSION_END,
                            DROP_REMAINS,
                            DELETE_UNTOUCHED,
                            DROP_FIELD,
                            LogScripts.PAGE,
                            LogScripts.FORGET_TOPIC,
                            PresenceScripts.OFFLINE,
                            PresenceScripts.OFF_NODE,
                            PresenceScripts.RELEASE))
            .flatMap(List::stream)
            .toList();

    private Mends() {}

    static Request end(String key, String type, long seconds, String value) {
        return END.call(key, type, Math.max(1, seconds), value);
    }

    static Request endHash(String key, long seconds, String field, String value) {
        return END_HASH.call(key, Math.max(1, seconds), field, value);
    }

    static Request delete(String key, String value) {
        return REPLACE.call(key, value, "");
    }

    static Request replace(String key, String value, String by) {
        return REPLACE.call(key, value, by);
    }

    static Request toHash(String key, String value, List<byte[]> fields) {
        Request call = TO_HASH.call(key, value);
        for (byte[] field : fields) {
            call = call.arg(field);
        }
        return call;
    }

    static Request sessionEnd(String key, long nowMillis, long spareSeconds) {
        return SESSION_END.call(key, nowMillis, spareSeconds);
    }

    static Request deleteUntouched(String key, long ttlMillis) {
        return DELETE_UNTOUCHED.call(key, ttlMillis);
    }

    static Request dropField(Subject field) {
        return DROP_FIELD.call(field.key(), field.name(), field.what());
    }

    static Request dropRemains(String key) {
        return DROP_REMAINS.call(key);
    }

    /** Adds a member to an index, unless it is there by now. */
    static Request index(String index, String member, String score) {
        return Request.cmd(Command.ZADD).arg(index).arg("NX").arg(score).arg(member);
    }

    /** One command that answers 1 if it has mended. */
    static Supplier<Future<Boolean>> by(RedisLink link, Request command) {
        return () -> send(link, command);
    }

    static Future<Boolean> send(RedisLink link, Request command) {
        return link.send(command).map(reply -> reply != null && reply.toLong() > 0);
    }
}
