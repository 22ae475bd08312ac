package io.redshank.broker;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * What a connection passes through before MQTT: the header of a proxy, TLS, WebSocket, each if the listener has it and in this
 * order. The handlers are put into the pipeline as the connection comes, so that none of these steps escapes the listener's
 * limits or its {@code connect_timeout}.
 */
final class Doorway {
    /** Far above what proxies send; a header has to be decoded as a whole. */
    private static final int MOST_BYTES_OF_EXTRAS = 4096;

    private static final int MOST_BYTES_OF_REQUEST_LINE = 4096;
    private static final int MOST_BYTES_OF_HEADERS = 16 * 1024; // browsers send cookies
    private static final int MOST_BYTES_OF_CHUNK = 8192;
    private static final int MOST_BYTES_OF_BODY = 1024; // a request to upgrade has none
    private static final Duration CLOSE_NOTIFY_WITHIN = Duration.ofSeconds(1);

    private final Listener listener;

    Doorway(Listener listener) {
        this.listener = listener;
    }

    /** Puts all of it in front of this handler. */
    void build(ChannelPipeline pipeline, String before, Peer peer) {
        Transport transport = listener.options().transport();
        if (transport.proxyProtocol()) {
            pipeline.addBefore(before, "proxyDecoder", new HAProxyMessageDecoder(MOST_BYTES_OF_EXTRAS));
            pipeline.addBefore(before, "proxyHeader", new ProxyHeader(listener, peer));
        }
        if (transport.tls() != null) {
            SslHandler tls = listener.tls().newHandler(pipeline.channel().alloc());
            tls.setHandshakeTimeoutMillis(0); // connect_timeout says how long
            tls.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_WITHIN.toMillis());
            pipeline.addBefore(before, "tls", tls);
            pipeline.addBefore(before, "handshake", new TlsHandshake(listener, transport.tls(), peer));
        }
        WebSocketOptions webSocket = transport.webSocket();
        if (webSocket != null) {
            pipeline.addBefore(
                    before,
                    "http",
                    new HttpServerCodec(MOST_BYTES_OF_REQUEST_LINE, MOST_BYTES_OF_HEADERS, MOST_BYTES_OF_CHUNK));
            pipeline.addBefore(before, "request", new HttpObjectAggregator(MOST_BYTES_OF_BODY, true));
            pipeline.addBefore(before, "upgrade", new WebSocketUpgrade(listener, webSocket, peer));
        }
    }
}
