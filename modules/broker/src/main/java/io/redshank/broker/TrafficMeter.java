package io.redshank.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.redshank.broker.sys.Counters;
import io.redshank.events.Count;

/**
 * Counts what goes through the connections of one broker instance, from both sides of the packet codec: bytes on the one, packets
 * on the other. Confined to the instance's event loop.
 */
final class TrafficMeter {
    private final Bytes bytes;
    private final Packets packets;
    private final Counters counters;

    TrafficMeter(Counters counters) {
        this.counters = counters;
        this.bytes = new Bytes(counters);
        this.packets = new Packets(counters);
    }

    /** Counts for a new connection, whose pipeline has the codec already and nothing of ours behind it. */
    void addTo(ChannelPipeline pipeline) {
        counters.add(Count.SOCKETS_OPENED, 1);
        pipeline.addBefore("mqttEncoder", "bytes", bytes);
        pipeline.addAfter("mqttDecoder", "packets", packets);
    }

    @Sharable
    private static final class Bytes extends ChannelDuplexHandler {
        private final Counters counters;

        Bytes(Counters counters) {
            this.counters = counters;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf read) {
                counters.add(Count.BYTES_RECEIVED, read.readableBytes());
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof ByteBuf written) {
                counters.add(Count.BYTES_SENT, written.readableBytes());
            }
            context.write(message, promise);
        }
    }

    @Sharable
    private static final class Packets extends ChannelDuplexHandler {
        private final Counters counters;

        Packets(Counters counters) {
            this.counters = counters;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof MqttMessage packet && packet.decoderResult().isSuccess()) {
                counters.received(packet.fixedHeader().messageType().value());
                if (message instanceof MqttPublishMessage publish) {
                    counters.add(Count.PAYLOAD_RECEIVED, publish.payload().readableBytes());
                }
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof MqttMessage packet) {
                counters.sent(packet.fixedHeader().messageType().value());
                if (message instanceof MqttPublishMessage publish) {
                    counters.add(Count.PAYLOAD_SENT, publish.payload().readableBytes());
                }
            }
            context.write(message, promise);
        }
    }
}
