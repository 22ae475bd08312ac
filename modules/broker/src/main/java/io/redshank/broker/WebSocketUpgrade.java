package io.redshank.broker;

import static io.netty.handler.codec.http.HttpHeaderNames.ALLOW;
import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.ORIGIN;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_KEY;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers the HTTP request that begins a WebSocket connection, and ends any other. */
final class WebSocketUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** The first is what all clients offer [MQTT-6.0.0-3]; some of MQTT 3.1 offer the other. */
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    private static final String VERSION = "13";
    /** A frame may hold more than a packet. */
    private static final int LEAST_FRAME = 64 * 1024;

    private static final int LONGEST_FIXED_HEADER = 5;

    private final Listener listener;
    private final WebSocketOptions options;
    private final Peer peer;
    private boolean answered;

    WebSocketUpgrade(Listener listener, WebSocketOptions options, Peer peer) {
        this.listener = listener;
        this.options = options;
        this.peer = peer;
    }

    /** An answer other than the upgrade. */
    private record Refusal(HttpResponseStatus status, String why) {}

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (answered) {
            return;
        }
        answered = true;
        Refusal refusal = refusalOf(request);
        if (refusal == null) {
            upgrade(context, request);
        } else {
            refuse(context, refusal);
        }
    }

    private @Nullable Refusal refusalOf(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
        }
        String target = request.uri();
        int query = target.indexOf('?');
        if (!options.path().equals(query < 0 ? target : target.substring(0, query))) {
            return new Refusal(HttpResponseStatus.NOT_FOUND, "MQTT is not served at this path");
        }
        if (!request.method().equals(HttpMethod.GET)) {
            return new Refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "a WebSocket begins with GET");
        }
        if (!request.headers().containsValue(CONNECTION, HttpHeaderValues.UPGRADE, true)
                || !request.headers().containsValue(UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !VERSION.equals(request.headers().get(SEC_WEBSOCKET_VERSION))) {
            return new Refusal(HttpResponseStatus.UPGRADE_REQUIRED, "this is for WebSocket, version " + VERSION);
        }
        if (request.headers().get(SEC_WEBSOCKET_KEY) == null) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, "there is no Sec-WebSocket-Key");
        }
        if (subprotocol(request) == null) { // [MQTT-6.0.0-3]
            return new Refusal(HttpResponseStatus.BAD_REQUEST, "the subprotocol mqtt is not offered");
        }
        return isFromAllowedOrigin(request)
                ? null
                : new Refusal(HttpResponseStatus.FORBIDDEN, "web pages of this origin may not connect");
    }

    /** Only browsers tell the origin of the page; other clients need none. */
    private boolean isFromAllowedOrigin(FullHttpRequest request) {
        String origin = request.headers().get(ORIGIN);
        return origin == null
                || options.origins().contains(WebSocketOptions.ANY)
                || options.origins().contains(origin);
    }

    private static @Nullable String subprotocol(FullHttpRequest request) {
        List<String> offered = request.headers().getAll(SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::trim)
                .toList();
        return SUBPROTOCOLS.stream().filter(offered::contains).findFirst().orElse(null); // [MQTT-6.0.0-4]
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest request) {
        WebSocketDecoderConfig frames = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(Math.max(
                        LEAST_FRAME, listener.options().limits().packets().maxPacketSize() + LONGEST_FIXED_HEADER))
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .closeOnProtocolViolation(false) // WebSocketFrames does
                .withUTF8Validator(false) // text is not taken at all
                .build();
        WebSocketServerHandshaker13 handshaker = new WebSocketServerHandshaker13("", subprotocol(request), frames);
        context.pipeline().replace(this, "frames", new WebSocketFrames(listener, peer));
        handshaker.handshake(context.channel(), request);
    }

    private static void refuse(ChannelHandlerContext context, Refusal refusal) {
        ByteBuf text = ByteBufUtil.writeUtf8(context.alloc(), refusal.why() + "\n");
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(), text);
        response.headers()
                .set(CONTENT_TYPE, "text/plain; charset=utf-8")
                .setInt(CONTENT_LENGTH, text.readableBytes())
                .set(CONNECTION, HttpHeaderValues.CLOSE);
        if (refusal.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers().set(UPGRADE, HttpHeaderValues.WEBSOCKET).set(SEC_WEBSOCKET_VERSION, VERSION);
            response.headers().set(CONNECTION, "upgrade, close");
        } else if (refusal.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(ALLOW, HttpMethod.GET.name());
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        listener.onFailure("WebSocket handshake", peer, cause);
        context.close();
    }
}
