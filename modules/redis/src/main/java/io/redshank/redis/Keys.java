package io.redshank.redis;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;

/** Every key of the layout. Nobody else spells one. */
public final class Keys {
    /** The topics that have a retained message. */
    public static final String RETAINED_INDEX = "mqtt:topics:retained";

    /** The topics that have a log. */
    public static final String LOG_INDEX = "mqtt:topics:log";

    /** Sorted set: the sessions without a connection, by the time at which they end, in milliseconds since 1970. */
    public static final String SESSIONS_DUE = "mqtt:sessions:due";

    /** Sorted set: the wills that wait, by the time at which they are due, in milliseconds since 1970. */
    public static final String WILLS_DUE = "mqtt:will:due";

    /** Sorted set: the delayed messages, by the time at which they are due, in milliseconds since 1970. */
    public static final String DELAYED_DUE = "mqtt:delayed:due";

    private Keys() {}

    /** Hash: whether the client is online, since when, and where. */
    public static String client(ClientId client) {
        return "mqtt:client:" + client.value();
    }

    /** Hash: the clients of a node and since when each is online. */
    public static String node(NodeName node) {
        return "mqtt:node:" + node.value();
    }

    /** Hash: topic filters and the quality of service of each, written by applications and by us. */
    public static String subscriptions(ClientId client) {
        return "mqtt:sub:" + client.value();
    }

    /** Hash: the topic's retained message. An older broker may have left a string here, the id of a body. */
    public static String retained(TopicName topic) {
        return "mqtt:retain:" + topic.value();
    }

    /** Hash: a stored message. Shares its name space with {@link #log}, as the layout has it. */
    public static String message(MessageId id) {
        return "mqtt:msg:" + id.value();
    }

    /** Sorted set: the ids of the topic's messages, in order. */
    public static String log(TopicName topic) {
        return "mqtt:msg:" + topic.value();
    }

    /** String: the id up to which the client has acknowledged the topic. */
    public static String acked(ClientId client, TopicName topic) {
        return "mqtt:acked:" + client.value() + ":" + topic.value();
    }

    /** Hash: the one message of a keep-latest topic. */
    public static String latest(TopicName topic) {
        return "mqtt:latest_msg:" + topic.value();
    }

    /** String: the client that has this exclusive subscription. */
    public static String exclusive(TopicFilter topics) {
        return "mqtt:exclusive:" + topics.value();
    }

    /** What we keep of a session that persists. */
    public static String session(ClientId client) {
        return "mqtt:session:" + client.value();
    }

    /** Hash: a will whose client has gone and whose delay has not passed yet. */
    public static String will(MessageId id) {
        return "mqtt:will:" + id.value();
    }

    /** Hash: a message that is published to its topic later. */
    public static String delayed(MessageId id) {
        return "mqtt:delayed:" + id.value();
    }
}
