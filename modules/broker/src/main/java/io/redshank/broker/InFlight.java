package io.redshank.broker;

import io.redshank.model.Message;
import io.redshank.model.Underway;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A message sent to a client and not acknowledged. Confined to the connection's event loop. */
final class InFlight {
    final Outgoing outgoing;
    /** Rises with each message sent in this session. */
    final long number;
    /** It is not known yet whether it may be sent. */
    boolean unclaimed;
    /** At QoS 2: PUBREC has come. */
    boolean released;
    /** Complete when Redis knows that it is released; null if it need not know, or knows from before. */
    @Nullable
    Future<?> releaseNoted;

    InFlight(Outgoing outgoing, long number) {
        this.outgoing = outgoing;
        this.number = number;
    }

    /** How far it has come, for who takes it on from there. */
    Underway underway(int packetId) {
        Message message = outgoing.message();
        return new Underway(
                number,
                packetId,
                released ? Underway.Stage.RELEASED : Underway.Stage.SENT,
                outgoing.qos(),
                outgoing.retain(),
                outgoing.logged(),
                message.topic(),
                message.id(),
                outgoing.logged() || released ? null : message);
    }
}
