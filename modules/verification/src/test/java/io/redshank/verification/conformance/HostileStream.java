package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static io.redshank.testkit.Packets.variable;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What one hostile connection sends: the same for the same seed. */
final class HostileStream {
    /** How many packets, or what is meant as such, each of them has behind its CONNECT. */
    static final int PACKETS = 24;

    private static final int[] FIRST_BYTES = {
        0x30, 0x32, 0x34, 0x3C, 0x31, 0x40, 0x50, 0x62, 0x70, 0x82, 0xA2, 0xC0, 0xE0, 0xF0, 0x20, 0x90, 0xB0, 0xD0,
        0x00, 0x36, 0x60, 0x80, 0xA0
    };

    private final Random random;
    private final int version;

    HostileStream(long seed) {
        random = new Random(seed);
        version = 3 + random.nextInt(3);
    }

    /** The bytes in the pieces in which they are written. */
    List<byte[]> pieces() {
        byte[] all = random.nextInt(10) == 0 ? new byte[0] : connect();
        boolean wild = random.nextInt(8) == 0;
        for (int i = 0; i < PACKETS; i++) {
            all = join(all, wild ? noise(1 + random.nextInt(40)) : something());
        }
        List<byte[]> pieces = new ArrayList<>();
        int place = 0;
        while (place < all.length) {
            int size = random.nextInt(4) == 0 ? 1 + random.nextInt(7) : 1 + random.nextInt(2000);
            pieces.add(Arrays.copyOfRange(all, place, Math.min(all.length, place + size)));
            place += size;
        }
        return pieces;
    }

    private byte[] connect() {
        ConnectPacket connect = ConnectPacket.of(version, "hostile-" + random.nextInt(200));
        if (random.nextBoolean()) {
            connect.will("hostile/will", "gone", random.nextInt(3));
        }
        if (random.nextBoolean()) {
            connect.resuming();
        }
        if (version == 5 && random.nextBoolean()) {
            connect.receiveMaximum(1 + random.nextInt(3)).expiry(random.nextInt(3));
        }
        byte[] packet = connect.bytes();
        return random.nextInt(12) == 0 ? mutated(packet) : packet;
    }

    /** Mostly in order, so that what is not comes late as well as early. */
    private byte[] something() {
        return switch (random.nextInt(24)) {
            case 0 -> mutated(good());
            case 1 -> truncated(good());
            case 2 -> join(good(), noise(random.nextInt(30)));
            case 3 -> packet(first(), noise(random.nextInt(60)));
            case 4 -> packet(0x30 | random.nextInt(3) << 1, string("hostile/p"), u16(1), randomProperties());
            case 5 -> packet(0x82, u16(1), randomProperties(), string("hostile/f"), bytes(random.nextInt(256)));
            case 6 -> join(bytes(first()), variable(random.nextInt(1 << 28)), noise(random.nextInt(50)));
            case 7 -> random.nextInt(20) == 0 ? connect() : good();
            default -> good();
        };
    }

    private int first() {
        return random.nextInt(3) == 0 ? random.nextInt(256) : FIRST_BYTES[random.nextInt(FIRST_BYTES.length)];
    }

    /** Well formed; whether it is expected is another matter. */
    private byte[] good() {
        int id = 1 + random.nextInt(4);
        return switch (random.nextInt(9)) {
            case 0 -> Packets.subscribe(version, id, "hostile/" + random.nextInt(5), random.nextInt(3));
            case 1 -> Packets.unsubscribe(version, id, "hostile/" + random.nextInt(5));
            case 2 -> Packets.puback(id);
            case 3 -> Packets.pubrec(id);
            case 4 -> Packets.pubrel(id);
            case 5 -> Packets.pubcomp(id);
            case 6 -> Packets.PINGREQ;
            default ->
                Packets.publish(
                        version, "hostile/" + random.nextInt(5), random.nextInt(3), id, "x".repeat(random.nextInt(80)));
        };
    }

    private byte[] randomProperties() {
        byte[] all = new byte[0];
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            byte[] value = switch (random.nextInt(5)) {
                case 0 -> bytes(random.nextInt(256));
                case 1 -> u16(random.nextInt(65_536));
                case 2 -> u32(random.nextInt());
                case 3 -> string("value");
                default -> noise(random.nextInt(12));
            };
            all = join(all, bytes(random.nextInt(0x30)), value);
        }
        return random.nextInt(6) == 0 ? join(variable(random.nextInt(300)), all) : properties(5, all);
    }

    private byte[] mutated(byte[] packet) {
        byte[] changed = packet.clone();
        for (int i = 0; i <= random.nextInt(3); i++) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    private byte[] truncated(byte[] packet) {
        return Arrays.copyOf(packet, 1 + random.nextInt(packet.length));
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }
}
