package io.redshank.events;

/**
 * A node tells another one who it is and what it serves with by now; answered in kind.
 *
 * @param member with no instances as long as it does not serve, or does not any more
 * @param anew whether it has just met the other one, and so wants to be told all that that one wants
 */
public record PeerGreeted(Member member, boolean anew) {}
