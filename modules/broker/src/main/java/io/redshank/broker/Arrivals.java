package io.redshank.broker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.internal.net.NetSocketInternal;
import org.jspecify.annotations.Nullable;

/**
 * Puts our handlers into the pipeline of each new connection, and ties the endpoint that Vert.x MQTT makes of a CONNECT to the
 * gate that let the CONNECT through: Vert.x MQTT calls the endpoint handler while the gate announces. Confined to one event
 * loop.
 */
final class Arrivals {
    private static final int MAX_FLUSHES_JOINED = 256;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final TrafficMeter meter;
    private @Nullable PacketGate announced;

    Arrivals(TrafficMeter meter) {
        this.meter = meter;
    }

    /** To be called for each connection of a listener once Vert.x MQTT has set up its codec. */
    void tap(NetSocketInternal socket, Listener listener, Authentication authentication) {
        ChannelPipeline pipeline = socket.channelHandlerContext().pipeline();
        Peer peer = admit(pipeline.channel(), listener);
        if (peer.isTurnedAway()) {
            pipeline.firstContext().close();
            return;
        }
        new Doorway(listener).build(pipeline, "mqttEncoder", peer);
        pipeline.channel().config().setWriteBufferWaterMark(WATER_MARKS);
        pipeline.addBefore("mqttEncoder", "flushes", new FlushConsolidationHandler(MAX_FLUSHES_JOINED, true));
        int maxPacketSize = listener.options().limits().packets().maxPacketSize();
        pipeline.addBefore("mqttDecoder", "inspector", new PacketInspector(maxPacketSize));
        meter.addTo(pipeline);
        PacketGate gate = new PacketGate(this, peer, listener, authentication);
        pipeline.addAfter("packets", "gate", gate);
        pipeline.addAfter("packets", "connackFit", new ConnackFit());
        pipeline.addBefore("gate", "login", new LoginGate(gate, authentication));
        boolean plain = listener.options().transport().equals(Transport.TCP);
        pipeline.addLast("closeAtOnce", new CloseAtOnce(gate, plain));
    }

    private static Peer admit(Channel channel, Listener listener) {
        Admission.Place place = listener.admission().arrive();
        channel.closeFuture().addListener(closed -> place.leave());
        Peer peer = new Peer(place, channel.remoteAddress());
        if (!listener.options().transport().proxyProtocol()) {
            peer.isAt(channel.remoteAddress());
        }
        if (peer.refusal() != null) {
            listener.onRefused(peer);
        }
        return peer;
    }

    /** Runs what makes Vert.x MQTT call the endpoint handler, which may ask whose CONNECT it is. */
    void announce(PacketGate gate, Runnable connect) {
        announced = gate;
        try {
            connect.run();
        } finally {
            announced = null;
        }
    }

    /** The gate of the connection whose CONNECT is being handled. */
    PacketGate announced() {
        PacketGate gate = announced;
        if (gate == null) {
            throw new IllegalStateException("an MQTT endpoint appeared outside of a CONNECT");
        }
        return gate;
    }
}
