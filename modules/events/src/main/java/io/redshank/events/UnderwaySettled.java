package io.redshank.events;

import io.redshank.model.ClientId;

/**
 * What was {@linkplain UnderwayNoted noted} is over: its packet id is free, and its topic's bookmark has moved past it with an
 * event before this one.
 */
public record UnderwaySettled(ClientId client, long number) {}
