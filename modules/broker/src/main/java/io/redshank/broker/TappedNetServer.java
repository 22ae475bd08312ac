package io.redshank.broker;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetServerInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.internal.tls.ServerSslContextProvider;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrafficShapingOptions;
import io.vertx.core.spi.metrics.Metrics;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A net server whose connections are seen by a tap after the server's own connect handler has run. */
final class TappedNetServer implements NetServerInternal {
    private final NetServerInternal server;
    private final Handler<NetSocketInternal> tap;

    TappedNetServer(NetServerInternal server, Handler<NetSocketInternal> tap) {
        this.server = server;
        this.tap = tap;
    }

    @Override
    public NetServerInternal connectHandler(@Nullable Handler<NetSocket> handler) {
        if (handler == null) {
            server.connectHandler(null);
            return this;
        }
        server.connectHandler(socket -> {
            handler.handle(socket);
            tap.handle((NetSocketInternal) socket);
        });
        return this;
    }

    @Override
    public @Nullable Handler<NetSocket> connectHandler() {
        return server.connectHandler();
    }

    @Override
    public NetServerInternal exceptionHandler(Handler<Throwable> handler) {
        server.exceptionHandler(handler);
        return this;
    }

    @Override
    public Future<NetServer> listen() {
        return server.listen();
    }

    @Override
    public Future<NetServer> listen(SocketAddress address) {
        return server.listen(address);
    }

    @Override
    public Future<NetServer> listen(ContextInternal context, SocketAddress address) {
        return server.listen(context, address);
    }

    @Override
    public Future<Void> shutdown(Duration timeout) {
        return server.shutdown(timeout);
    }

    @Override
    public int actualPort() {
        return server.actualPort();
    }

    @Override
    public Future<Boolean> updateSSLOptions(ServerSSLOptions options, boolean force) {
        return server.updateSSLOptions(options, force);
    }

    @Override
    public Future<Boolean> updateTrafficShapingOptions(TrafficShapingOptions options) {
        return server.updateTrafficShapingOptions(options);
    }

    @Override
    public ServerSslContextProvider sslContextProvider() {
        return server.sslContextProvider();
    }

    @Override
    public int sniEntrySize() {
        return server.sniEntrySize();
    }

    @Override
    public boolean isClosed() {
        return server.isClosed();
    }

    @Override
    public boolean isMetricsEnabled() {
        return server.isMetricsEnabled();
    }

    @Override
    public Metrics getMetrics() {
        return server.getMetrics();
    }
}
