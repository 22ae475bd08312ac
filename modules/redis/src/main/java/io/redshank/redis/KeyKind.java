package io.redshank.redis;

import org.jspecify.annotations.Nullable;

/** The families of keys that have a name of their own behind a common beginning: how each begins, and what a given key is. */
public enum KeyKind {
    CLIENT("mqtt:client:"),
    NODE("mqtt:node:"),
    /** Who has a client id, and who has not let it go yet. */
    CONNECTION("mqtt:conn:"),
    /** The connections of a node, whatever hooks there are. */
    CONNECTIONS("mqtt:conns:"),
    SUBSCRIPTIONS("mqtt:sub:"),
    RETAINED("mqtt:retain:"),
    /** A stored message, or the log of a topic: the layout has both under one beginning, and only their types tell them apart. */
    MESSAGE("mqtt:msg:"),
    /** Client and topic, with a colon in between that may be part of either, too. */
    ACKED("mqtt:acked:"),
    LATEST("mqtt:latest_msg:"),
    EXCLUSIVE("mqtt:exclusive:"),
    SESSION("mqtt:session:"),
    INFLIGHT("mqtt:inflight:"),
    RECEIVED("mqtt:received:"),
    WILL("mqtt:will:"),
    HELD_WILLS("mqtt:wills:"),
    LEASE("mqtt:lease:"),
    DELAYED("mqtt:delayed:"),
    /** A shared subscription that sessions which persist have a part in. */
    SHARE("mqtt:share:");

    /** Matches the keys of all families, among others. */
    public static final String PATTERN_OF_ALL = "mqtt:*";

    private final String prefix;

    KeyKind(String prefix) {
        this.prefix = prefix;
    }

    /** How all keys of this family begin. */
    public String prefix() {
        return prefix;
    }

    /** What SCAN finds all of them by. */
    public String pattern() {
        return prefix + "*";
    }

    /** The key of this name. */
    String key(String name) {
        return prefix + name;
    }

    /** What stands behind the common beginning in a key of this family. */
    public String nameIn(String key) {
        return key.substring(prefix.length());
    }

    /** The family that a key belongs to; null if it is an index, or none of ours. */
    public static @Nullable KeyKind of(String key) {
        if (key.equals(Keys.WILLS_DUE) || key.equals(Keys.DELAYED_DUE)) {
            return null;
        }
        for (KeyKind kind : values()) {
            if (key.length() > kind.prefix.length() && key.startsWith(kind.prefix)) {
                return kind;
            }
        }
        return null;
    }
}
