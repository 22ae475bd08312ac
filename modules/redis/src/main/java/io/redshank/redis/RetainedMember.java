package io.redshank.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a member of the index: with NUL, which no topic holds, for each slash. That makes the order of bytes the order of
 * levels: a slash would sort behind {@code -} and {@code .}, and so put {@code a-b} between {@code a} and {@code a/b}.
 */
public final class RetainedMember {
    private RetainedMember() {}

    /** How the index names this topic. */
    public static byte[] of(TopicName topic) {
        return topic.value().replace('/', '\0').getBytes(UTF_8);
    }

    /** The topic, or null if somebody else put something into the index that is none. */
    public static @Nullable TopicName topicOf(byte[] member) {
        try {
            return new TopicName(new String(member, UTF_8).replace('\0', '/'));
        } catch (MalformedMqttException malformed) {
            return null;
        }
    }

    /** Where a scan goes on behind this member: at the least that is greater. */
    public static byte[] after(byte[] member) {
        byte[] next = new byte[member.length + 1];
        System.arraycopy(member, 0, next, 0, member.length);
        return next;
    }

    /** The levels of a filter, as those of members are compared with them. */
    public static List<String> levels(TopicFilter filter) {
        return List.of(filter.value().split("/", -1));
    }
}
