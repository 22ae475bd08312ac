package io.redshank.broker;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the packet decoder and Vert.x MQTT on one connection and lets through what Vert.x MQTT can take:
 *
 * <ul>
 *   <li>packets that arrive before CONNACK was sent, which a client may send [MQTT-3.1.4-5], wait for it here;
 *   <li>a packet that cannot be decoded is answered with its reason and ends the connection, with one log line;
 *   <li>an MQTT 5 client without an id gets one before Vert.x MQTT refuses it.
 * </ul>
 *
 * It also tells when the connection can be written to again. Confined to the connection's event loop.
 */
final class PacketGate extends ChannelDuplexHandler {
    private static final Logger log = LoggerFactory.getLogger(PacketGate.class);

    private enum State {
        AWAITING_CONNECT,
        AWAITING_CONNACK,
        OPEN,
        ENDED
    }

    private final Arrivals arrivals;
    private final Deque<Object> held = new ArrayDeque<>();
    private State state = State.AWAITING_CONNECT;
    private boolean idAssigned;
    private @Nullable Runnable onWritable;
    private @Nullable ChannelHandlerContext channel;

    PacketGate(Arrivals arrivals) {
        this.arrivals = arrivals;
    }

    /** Whether the client came without an id and was given one. */
    boolean idAssigned() {
        return idAssigned;
    }

    /** The connection's place in its pipeline from which packets are written, behind this gate. */
    ChannelHandlerContext channel() {
        ChannelHandlerContext context = channel;
        if (context == null) {
            throw new IllegalStateException("the gate is not in a pipeline yet");
        }
        return context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context;
    }

    /** What to do when the connection has become writable. */
    void onWritable(Runnable action) {
        onWritable = action;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object packet) {
        if (state == State.ENDED) {
            ReferenceCountUtil.release(packet);
        } else if (packet instanceof MqttMessage message
                && message.decoderResult().isFailure()) {
            onMalformed(context, message);
        } else if (state == State.OPEN) {
            context.fireChannelRead(packet);
        } else if (state == State.AWAITING_CONNACK) {
            held.add(packet);
            context.channel().config().setAutoRead(false); // what is decoded already is all that can follow
        } else if (packet instanceof MqttConnectMessage connect) {
            onConnect(context, connect);
        } else {
            ReferenceCountUtil.release(packet);
            end(context, "the first packet is not CONNECT"); // [MQTT-3.1.0-1]
        }
    }

    private void onConnect(ChannelHandlerContext context, MqttConnectMessage connect) {
        state = State.AWAITING_CONNACK;
        MqttConnectMessage complete = ConnectPackets.withClientId(connect);
        idAssigned = complete != connect;
        arrivals.announce(this, () -> context.fireChannelRead(complete));
    }

    private void onMalformed(ChannelHandlerContext context, MqttMessage packet) {
        Throwable cause = packet.decoderResult().cause();
        if (state == State.AWAITING_CONNECT && cause instanceof MqttUnacceptableProtocolVersionException) {
            context.fireChannelRead(packet); // Vert.x MQTT answers this one as it should be
            return;
        }
        MqttMessage farewell = ConnectPackets.farewell(context.channel(), cause, state == State.OPEN);
        if (farewell != null) {
            context.writeAndFlush(farewell, context.voidPromise());
        }
        end(context, String.valueOf(cause.getMessage()));
    }

    private void end(ChannelHandlerContext context, String why) {
        state = State.ENDED;
        log.warn(
                "Connection closed for a bad packet [peer={}, cause={}]",
                context.channel().remoteAddress(),
                why);
        context.close();
    }

    @Override
    public void write(ChannelHandlerContext context, Object packet, ChannelPromise promise) {
        context.write(packet, promise);
        if (state == State.AWAITING_CONNACK && packet instanceof MqttConnAckMessage connack) {
            boolean accepted =
                    connack.variableHeader().connectReturnCode() == MqttConnectReturnCode.CONNECTION_ACCEPTED;
            // in a task of its own: Vert.x MQTT takes the client for connected only after this write
            context.executor().execute(() -> open(context, accepted));
        }
    }

    private void open(ChannelHandlerContext context, boolean accepted) {
        if (!accepted || !context.channel().isActive()) {
            discardHeld();
            return;
        }
        state = State.OPEN;
        if (context.pipeline().get("idle") != null) {
            context.pipeline().addAfter("idle", "keepAliveWhileReading", new KeepAliveWhileReading());
        }
        boolean anyHeld = !held.isEmpty();
        for (Object packet = held.poll(); packet != null; packet = held.poll()) {
            channelRead(context, packet);
        }
        if (anyHeld) {
            context.fireChannelReadComplete();
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.fireChannelWritabilityChanged();
        if (onWritable != null && context.channel().isWritable()) {
            onWritable.run();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        discardHeld();
        context.fireChannelInactive();
    }

    private void discardHeld() {
        state = State.ENDED;
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    /** Keeps a client from being taken for dead because it was this broker that stopped reading from it. */
    private static final class KeepAliveWhileReading extends ChannelDuplexHandler {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent && !context.channel().config().isAutoRead()) {
                return;
            }
            context.fireUserEventTriggered(event);
        }
    }
}
