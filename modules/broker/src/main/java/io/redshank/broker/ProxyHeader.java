package io.redshank.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Takes the client's address from the PROXY protocol header, version 1 or 2, that begins each connection of a listener behind a
 * proxy. A connection without a valid header is closed: behind the proxy there would be no limit for it to keep to.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    private final Listener listener;
    private final Peer peer;

    ProxyHeader(Listener listener, Peer peer) {
        this.listener = listener;
        this.peer = peer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HAProxyMessage header)) {
            ReferenceCountUtil.release(message); // what the decoder lets go of as it is closed
            return;
        }
        try {
            onHeader(context, header);
        } finally {
            header.release();
        }
    }

    private void onHeader(ChannelHandlerContext context, HAProxyMessage header) {
        TransportProtocol carried = header.proxiedProtocol().transportProtocol();
        if (header.command() == HAProxyCommand.PROXY && carried == TransportProtocol.DGRAM) {
            fail(context, new IllegalArgumentException("a client of UDP"));
            return;
        }
        boolean told = header.command() == HAProxyCommand.PROXY && carried == TransportProtocol.STREAM;
        byte[] address = told ? NetUtil.createByteArrayFromIpAddressString(header.sourceAddress()) : null;
        // the proxy's own connections, such as health checks, and clients of Unix sockets have the address of the proxy
        peer.isAt(address == null ? context.channel().remoteAddress() : at(address, header.sourcePort()));
        if (peer.refusal() != null) {
            listener.onRefused(peer);
        }
        if (peer.isTurnedAway()) {
            context.close();
            return;
        }
        context.pipeline().remove(this);
    }

    private static InetSocketAddress at(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        listener.onFailure("PROXY protocol header", peer, cause);
        context.close();
    }
}
