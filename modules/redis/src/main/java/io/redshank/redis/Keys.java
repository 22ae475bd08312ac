package io.redshank.redis;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.List;

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

    /**
     * Sorted set: the runs of nodes that live, each until the time, in milliseconds since 1970, up to which its last beat counts; and
     * those that do not, see {@link NodeBeats}.
     */
    public static final String NODES_DUE = "mqtt:nodes:due";

    private Keys() {}

    /** Channel: a node that runs listens to it, in the pool of sessions, so that others can ask Redis whether it does. */
    public static String nodeChannel(NodeName node) {
        return "mqtt_node:" + node.value();
    }

    /** Hash: the newest connection of a client id, and those before it that have not let go yet; see {@link Registration}. */
    public static String connection(ClientId client) {
        return KeyKind.CONNECTION.key(client.value());
    }

    /** Hash: the client ids that connections on this node have, or had last, and the epoch of each; 0 while one is being claimed. */
    public static String connections(NodeName node) {
        return KeyKind.CONNECTIONS.key(node.value());
    }

    /** Hash: whether the client is online, since when, and where. */
    public static String client(ClientId client) {
        return KeyKind.CLIENT.key(client.value());
    }

    /** Hash: the clients of a node and since when each is online. */
    public static String node(NodeName node) {
        return KeyKind.NODE.key(node.value());
    }

    /** Hash: topic filters and the quality of service of each, written by applications and by us. */
    public static String subscriptions(ClientId client) {
        return KeyKind.SUBSCRIPTIONS.key(client.value());
    }

    /** Hash: the topic's retained message. An older broker may have left a string here, the id of a body. */
    public static String retained(TopicName topic) {
        return KeyKind.RETAINED.key(topic.value());
    }

    /** Hash: a stored message. Shares its name space with {@link #log}, as the layout has it. */
    public static String message(MessageId id) {
        return KeyKind.MESSAGE.key(id.value());
    }

    /** Sorted set: the ids of the topic's messages, in order. */
    public static String log(TopicName topic) {
        return KeyKind.MESSAGE.key(topic.value());
    }

    /** String: the id up to which the client has acknowledged the topic. */
    public static String acked(ClientId client, TopicName topic) {
        return KeyKind.ACKED.key(client.value() + ":" + topic.value());
    }

    /** The clients and topics that a bookmark's key may be for: both may hold the colon that stands between them. */
    public static List<Bookmark> bookmarksOf(String acked) {
        String names = KeyKind.ACKED.nameIn(acked);
        List<Bookmark> found = new ArrayList<>();
        for (int colon = names.indexOf(':'); colon >= 0; colon = names.indexOf(':', colon + 1)) {
            try {
                found.add(new Bookmark(
                        new ClientId(names.substring(0, colon)), new TopicName(names.substring(colon + 1))));
            } catch (MalformedMqttException notThere) {
                continue;
            }
        }
        return found;
    }

    /** Whose bookmark it is, and in which topic's log. */
    public record Bookmark(ClientId client, TopicName topic) {}

    /** Hash: the one message of a keep-latest topic. */
    public static String latest(TopicName topic) {
        return KeyKind.LATEST.key(topic.value());
    }

    /** Hash: which messages of the topic's log are given to one client for a while, until when, and to whom; ends with the last. */
    public static String lease(TopicName topic) {
        return KeyKind.LEASE.key(topic.value());
    }

    /** String: the client that has this exclusive subscription. */
    public static String exclusive(TopicFilter topics) {
        return KeyKind.EXCLUSIVE.key(topics.value());
    }

    /**
     * Hash: what is kept of a shared subscription as long as sessions that persist have a part in it; see {@link ShareScripts}. Its
     * bookmarks are those of a client with the whole filter for an id.
     */
    public static String share(TopicFilter whole) {
        return KeyKind.SHARE.key(whole.value());
    }

    /** The same, by the id that the subscription has for its bookmarks. */
    public static String share(ClientId reader) {
        return KeyKind.SHARE.key(reader.value());
    }

    /** What we keep of a session that persists. */
    public static String session(ClientId client) {
        return KeyKind.SESSION.key(client.value());
    }

    /** Hash: a will of a client that is connected, or has gone and may come back before its delay has passed. */
    public static String will(MessageId id) {
        return KeyKind.WILL.key(id.value());
    }

    /**
     * Hash: the wills of the clients that are connected to a node: the id of each, and in seconds how long it is to wait for the
     * client, a space, and the client's id.
     */
    public static String heldWills(NodeName node) {
        return KeyKind.HELD_WILLS.key(node.value());
    }

    /** Hash: a message that is published to its topic later. */
    public static String delayed(MessageId id) {
        return KeyKind.DELAYED.key(id.value());
    }

    /**
     * Hash: what a session that persists has been sent at QoS 2 and has not completed, or is not behind its bookmark: the place in
     * the order of sending, and what {@link UnderwayText} writes of it.
     */
    public static String inflight(ClientId client) {
        return KeyKind.INFLIGHT.key(client.value());
    }

    /**
     * Hash: what a session that persists has sent at QoS 2 and not released: packet id, and the message's id, with a question mark
     * in front as long as it is not known to be in its log.
     */
    public static String received(ClientId client) {
        return KeyKind.RECEIVED.key(client.value());
    }
}
