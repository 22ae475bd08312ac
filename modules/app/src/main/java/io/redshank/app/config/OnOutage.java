package io.redshank.app.config;

/** What becomes of a publish that must be stored while Redis does not answer. */
public enum OnOutage {
    /** It waits, and so does its acknowledgement. */
    WAIT,
    /** It is refused, so that the client can turn elsewhere. */
    REJECT
}
