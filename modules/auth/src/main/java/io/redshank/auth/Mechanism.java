package io.redshank.auth;

/** A way to prove who one is in one or more steps, by the name that CONNECT's Authentication Method gives it. */
public interface Mechanism {
    /** The name, case-sensitive; for a SASL mechanism its registered one. */
    String name();

    /** Begins to authenticate one client. Nothing is shared with other exchanges. */
    Exchange begin();
}
