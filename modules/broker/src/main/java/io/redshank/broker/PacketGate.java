package io.redshank.broker;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.util.ReferenceCountUtil;
import io.redshank.broker.RefusedConnectException.Refusal;
import java.io.IOException;
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
 *   <li>a packet that cannot be decoded, or may not be sent, is answered with its reason and ends the connection, with one log
 *       line if a client was there, and nothing behind it is heard;
 *   <li>an MQTT 5 client without an id gets one before Vert.x MQTT refuses it, and one with a longer keep-alive than is granted gets
 *       that.
 * </ul>
 *
 * It also answers pings, stops to read from a client that does not read its answers, and tells when the connection can be
 * written to again. Confined to the connection's event loop.
 */
final class PacketGate extends ChannelDuplexHandler {
    private static final Logger log = LoggerFactory.getLogger(PacketGate.class);

    private enum State {
        AWAITING_CONNECT,
        AWAITING_CONNACK,
        OPEN,
        ENDED
    }

    /** How many bytes of answers may wait for a client that goes on asking without reading. */
    private static final long MAX_UNREAD_BYTES = 1 << 20;

    private final Arrivals arrivals;
    private final Authentication authentication;
    private final Peer peer;
    private final Deque<Object> held = new ArrayDeque<>();
    private State state = State.AWAITING_CONNECT;
    private final Listener listener;
    private boolean idAssigned;
    private boolean saidWhy;
    private @Nullable Integer serverKeepAlive;
    private @Nullable Runnable onWritable;
    private @Nullable ChannelHandlerContext channel;
    private @Nullable Intake intake;

    /** The gate of a new connection to this listener. */
    PacketGate(Arrivals arrivals, Peer peer, Listener listener, Authentication authentication) {
        this.arrivals = arrivals;
        this.peer = peer;
        this.listener = listener;
        this.authentication = authentication;
    }

    /** Who the client is. */
    Authentication authentication() {
        return authentication;
    }

    /** Where the client has come in. */
    Listener listener() {
        return listener;
    }

    /** Who is at the other end. */
    Peer peer() {
        return peer;
    }

    /** The keep-alive that counts, in seconds, if it is not the client's own. */
    @Nullable
    Integer serverKeepAlive() {
        return serverKeepAlive;
    }

    /** Whether the client came without an id and was given one. */
    boolean idAssigned() {
        return idAssigned;
    }

    /** Whether the client has been let in, and not gone since. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether nothing is let through any more. */
    boolean hasEnded() {
        return state == State.ENDED;
    }

    /** The connection's place in its pipeline from which packets are written, behind this gate. */
    ChannelHandlerContext channel() {
        return inPipeline(channel);
    }

    /** What decides whether the connection is read from. */
    Intake intake() {
        return inPipeline(intake);
    }

    private static <T> T inPipeline(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the gate is not in a pipeline yet");
        }
        return part;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context;
        intake = new Intake(context.channel());
    }

    /** What to do when the connection has become writable. */
    void onWritable(Runnable action) {
        onWritable = action;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object packet) {
        if (state == State.ENDED || !(packet instanceof MqttMessage message)) {
            ReferenceCountUtil.release(packet);
        } else if (message.decoderResult().isFailure()) {
            onMalformed(context, message);
        } else if (state == State.OPEN) {
            onPacket(context, message);
        } else if (state == State.AWAITING_CONNACK) {
            held.add(message);
            intake().stop(Intake.Reason.CONNACK); // what is decoded already is all that can follow
        } else if (message instanceof MqttConnectMessage connect) {
            onConnect(context, connect);
        } else {
            ReferenceCountUtil.release(message);
            end("the first packet is not CONNECT"); // [MQTT-3.1.0-1]
        }
    }

    private void onConnect(ChannelHandlerContext context, MqttConnectMessage connect) {
        Refusal refusal = peer.refusal();
        if (refusal != null) { // logged where it was found
            sayGoodbye(
                    ConnectPackets.connack(refusal.code(connect.variableHeader().version())));
            close();
            return;
        }
        state = State.AWAITING_CONNACK;
        MqttConnectMessage named = ConnectPackets.withClientId(connect);
        idAssigned = named != connect;
        int maxKeepAlive = listener.options().limits().sessions().maxKeepAliveSeconds();
        MqttConnectMessage complete = ConnectPackets.withKeepAlive(named, maxKeepAlive);
        serverKeepAlive = complete == named ? null : Integer.valueOf(maxKeepAlive);
        arrivals.announce(this, () -> context.fireChannelRead(complete));
    }

    private void onPacket(ChannelHandlerContext context, MqttMessage packet) {
        PacketRules.Violation violation = PacketRules.violationBy(packet);
        if (violation != null) {
            ReferenceCountUtil.release(packet);
            sayGoodbye(ConnectPackets.farewell(context.channel(), violation.reason(), violation.why()));
            end(violation.why());
            return;
        }
        switch (packet.fixedHeader().messageType()) {
            case PINGREQ -> {
                context.writeAndFlush(MqttMessage.PINGRESP, context.voidPromise());
                context.fireChannelRead(packet); // for the keep-alive
            }
            case DISCONNECT -> {
                context.fireChannelRead(packet);
                state = State.ENDED; // [MQTT-3.14.4-2]
            }
            default -> context.fireChannelRead(packet);
        }
        if (!context.channel().isWritable() && context.channel().bytesBeforeWritable() > MAX_UNREAD_BYTES) {
            intake().stop(Intake.Reason.UNREAD);
        }
    }

    private void onMalformed(ChannelHandlerContext context, MqttMessage packet) {
        Throwable cause = packet.decoderResult().cause();
        if (state == State.AWAITING_CONNECT && cause instanceof MqttUnacceptableProtocolVersionException) {
            context.fireChannelRead(packet); // Vert.x MQTT answers this one as it should be
            return;
        }
        sayGoodbye(ConnectPackets.farewell(context.channel(), cause, state == State.OPEN));
        end(String.valueOf(cause.getMessage()));
    }

    /** Tells the client why its connection ends, if there is a word for it. */
    void sayGoodbye(@Nullable MqttMessage farewell) {
        if (farewell != null) {
            saidWhy = true;
            channel().writeAndFlush(farewell, channel().voidPromise());
        }
    }

    /** Whether the client was told why its connection ends. */
    boolean saidWhy() {
        return saidWhy;
    }

    private void end(String why) {
        if (state == State.AWAITING_CONNECT) {
            listener.onFailure("first packet", peer, why); // whoever looks for open ports makes many of these
        } else {
            log.warn("Connection closed for a bad packet [peer={}, cause={}]", peer, why);
        }
        close();
    }

    /** Ends the connection. */
    void close() {
        channel().channel().close();
    }

    /** Lets nothing through any more. */
    void shut() {
        state = State.ENDED;
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }

    @Override
    public void write(ChannelHandlerContext context, Object packet, ChannelPromise promise) {
        context.write(packet, promise);
        if (state == State.AWAITING_CONNACK && packet instanceof MqttConnAckMessage connack) {
            boolean accepted =
                    connack.variableHeader().connectReturnCode() == MqttConnectReturnCode.CONNECTION_ACCEPTED;
            saidWhy = !accepted;
            // in a task of its own: Vert.x MQTT takes the client for connected only after this write
            context.executor().execute(() -> open(context, accepted));
        }
    }

    private void open(ChannelHandlerContext context, boolean accepted) {
        if (!accepted || !context.channel().isActive()) {
            shut();
        }
        if (state != State.AWAITING_CONNACK) {
            return;
        }
        state = State.OPEN;
        if (context.pipeline().get("idle") != null) {
            context.pipeline().addAfter("idle", "keepAliveWhileReading", new KeepAliveWhileReading(this));
        }
        intake().resume(Intake.Reason.CONNACK);
        if (!held.isEmpty()) {
            for (Object packet = held.poll(); packet != null; packet = held.poll()) {
                channelRead(context, packet);
            }
            context.fireChannelReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.fireChannelWritabilityChanged();
        if (context.channel().isWritable()) {
            intake().resume(Intake.Reason.UNREAD);
            if (onWritable != null) {
                onWritable.run();
            }
        }
    }

    /** A connection that is lost is nothing to be alarmed by, which Vert.x would be if there was no CONNECT yet. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("Connection lost [peer={}, cause={}]", peer, cause.getMessage());
            close();
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        shut();
        context.fireChannelInactive();
    }
}
