package io.redshank.broker;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes at once, whoever asks: Vert.x would first wait until all is written, for ever if the client does not read. Only a client
 * that was told why is given a moment to hear it: a socket that is closed with bytes unread is reset, and a reset may overtake what
 * was said. So nothing more is sent to it, what it still sends is dropped, and it is closed when it closes, or after a second.
 */
final class CloseAtOnce extends ChannelOutboundHandlerAdapter {
    private static final long MOMENT_MILLIS = 1000;

    private final PacketGate gate;
    private final boolean plain;
    private boolean closing;

    /** For a connection through this gate, which is plain TCP or not: other transports have farewells of their own. */
    CloseAtOnce(PacketGate gate, boolean plain) {
        this.gate = gate;
        this.plain = plain;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        gate.shut();
        context.flush(); // what was said in this turn, such as a CONNACK that refuses
        if (plain && !closing && gate.saidWhy() && context.channel() instanceof DuplexChannel channel) {
            closing = true;
            closeSoon(context, channel, promise);
        } else if (closing) {
            context.channel().closeFuture().addListener(closed -> promise.trySuccess());
        } else {
            closing = true;
            gate.channel().close(promise);
        }
    }

    private void closeSoon(ChannelHandlerContext context, DuplexChannel channel, ChannelPromise promise) {
        channel.config().setAutoRead(true);
        ScheduledFuture<?> end =
                context.executor().schedule(() -> gate.channel().close(), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> {
            end.cancel(false);
            promise.trySuccess();
        });
        // behind all that is on its way, and not held back until more is read
        context.pipeline()
                .context("flushes")
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener((ChannelFuture sent) -> {
                    if (sent.isSuccess()) {
                        channel.shutdownOutput();
                    }
                });
    }
}
