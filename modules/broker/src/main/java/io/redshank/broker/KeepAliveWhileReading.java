package io.redshank.broker;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * Tells an MQTT 5 client why it is going to be closed for its silence, and keeps it from being taken for dead because it was
 * this broker that stopped reading from it.
 */
final class KeepAliveWhileReading extends ChannelDuplexHandler {
    private final PacketGate gate;

    KeepAliveWhileReading(PacketGate gate) {
        this.gate = gate;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            if (gate.intake().isStoppedByUs()) {
                return;
            }
            ChannelHandlerContext channel = gate.channel();
            gate.sayGoodbye(ConnectPackets.farewell(channel.channel(), ReasonCode.KEEP_ALIVE_TIMEOUT, null));
        }
        context.fireUserEventTriggered(event);
    }
}
