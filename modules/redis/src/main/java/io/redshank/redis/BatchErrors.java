package io.redshank.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the one error into which the Redis client folds those of a batch: a line {@code ERR [index] text} for each command that
 * failed, the {@code ERR} of the text itself removed.
 */
final class BatchErrors {
    private static final Pattern LINE = Pattern.compile("ERR \\[(\\d+)] (.*)");
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]+( .*)?");
    /** What a connection that ends gives to the commands it still owes: this word, or the name of an exception. */
    private static final Pattern LINK_DOWN = Pattern.compile("CONNECTION_CLOSED|(?:java|javax|io|sun)\\.[a-z].*");

    private BatchErrors() {}

    /** The failures by index, or null if the connection ended before all replies were in. */
    static @Nullable Map<Integer, RedisFailure> read(String message) {
        Map<Integer, RedisFailure> failures = new HashMap<>();
        for (String line : message.split("\\R", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                String text = matcher.group(2);
                if (LINK_DOWN.matcher(text).matches()) {
                    return null;
                }
                failures.put(Integer.parseInt(matcher.group(1)), failure(text));
            }
        }
        return failures.isEmpty() ? null : failures;
    }

    private static RedisFailure failure(String text) {
        return RedisFailure.ofReply(CODE.matcher(text).matches() ? text : "ERR " + text);
    }
}
