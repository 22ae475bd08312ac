package io.redshank.events;

/**
 * Nodes that could not reach each other do again: what was stored at one of them meanwhile has not come to the other. Told to the
 * broker instances of each of them.
 *
 * @param sinceMillis from when on something may be missing, in milliseconds since 1970
 */
public record NodesReunited(long sinceMillis) {}
