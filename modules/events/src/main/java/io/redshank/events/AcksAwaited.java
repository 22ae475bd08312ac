package io.redshank.events;

import io.redshank.model.ClientId;

/** Somebody is about to read this client's bookmarks: answered when those that were moved before are written. */
public record AcksAwaited(ClientId client) {}
