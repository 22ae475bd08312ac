package io.redshank.hooks;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The newest part of a log.
 *
 * @param messages at most so many
 * @param age none older than this; null if the age does not matter
 */
public record LogWindow(long messages, @Nullable Duration age) {
    /** Nothing of a log, but its end. */
    public static final LogWindow NOTHING = new LogWindow(0, null);

    /** All of a log. */
    public static final LogWindow EVERYTHING = new LogWindow(Long.MAX_VALUE, null);

    public LogWindow {
        if (messages < 0 || age != null && age.isNegative()) {
            throw new IllegalArgumentException("a log has no part of " + messages + " messages, or of age " + age);
        }
    }

    /** The newest so many. */
    public static LogWindow last(long messages) {
        return new LogWindow(messages, null);
    }

    /** What is not older than this. */
    public static LogWindow since(Duration age) {
        return new LogWindow(Long.MAX_VALUE, age);
    }

    /** Whether there are never so many messages that this one leaves some out. */
    public boolean isOfAnyNumber() {
        return messages == Long.MAX_VALUE;
    }

    /** What is in this part and in the other. */
    public LogWindow and(LogWindow other) {
        Duration older = other.age;
        boolean mine = older == null || age != null && age.compareTo(older) < 0;
        return new LogWindow(Math.min(messages, other.messages), mine ? age : older);
    }
}
