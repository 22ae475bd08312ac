package io.redshank.bench;

/** What all sessions connect for. */
enum DrainPhase {
    /** To begin a session that persists, and to leave. */
    SUBSCRIBE,
    /** To take what has come meanwhile. */
    DRAIN,
    /** To end the session. */
    END
}
