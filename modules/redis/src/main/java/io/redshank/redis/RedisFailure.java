package io.redshank.redis;

import java.util.Set;

/** A command that Redis has not executed, or of which we cannot know whether it has. The message is Redis' own words. */
public final class RedisFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The codes that mean "not now": the same command may succeed later, or after a reconnect. */
    private static final Set<String> NOT_NOW = Set.of(
            "LOADING",
            "READONLY",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "TRYAGAIN",
            "OOM",
            "BUSY",
            "MISCONF",
            "NOREPLICAS",
            "NOSCRIPT",
            "NOAUTH");

    /** Whether it is worth trying again. */
    public enum Kind {
        /** Not connected, connection lost, no reply in time, or Redis said "not now". Try again. */
        UNAVAILABLE,
        /** Redis will not do this, today or tomorrow: wrong type, wrong arguments, no permission. */
        REJECTED
    }

    private final Kind kind;
    private final boolean linkDown;

    private RedisFailure(Kind kind, String message, boolean linkDown) {
        super(message, null, false, false);
        this.kind = kind;
        this.linkDown = linkDown;
    }

    /** A failure that may be over at the next try. */
    public static RedisFailure unavailable(String message) {
        return new RedisFailure(Kind.UNAVAILABLE, message, false);
    }

    /** A failure that will be the same at the next try. */
    public static RedisFailure rejected(String message) {
        return new RedisFailure(Kind.REJECTED, message, false);
    }

    /** The connection is not there, or has ended before the reply came. */
    static RedisFailure linkDown(String message) {
        return new RedisFailure(Kind.UNAVAILABLE, message, true);
    }

    /** An error reply. */
    static RedisFailure ofReply(String reply) {
        String words = withoutArguments(reply);
        return isNotNow(words) ? unavailable(words) : rejected(words);
    }

    /** Whether to try again. */
    public Kind kind() {
        return kind;
    }

    /** Whether this is about the connection as a whole, and so about every command that was on it. */
    boolean isLinkDown() {
        return linkDown;
    }

    /** Whether the reply's code is this one. */
    boolean hasCode(String code) {
        return codeOf(String.valueOf(getMessage())).equals(code);
    }

    /** Redis quotes the arguments of a command it does not know; they may be a payload, and messages are logged. */
    private static String withoutArguments(String reply) {
        int quoted = reply.indexOf(", with args beginning with:");
        return quoted < 0 ? reply : reply.substring(0, quoted);
    }

    /** Before Redis 7, an error inside a script came as {@code ERR Error running script (...): -READONLY ...}. */
    private static boolean isNotNow(String words) {
        String code = codeOf(words);
        if (!code.equals("ERR")) {
            return NOT_NOW.contains(code);
        }
        int inner = words.indexOf(": -");
        return inner >= 0 && NOT_NOW.contains(codeOf(words.substring(inner + 3)));
    }

    private static String codeOf(String words) {
        int space = words.indexOf(' ');
        return space < 0 ? words : words.substring(0, space);
    }
}
