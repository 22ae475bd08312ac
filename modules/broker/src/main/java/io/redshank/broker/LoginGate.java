package io.redshank.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageFactory;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.util.ReferenceCountUtil;
import io.redshank.broker.RefusedConnectException.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stands before the {@link PacketGate} and lets CONNECT through once it is known whose it is. What follows meanwhile waits here, or
 * is an error if the client has named a mechanism. For such a client it stays, and keeps AUTH from Vert.x MQTT; for others it goes.
 * Confined to the connection's event loop.
 */
final class LoginGate extends ChannelInboundHandlerAdapter {
    private enum State {
        AWAITING_CONNECT,
        LOGGING_IN,
        LOGGED_IN
    }

    private final PacketGate gate;
    private final Authentication authentication;
    private final Deque<Object> held = new ArrayDeque<>();
    private State state = State.AWAITING_CONNECT;

    LoginGate(PacketGate gate, Authentication authentication) {
        this.gate = gate;
        this.authentication = authentication;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object packet) {
        if (gate.hasEnded()
                || gate.peer().refusal() != null // which is cheaper to say than a password is to check
                || !(packet instanceof MqttMessage message)
                || message.decoderResult().isFailure()) {
            context.fireChannelRead(packet); // the packet gate knows
        } else if (authentication.isEnhanced()) {
            onPacket(context, message);
        } else if (state == State.LOGGING_IN) {
            held.add(packet);
            gate.intake().stop(Intake.Reason.CONNACK); // what is decoded already is all that can follow
        } else if (state == State.AWAITING_CONNECT && message instanceof MqttConnectMessage connect) {
            onConnect(context, connect);
        } else {
            context.fireChannelRead(packet);
        }
    }

    private void onConnect(ChannelHandlerContext context, MqttConnectMessage connect) {
        state = State.LOGGING_IN;
        authentication
                .onConnect(context, connect)
                .onSuccess(known -> letThrough(context, known))
                .onFailure(failure -> refuse(context, failure));
    }

    private void letThrough(ChannelHandlerContext context, MqttConnectMessage connect) {
        if (gate.hasEnded() || !context.channel().isActive()) {
            return;
        }
        state = State.LOGGED_IN;
        context.fireChannelRead(connect);
        for (Object packet = held.poll(); packet != null; packet = held.poll()) {
            context.fireChannelRead(packet);
        }
        context.fireChannelReadComplete();
        if (!authentication.isEnhanced() && !context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    private void refuse(ChannelHandlerContext context, Throwable failure) {
        if (gate.hasEnded() || !context.channel().isActive()) {
            return;
        }
        if (failure instanceof BadPacketException) {
            context.fireChannelRead(MqttMessageFactory.newInvalidMessage(failure));
            return;
        }
        gate.listener().onConnectRefused(gate.peer(), failure);
        Refusal refusal = failure instanceof RefusedConnectException refused ? refused.refusal() : Refusal.UNAVAILABLE;
        String told = refusal == Refusal.AUTHENTICATION_METHOD ? failure.getMessage() : null;
        gate.sayGoodbye(ConnectPackets.refusal(context.channel(), refusal, told));
        gate.close();
    }

    /** A packet behind the CONNECT of a client that has named a mechanism. */
    private void onPacket(ChannelHandlerContext context, MqttMessage packet) {
        MqttMessageType type = packet.fixedHeader().messageType();
        if (type == MqttMessageType.AUTH) {
            onAuth(context, packet);
        } else if (gate.isOpen() || (type == MqttMessageType.DISCONNECT && state == State.LOGGED_IN)) {
            context.fireChannelRead(packet);
        } else if (type == MqttMessageType.DISCONNECT) {
            gate.close();
        } else {
            ReferenceCountUtil.release(packet);
            BadPacketException early = BadPacketException.protocolError("a packet other than AUTH before CONNACK");
            context.fireChannelRead(MqttMessageFactory.newInvalidMessage(early)); // [MQTT-3.1.2-30]
        }
    }

    private void onAuth(ChannelHandlerContext context, MqttMessage packet) {
        try {
            authentication.onAuth(packet, gate.isOpen());
        } catch (BadPacketException bad) {
            context.fireChannelRead(MqttMessageFactory.newInvalidMessage(bad));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
