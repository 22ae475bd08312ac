package io.redshank.broker;

import io.netty.channel.ChannelHandlerContext;
import io.redshank.auth.Mechanism;
import io.redshank.auth.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connected client proves anew who it is, as often as it likes and while all else goes on (MQTT 5, section 4.12.1). It stays the
 * user that it was. Confined to the connection's event loop.
 */
final class Reauthentication {
    private static final Logger log = LoggerFactory.getLogger(Reauthentication.class);

    private final Mechanism mechanism;
    private final String user;
    private final ChannelHandlerContext channel;
    private final long maximumPacketSize;
    private @Nullable AuthConversation underway;

    /** For a client that has connected by this mechanism. */
    Reauthentication(Mechanism mechanism, String user, ChannelHandlerContext channel, long maximumPacketSize) {
        this.mechanism = mechanism;
        this.user = user;
        this.channel = channel;
        this.maximumPacketSize = maximumPacketSize;
    }

    /** An AUTH of the client. */
    void onAuth(AuthPacket packet) throws BadPacketException {
        if (underway != null) {
            underway.onAuth(packet);
            return;
        }
        if (packet.reason() != AuthPacket.REAUTHENTICATE) {
            throw BadPacketException.protocolError("AUTH with another reason code than 0x19");
        }
        if (!mechanism.name().equals(packet.method())) { // [MQTT-4.12.1-1]
            throw BadPacketException.protocolError("AUTH with another method than in CONNECT");
        }
        AuthConversation begun = AuthConversation.begin(mechanism, packet.data(), channel, maximumPacketSize);
        underway = begun;
        begun.outcome().onSuccess(this::onProved).onFailure(this::onRefused);
    }

    private void onProved(Step step) {
        underway = null;
        if (!user.equals(step.user())) {
            end("has proved to be " + Logins.shown(step.user()));
        } else if (channel.channel().isActive()) {
            channel.writeAndFlush(
                    AuthPacket.toClient(AuthPacket.SUCCESS, mechanism.name(), step.data()), channel.voidPromise());
        }
    }

    private void onRefused(Throwable refused) {
        underway = null;
        end(String.valueOf(refused.getMessage()));
    }

    private void end(String why) {
        if (channel.channel().isActive()) {
            log.warn(
                    "Re-authentication failed [peer={}, user={}, cause={}]",
                    channel.channel().remoteAddress(),
                    Logins.shown(user),
                    why);
            channel.writeAndFlush( // [MQTT-4.12.1-2]
                    ConnectPackets.disconnect(ReasonCode.NOT_AUTHORIZED, null, null), channel.voidPromise());
            channel.channel().close();
        }
    }
}
