package io.redshank.bench;

/** What the broker still owes one publisher: by packet id, the answer that is due next. */
final class Acknowledgements {
    private final int qos;

    /** By packet id less one: the ordinal of the packet type that the broker is to send next, 0 for none. */
    private final byte[] awaited;

    private long outstanding;

    /** @param packetIds how many there are, from 1 on */
    Acknowledgements(int qos, int packetIds) {
        this.qos = qos;
        this.awaited = new byte[packetIds];
    }

    /** A message was sent with this packet id. */
    void await(int packetId) {
        if (qos > 0) {
            awaited[packetId - 1] = (byte) (qos == 1 ? PacketType.PUBACK : PacketType.PUBREC).ordinal();
            outstanding++;
        }
    }

    /** Whether this was the last answer to its message; if not, it is to be answered with PUBREL. [MQTT-4.3.3-1] */
    boolean settle(PacketType type, int packetId) {
        int slot = packetId - 1;
        if (slot < 0 || slot >= awaited.length || awaited[slot] != type.ordinal()) {
            throw new BenchFailedException("unexpected " + type + " " + packetId);
        }
        if (type == PacketType.PUBREC) {
            awaited[slot] = (byte) PacketType.PUBCOMP.ordinal();
            return false;
        }
        awaited[slot] = 0;
        outstanding--;
        return true;
    }

    /** How many messages are not acknowledged. */
    long outstanding() {
        return outstanding;
    }
}
