package io.redshank.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/** Closes at once, whoever asks: Vert.x would first wait until all is written, for ever if the client does not read. */
final class CloseAtOnce extends ChannelOutboundHandlerAdapter {
    private final PacketGate gate;

    CloseAtOnce(PacketGate gate) {
        this.gate = gate;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        gate.shut();
        context.flush(); // what was said in this turn, such as a CONNACK that refuses
        gate.channel().close(promise);
    }
}
