package io.redshank.redis;

import io.vertx.redis.client.Request;
import io.vertx.redis.client.impl.RequestImpl;
import java.util.List;

/** Which slot of a Redis Cluster a key, or a command by its first key, is in. */
final class Slots {
    static final int COUNT = 16_384;
    /** That of a command without a key, which any server can execute. */
    static final int NONE = -1;

    private static final int POLYNOMIAL = 0x1021;
    private static final int[] CRC16 = table();

    private Slots() {}

    /** A request shows its arguments to nobody but the client's own cluster mode, which finds out the same in this way. */
    static int of(Request request) {
        RequestImpl known = (RequestImpl) request;
        List<byte[]> keys = known.keys();
        return keys.isEmpty() ? NONE : of(keys.get(0));
    }

    /** If there is something between the first brace and the next closing one, that alone counts. */
    static int of(byte[] key) {
        int from = 0;
        int to = key.length;
        int open = indexOf(key, '{', 0);
        if (open >= 0) {
            int close = indexOf(key, '}', open + 1);
            if (close > open + 1) {
                from = open + 1;
                to = close;
            }
        }
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = (crc << 8 ^ CRC16[(crc >>> 8 ^ key[i]) & 0xFF]) & 0xFFFF;
        }
        return crc % COUNT;
    }

    private static int indexOf(byte[] key, char wanted, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            table[i] = crc & 0xFFFF;
        }
        return table;
    }
}
