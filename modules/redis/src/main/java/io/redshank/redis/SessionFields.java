package io.redshank.redis;

/** The fields of a session's hash. */
public final class SessionFields {
    public static final String CREATED_AT = "created_at";
    /** For how many seconds it is kept without a connection. */
    public static final String EXPIRY = "expiry";
    /** The node that holds it, or held it last. */
    public static final String NODE = "node";
    /** Since when a connection holds it, in milliseconds since 1970; 0 if none does. */
    public static final String CONNECTED = "connected";
    /** When it ends, in milliseconds since 1970; absent while it is connected, and if it never ends. */
    public static final String DUE = "due";
    /** The id of the will that the client has left, and when that is due. */
    public static final String WILL = "will";

    public static final String WILL_DUE = "will_due";
    /** Up to when what was stored has been sent to the client, in milliseconds since 1970. */
    public static final String CAUGHT_UP = "caught_up";
    /**
     * What was underway to the client at QoS 1 when its connection ended, as {@link UnderwayText} writes it. At QoS 2, {@link
     * Keys#inflight} says so at all times.
     */
    public static final String OUT = "out";
    /** The packet ids of what the client has sent at QoS 2 and not released, with spaces in between. */
    public static final String IN = "in";
    /** Before a filter: the client itself has asked for it; the value is its quality. */
    public static final String OWN = "sub:";
    /** Before a filter: what the client asked for beside filter and quality; absent if nothing. */
    public static final String OPTIONS = "options:";
    /** Before a filter: up to which id a subscription has nothing to do with what is stored; a bookmark counts more. */
    public static final String START = "start:";

    /** The index ends a session; should the index be lost, its key's own end does, so many seconds later. */
    public static final long SPARE_SECONDS = 24 * 60 * 60;

    private SessionFields() {}
}
