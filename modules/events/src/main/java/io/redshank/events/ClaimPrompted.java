package io.redshank.events;

import io.redshank.model.ClientId;

/** What a claim of this client id waits for may have happened, or it may be overtaken: who waits looks again. */
public record ClaimPrompted(ClientId client) {}
