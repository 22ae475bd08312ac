package io.redshank.auth;

import io.redshank.model.Payload;
import org.jspecify.annotations.Nullable;

/**
 * An answer to the client in the course of an {@link Exchange}.
 *
 * @param data for the client; it may be empty
 * @param user who the client has proved to be, which ends the exchange; null as long as it has not
 */
public record Step(Payload data, @Nullable String user) {}
