package io.redshank.admin;

import java.util.Locale;

/** What can be wrong. The names are printed, and stay as they are. */
public enum FindingKind {
    /** Marked online on a node that does not run. */
    CLIENT_ONLINE("marked online, and its node does not run"),
    /** Marked online on a node whose list does not have it. */
    CLIENT_NOT_ON_NODE("marked online, and not among the clients of its node"),
    /** In the list of a node that it is not on. */
    NODE_ENTRY("among the clients of a node that it is not on"),
    /** Held by a connection that is no more. */
    SESSION_CONNECTED("a session held by a connection that is no more"),
    /** What late writes have left behind of a session that was lost. */
    SESSION_REMAINS("what is left of a session that is lost"),
    SESSION_WITHOUT_END("a session without a connection, of which nobody knows when it ends"),
    SESSION_NOT_DUE("a session whose end is not in the index of ends"),
    DUE_WITHOUT_SESSION("in the index of ends, and there is no such session"),
    BOOKMARK_OF_NOBODY("a bookmark of a client that has neither session nor presence"),
    /** Its id is gone, and where it was cannot be told any more, so all of the log is read again. */
    BOOKMARK_LOST("a bookmark whose place in the log cannot be told any more"),
    EXPIRED_ID("in a log, and its message is gone"),
    /** In a log, and the key of its body is that of something else. */
    ID_IS_TOPIC("in a log, and its key is not that of a message"),
    EMPTY_LOG("in the index of logs, and its log is empty"),
    TOPIC_IS_ID("in the index of logs, and its key is not that of a log"),
    LOG_NOT_INDEXED("a log that is not in the index of logs"),
    INDEX_MALFORMED("in an index of topics, and no topic"),
    RETAINED_NOT_INDEXED("a retained message that is not in the index"),
    RETAINED_GONE("in the index of retained messages, and there is none"),
    RETAINED_OLD_LAYOUT("a retained message in the older layout"),
    RETAINED_BODY_GONE("a retained message in the older layout, and its body is gone"),
    WILL_NOT_DUE("a will that waits, and is not in the index"),
    WILL_OF_NOBODY("a will that nobody will publish"),
    /** Of a client that was connected when its node was killed. */
    WILL_LEFT_BEHIND("a will that a node holds which does not run"),
    HELD_WITHOUT_WILL("held as a client's will, and there is no such will"),
    DELAYED_NOT_DUE("a delayed message that is not in the index"),
    DUE_WITHOUT_MESSAGE("in the index of what is published later, and there is no message"),
    INFLIGHT_OF_NOBODY("what was sent at QoS 2 to a client that has no session"),
    RECEIVED_OF_NOBODY("what a client has sent at QoS 2 that has no session"),
    LEASE_WITHOUT_MESSAGE("a lease that is over, and its message is gone"),
    EXCLUSIVE_WITHOUT_TTL("a claim of an exclusive subscription that never ends"),
    NO_TTL("a key that never ends, and should"),
    WRONG_TYPE("a key of a type that it cannot have here");

    private final String meaning;

    FindingKind(String meaning) {
        this.meaning = meaning;
    }

    /** For example {@code expired-id}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In words. */
    public String meaning() {
        return meaning;
    }
}
