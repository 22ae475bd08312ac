package io.redshank.admin;

import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/** Times as operators read them. */
final class Times {
    private Times() {}

    /** A time in milliseconds since 1970, to the second, in UTC. */
    static String text(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** When a message was received, as its id says; empty if it is of a form that says nothing. */
    static String of(MessageId id) {
        long micros = MessageClock.microsOf(id);
        return micros < 0 ? "" : text(TimeUnit.MICROSECONDS.toMillis(micros));
    }

    /** The id, and when its message was received, if it says that. */
    static String withTime(MessageId id) {
        String time = of(id);
        return time.isEmpty() ? id.value() : id.value() + " of " + time;
    }
}
