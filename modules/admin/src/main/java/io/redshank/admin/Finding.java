package io.redshank.admin;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong. Two looks that find the same give equal ones.
 *
 * @param pool in which pool
 * @param member of what is wrong inside a key; null if it is the key
 * @param detail more about it; empty if there is nothing to add
 */
public record Finding(
        FindingKind kind, String pool, String key, @Nullable String member, String detail) {
    static Finding of(FindingKind kind, String pool, Subject subject, String detail) {
        return new Finding(kind, pool, subject.key(), subject.member(), detail);
    }

    /** What has become of it. */
    public enum State {
        FOUND,
        MENDED,
        /** It was to be mended, and had changed by then. */
        CHANGED,
        /** Only a person can know what is right. */
        BY_HAND
    }
}
