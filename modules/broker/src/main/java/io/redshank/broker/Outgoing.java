package io.redshank.broker;

import io.redshank.model.Message;
import io.redshank.model.Qos;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message for one client.
 *
 * @param qos the quality it is sent at
 * @param identifiers of the subscriptions that it matches
 * @param retain whether it is sent as retained
 * @param logged whether it came from its topic's log, so that its acknowledgement moves a bookmark
 * @param share who has assigned it, if it came by a shared subscription
 */
record Outgoing(
        Message message,
        Qos qos,
        List<Integer> identifiers,
        boolean retain,
        boolean logged,
        @Nullable Assignment share) {
    /** At the lower of the message's own quality and what is granted. */
    static Outgoing of(Message message, Granted granted, boolean retain, boolean logged) {
        return new Outgoing(message, message.qos().atMost(granted.qos()), granted.identifiers(), retain, logged, null);
    }

    /** The same of a shared subscription. */
    static Outgoing of(Message message, Granted granted, boolean retain, Assignment share) {
        return new Outgoing(message, message.qos().atMost(granted.qos()), granted.identifiers(), retain, false, share);
    }

    /** Whether it came by a shared subscription that is kept. */
    boolean isKept() {
        return share != null && share.isKept();
    }

    /** The size of the packet, without an alias. */
    long size() {
        return ClientSocket.sizeOf(message, qos, identifiers);
    }
}
