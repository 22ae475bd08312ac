package io.redshank.redis;

/** Scripts on the logs of topics, and on the index of those logs, that several modules use. */
public final class LogScripts {
    /** Reads a page of a topic's log; {@code page.lua} says how it is asked. */
    public static final Script PAGE = Script.ofResource(LogScripts.class, "page.lua");

    /** Takes topic ARGV[1] out of the index, unless it was appended to since ARGV[2], its time there. */
    public static final Script FORGET_TOPIC = new Script(
            "drop-topic",
            "if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('ZREM', KEYS[1], ARGV[1]) end return 0");

    private LogScripts() {}
}
