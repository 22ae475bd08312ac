package io.redshank.broker;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicName;

/**
 * {@code $delayed/<seconds>/<topic>}: a topic name that says when what is sent to it is to be published, and to which topic.
 *
 * @param seconds 0 to 4294967
 */
record DelayedTopic(long seconds, TopicName topic) {
    private static final String PREFIX = "$delayed/";
    private static final long MOST_SECONDS = 4_294_967;
    private static final int MOST_DIGITS = 7;

    /** Whether a topic name is of this form, well written or not. Asked for every message: most are answered by one character. */
    static boolean is(TopicName name) {
        return name.value().charAt(0) == '$' && name.value().startsWith(PREFIX);
    }

    /** Reads a name that {@link #is} of this form; throws if it is not well written. */
    static DelayedTopic of(TopicName name) {
        String value = name.value();
        int slash = value.indexOf('/', PREFIX.length());
        if (slash < 0) {
            throw new MalformedMqttException("topic name has no topic to be published to", value);
        }
        TopicName topic = new TopicName(value.substring(slash + 1));
        if (is(topic)) {
            throw new MalformedMqttException("topic name has a delay within a delay", value);
        }
        return new DelayedTopic(seconds(value, PREFIX.length(), slash), topic);
    }

    /** The same delay for another topic. */
    DelayedTopic to(TopicName other) {
        return new DelayedTopic(seconds, other);
    }

    /** The name as a whole. */
    TopicName name() {
        return new TopicName(PREFIX + seconds + "/" + topic);
    }

    private static long seconds(String value, int from, int to) {
        long seconds = 0;
        for (int i = from; i < to; i++) {
            char digit = value.charAt(i);
            seconds = digit >= '0' && digit <= '9' ? seconds * 10 + digit - '0' : MOST_SECONDS + 1;
        }
        if (to == from || to - from > MOST_DIGITS || seconds > MOST_SECONDS) {
            throw new MalformedMqttException("topic name's delay is not 0 to " + MOST_SECONDS + " seconds", value);
        }
        return seconds;
    }
}
