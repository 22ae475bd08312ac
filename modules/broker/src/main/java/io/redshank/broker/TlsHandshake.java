package io.redshank.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.redshank.broker.RefusedConnectException.Refusal;
import io.redshank.broker.TlsOptions.ClientCertificates;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Takes the client's certificate out of a TLS handshake, and ends connections whose TLS fails. */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
    private final Listener listener;
    private final TlsOptions options;
    private final Peer peer;

    TlsHandshake(Listener listener, TlsOptions options, Peer peer) {
        this.listener = listener;
        this.options = options;
        this.peer = peer;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            context.fireUserEventTriggered(event);
        } else if (handshake.isSuccess()) {
            onHandshake(context.pipeline().get(SslHandler.class).engine().getSession());
        } else if (!(handshake.cause().getCause() instanceof ClosedChannelException)
                && !(handshake.cause() instanceof ClosedChannelException)) { // who only looks whether there is a port
            listener.onFailure("TLS handshake", peer, handshake.cause());
        }
    }

    private void onHandshake(SSLSession session) {
        if (options.clients() == ClientCertificates.NONE) {
            return;
        }
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                peer.hasShown(certificate);
            }
        } catch (SSLPeerUnverifiedException none) {
            return;
        }
        if (options.clients() == ClientCertificates.REQUIRED_AS_USERNAME && peer.commonName() == null) {
            peer.refuse(Refusal.NO_NAME);
            listener.onFailure("TLS handshake", peer, new SSLException("the client's certificate has no common name"));
        }
    }

    /** What failed is told by an event if it was the handshake. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException || cause instanceof SSLException) {
            context.close();
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
