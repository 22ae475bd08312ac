package io.redshank.events;

import io.redshank.model.Message;

/**
 * What is to be published once a client has gone without a word.
 *
 * @param delaySeconds how long its session may wait for the client before that (MQTT 5, 3.1.3.2.2); 0 if not at all
 */
public record LastWill(Message message, long delaySeconds) {}
