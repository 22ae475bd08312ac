package io.redshank.model;

/**
 * The filter of a shared subscription (MQTT 5, 4.8.2): each message that it matches goes to one member of the group.
 *
 * @param whole as the client spells it, {@code $share/<group>/<filter>}
 * @param group the share name; without {@code /}, {@code +} and {@code #}
 * @param topics what the messages' topics must match
 */
public record SharedFilter(TopicFilter whole, String group, TopicFilter topics) {
    private static final String PREFIX = "$share/";

    /** Whether a filter asks for a shared subscription, a well-formed one or not. */
    public static boolean isOne(TopicFilter filter) {
        return filter.value().startsWith(PREFIX);
    }

    /** Whether a client's id is one that a group {@linkplain #reader reads} by: no client may have it. */
    public static boolean isReader(ClientId client) {
        return client.value().startsWith(PREFIX);
    }

    /** What stands for the group where a client does otherwise: the group has bookmarks of its own, as a client that persists. */
    public ClientId reader() {
        return new ClientId(whole.value());
    }

    /** The parts of a filter that {@linkplain #isOne is one}; rejects one without group or filter. */
    public static SharedFilter of(TopicFilter whole) {
        String text = whole.value();
        int slash = text.indexOf('/', PREFIX.length());
        if (slash < 0) {
            throw new MalformedMqttException("no topic filter behind the share name", text); // [MQTT-4.8.2-2]
        }
        String group = text.substring(PREFIX.length(), slash);
        if (group.isEmpty()) {
            throw new MalformedMqttException("share name is empty", text); // [MQTT-4.8.2-1]
        }
        if (group.indexOf('+') >= 0 || group.indexOf('#') >= 0) {
            throw new MalformedMqttException("wildcard in a share name", text); // [MQTT-4.8.2-2]
        }
        TopicFilter topics = new TopicFilter(text.substring(slash + 1));
        if (isOne(topics) || ExclusiveFilter.isOne(topics)) {
            throw new MalformedMqttException("a shared subscription of a filter that is special itself", text);
        }
        return new SharedFilter(whole, group, topics);
    }
}
