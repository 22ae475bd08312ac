package io.redshank.messages;

import io.redshank.model.MessageId;

/**
 * A place in a topic's log: behind this id.
 *
 * @param score the id's score, as Redis prints it; empty if that is not known
 */
record LogPlace(MessageId id, String score) {
    /** Before everything: the bookmark of who has read nothing of a log that was empty, as older brokers wrote it too. */
    static final MessageId BEGINNING = new MessageId("0");
}
