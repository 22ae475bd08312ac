package io.redshank.broker;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether bytes are taken from a connection: there may be several reasons not to, and it goes on when the last is gone. What is
 * not taken fills the client's TCP window, and then the client waits. Confined to the connection's event loop.
 */
final class Intake {
    /** Why nothing is taken. */
    enum Reason {
        /** Packets came before CONNACK, and are held. */
        CONNACK,
        /** So many messages of the client wait to be stored. */
        UNSTORED,
        /** The client has published more than it may at once. */
        TOO_FAST,
        /** The client does not read what it is answered. */
        UNREAD
    }

    private final Channel channel;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    Intake(Channel channel) {
        this.channel = channel;
    }

    void stop(Reason reason) {
        if (reasons.add(reason)) {
            channel.config().setAutoRead(false);
        }
    }

    void resume(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Whether it is this broker that is not ready, rather than the client. */
    boolean isStoppedByUs() {
        return isStoppedFor(Reason.UNSTORED) || isStoppedFor(Reason.TOO_FAST);
    }

    boolean isStoppedFor(Reason reason) {
        return reasons.contains(reason);
    }
}
