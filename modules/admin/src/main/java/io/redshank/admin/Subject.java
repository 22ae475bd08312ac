package io.redshank.admin;

import org.jspecify.annotations.Nullable;

/**
 * What is looked at: a key, or one member of a key.
 *
 * @param member null for the key as a whole
 * @param value the member's score or value as it was met; null for the key as a whole
 */
record Subject(
        String key, @Nullable String member, @Nullable String value) {
    static Subject ofKey(String key) {
        return new Subject(key, null, null);
    }

    /** The member, which there must be. */
    String name() {
        if (member == null) {
            throw new IllegalStateException("a key has no member: " + key);
        }
        return member;
    }

    /** What the member has, which there must be. */
    String what() {
        if (value == null) {
            throw new IllegalStateException("a key has no value: " + key);
        }
        return value;
    }
}
