package io.redshank.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Makes a stream of bytes of WebSocket frames and the other way round: where packets begin and end has nothing to do with frames
 * [MQTT-6.0.0-2]. Answers pings and the closing of the WebSocket. Confined to the connection's event loop.
 */
final class WebSocketFrames extends ChannelDuplexHandler {
    private final Listener listener;
    private final Peer peer;
    private boolean closing;

    WebSocketFrames(Listener listener, Peer peer) {
        this.listener = listener;
        this.peer = peer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closing || !(message instanceof WebSocketFrame frame)) {
            ReferenceCountUtil.release(message);
        } else if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            context.fireChannelRead(frame.content()); // whose turn it is to release it
        } else {
            try {
                onControl(context, frame);
            } finally {
                frame.release();
            }
        }
    }

    private void onControl(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            if (context.channel().isWritable()) { // of several pings one may answer the last only (RFC 6455, 5.5.3)
                context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()), context.voidPromise());
            }
        } else if (frame instanceof CloseWebSocketFrame close) {
            int status = close.statusCode();
            closeAfter(context, status < 0 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(status, ""));
        } else if (!(frame instanceof PongWebSocketFrame)) {
            // text [MQTT-6.0.0-1]
            closeAfter(context, new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE));
        }
    }

    private void closeAfter(ChannelHandlerContext context, CloseWebSocketFrame frame) {
        closing = true;
        context.writeAndFlush(frame, context.voidPromise());
        context.channel().close(); // and not when it is read, which may be never
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!closing) {
            closing = true;
            context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE), context.voidPromise());
        }
        context.close(promise);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            listener.onFailure("WebSocket frame", peer, cause);
            closeAfter(context, new CloseWebSocketFrame(corrupted.closeStatus()));
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
