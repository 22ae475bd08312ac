package io.redshank.broker;

import io.netty.channel.ChannelHandlerContext;
import io.redshank.auth.Exchange;
import io.redshank.auth.Mechanism;
import io.redshank.auth.RefusedLoginException;
import io.redshank.auth.Step;
import io.redshank.model.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * One authentication by a mechanism, from the client's first data to the last step: what comes in between goes to and fro in AUTH
 * [MQTT-4.12.0-2] [MQTT-4.12.0-3]. Confined to the connection's event loop.
 */
final class AuthConversation {
    private final Mechanism mechanism;
    private final Exchange exchange;
    private final ChannelHandlerContext channel;
    private final long maximumPacketSize;
    private final Promise<Step> outcome = Promise.promise();
    private boolean clientsTurn;

    private AuthConversation(Mechanism mechanism, ChannelHandlerContext channel, long maximumPacketSize) {
        this.mechanism = mechanism;
        this.exchange = mechanism.begin();
        this.channel = channel;
        this.maximumPacketSize = maximumPacketSize;
    }

    /** Begins with the data of a CONNECT or of a re-authentication; packets up to this size are sent [MQTT-3.1.2-24]. */
    static AuthConversation begin(
            Mechanism mechanism, Payload data, ChannelHandlerContext channel, long maximumPacketSize) {
        AuthConversation conversation = new AuthConversation(mechanism, channel, maximumPacketSize);
        conversation.take(data);
        return conversation;
    }

    /** The last step, which tells who the client is; fails with {@link RefusedLoginException}. */
    Future<Step> outcome() {
        return outcome.future();
    }

    /** An AUTH of the client that goes on. */
    void onAuth(AuthPacket packet) throws BadPacketException {
        if (packet.reason() != AuthPacket.CONTINUE) { // [MQTT-4.12.0-3]
            throw BadPacketException.protocolError("AUTH with another reason code than 0x18");
        }
        if (!mechanism.name().equals(packet.method())) { // [MQTT-4.12.0-5]
            throw BadPacketException.protocolError("AUTH with another method than in CONNECT");
        }
        if (!clientsTurn) {
            throw BadPacketException.protocolError("AUTH out of turn");
        }
        take(packet.data());
    }

    private void take(Payload data) {
        clientsTurn = false;
        exchange.next(data).onSuccess(this::onStep).onFailure(outcome::tryFail);
    }

    private void onStep(Step step) {
        if (step.user() != null) {
            outcome.tryComplete(step);
        } else if (AuthPacket.sizeToClient(mechanism.name(), step.data()) > maximumPacketSize) {
            outcome.tryFail(new RefusedLoginException(
                    RefusedLoginException.Reason.NOT_PROVED, null, "takes no packets as large as AUTH has to be"));
        } else if (channel.channel().isActive()) {
            clientsTurn = true;
            channel.writeAndFlush(
                    AuthPacket.toClient(AuthPacket.CONTINUE, mechanism.name(), step.data()), channel.voidPromise());
        }
    }
}
