package io.redshank.broker;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetServerInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServerOptions;

/**
 * A Vert.x whose net servers show each new connection, once Vert.x MQTT has set up its packet codec, to a tap: the place where
 * handlers of our own are put into the connection's pipeline, without touching Vert.x MQTT itself.
 */
final class TappedVertx extends VertxWrapper {
    private final Handler<NetSocketInternal> tap;

    TappedVertx(Vertx vertx, Handler<NetSocketInternal> tap) {
        super((VertxInternal) vertx);
        this.tap = tap;
    }

    @Override
    public NetServerInternal createNetServer(NetServerOptions options) {
        return new TappedNetServer(super.createNetServer(options), tap);
    }
}
