package io.redshank.embedded;

import org.jspecify.annotations.Nullable;

/** The embedded Redis could not be started. The message says what to do about it. */
public final class EmbeddedRedisException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EmbeddedRedisException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
