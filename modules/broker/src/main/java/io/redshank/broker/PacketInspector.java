package io.redshank.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.mqtt.MqttMessageFactory;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.util.List;

/**
 * Stands before the packet decoder and looks at the bytes of each packet: whether they have the form that MQTT gives it, field by
 * field, to its very end. The decoder does not mind a property that comes twice or does not belong there, and it takes fields that
 * are missing from the packet that comes next. So it only ever gets whole packets that were found in order; the first other one
 * becomes a message whose decoding has failed, for {@link PacketGate}, and nothing behind it is looked at.
 */
final class PacketInspector extends ByteToMessageDecoder {
    private static final int MAX_LENGTH_BYTES = 4;
    /** First byte, length, protocol name with its own length, protocol level. */
    private static final int BYTES_TO_LEVEL = 1 + MAX_LENGTH_BYTES + 2 + 6 + 1;

    private final int maxPacketSize;
    private final PacketCursor cursor = new PacketCursor();
    private boolean connected;
    private boolean ended;
    private int version;

    PacketInspector(int maxPacketSize) {
        this.maxPacketSize = maxPacketSize;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (ended) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int start = in.readerIndex();
        int good = start;
        BadPacketException found = null;
        try {
            for (int next = endOfPacket(context, in, good); next > 0; next = endOfPacket(context, in, good)) {
                good = next;
            }
        } catch (BadPacketException bad) {
            found = bad;
        }
        cursor.clear();
        if (good > start) {
            out.add(in.readRetainedSlice(good - start));
        }
        if (found != null) {
            ended = true;
            in.skipBytes(in.readableBytes());
            out.add(MqttMessageFactory.newInvalidMessage(found));
        }
    }

    /** Where the packet that begins here ends, once it is found in order; 0 if there is more of it to come. */
    private int endOfPacket(ChannelHandlerContext context, ByteBuf in, int start) {
        int end = in.writerIndex();
        int place = start + 1;
        int length = 0;
        int shift = 0;
        int digit = 0x80;
        while (digit >= 0x80) {
            if (place >= end) {
                return 0;
            }
            if (shift == 7 * MAX_LENGTH_BYTES) {
                throw BadPacketException.malformed("remaining length of more than four bytes");
            }
            digit = in.getUnsignedByte(place++);
            length |= (digit & 0x7F) << shift;
            shift += 7;
        }
        if (digit == 0 && shift > 7) {
            throw BadPacketException.malformed("remaining length in more bytes than it takes"); // [MQTT-1.5.5-1]
        }
        int type = in.getUnsignedByte(start) >> 4;
        int flags = flagsOf(in, start, type);
        boolean tooLarge = place - start + length > maxPacketSize;
        boolean complete = length <= end - place;
        if (!connected && type == MqttMessageType.CONNECT.value()) {
            if (complete || tooLarge && end - start >= BYTES_TO_LEVEL) {
                cursor.over(in, place, Math.min(end, place + length));
                readVersion(context, in, start);
            } else if (tooLarge) {
                return 0;
            }
        }
        if (tooLarge) {
            throw BadPacketException.tooLarge("a packet of " + (place - start + length) + " bytes");
        }
        if (!complete) {
            return 0;
        }
        inspect(type, flags, in, place, place + length);
        return place + length;
    }

    private void readVersion(ChannelHandlerContext context, ByteBuf in, int start) {
        version = ConnectForm.version(cursor);
        if (version > 0) {
            ConnectPackets.remember(context.channel(), version);
            PacketForm.flags(in, start, version);
        }
    }

    /** The flags of the fixed header, put in order for the decoder; wrong ones need not wait for the rest of the packet. */
    private int flagsOf(ByteBuf in, int start, int type) {
        int flags = in.getUnsignedByte(start) & 0x0F;
        if (type == 0) {
            throw BadPacketException.malformed("packet type 0");
        }
        if (!connected) {
            if (type != MqttMessageType.CONNECT.value()) {
                throw BadPacketException.protocolError("the first packet is not CONNECT"); // [MQTT-3.1.0-1]
            }
            return flags;
        }
        if (type == MqttMessageType.CONNECT.value()) {
            throw BadPacketException.protocolError("a second CONNECT"); // [MQTT-3.1.0-2]
        }
        return PacketForm.flags(in, start, version);
    }

    private void inspect(int type, int flags, ByteBuf in, int place, int end) {
        if (connected) {
            cursor.over(in, place, end);
            PacketForm.check(type, flags, cursor, version);
            return;
        }
        connected = true;
        if (version > 0) { // another protocol has another form
            ConnectForm.check(cursor, version);
        }
    }
}
