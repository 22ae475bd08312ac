package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketReaderTest {
    /** One of each packet that a broker sends, the PUBLISHes on the topic "a" with the payload "hi". */
    private static final byte[] ALL = bytes("20020000" + "20020100" + "9003000701" + "3005000161" + "6869"
            + "3207000161" + "0102" + "6869" + "3c07000161" + "ffff" + "6869" + "40020001" + "5002abcd" + "62020003"
            + "70020004" + "d000" + "30030001" + "61");

    private static final String[] HEARD = {
        "CONNACK 0",
        "CONNACK 0 resumed",
        "SUBACK 7 1",
        "PUBLISH 0 0 hi",
        "PUBLISH 1 258 hi",
        "PUBLISH 2 65535 hi",
        "PUBACK 1",
        "PUBREC 43981",
        "PUBREL 3",
        "PUBCOMP 4",
        "PUBLISH 0 0 "
    };

    private final PacketReader reader = new PacketReader(16 * 1024);
    private final Heard heard = new Heard();

    @Test
    void manyPacketsInOneRead_areAllDecoded() throws IOException {
        Chunks.of(ALL).readWith(reader, heard);
        assertThat(heard.all()).containsExactly(HEARD);
    }

    @ParameterizedTest
    @MethodSource("everyPlace")
    void packetsCutAnywhere_areDecodedOnceEach(int place) throws IOException {
        Chunks.cutAt(place, ALL).readWith(reader, heard);
        assertThat(heard.all()).containsExactly(HEARD);
    }

    static Stream<Integer> everyPlace() {
        return IntStream.rangeClosed(0, ALL.length).boxed();
    }

    @Test
    void packetsByteByByte_areDecodedOnceEach() throws IOException {
        byte[][] single = new byte[ALL.length][];
        for (int i = 0; i < single.length; i++) {
            single[i] = new byte[] {ALL[i]};
        }
        Chunks.of(single).readWith(reader, heard);
        assertThat(heard.all()).containsExactly(HEARD);
    }

    /** Each at a step of the length field, the last two beyond the first buffer. */
    @ParameterizedTest
    @ValueSource(ints = {124, 125, 16_380, 16_381, 2_097_148, 2_097_149})
    void largePacketBetweenSmallOnes_isDecoded(int payload) throws IOException {
        byte[] large = publish(payload);
        Chunks.of(bytes("4002000140"), bytes("020002"), large, bytes("40020003"))
                .readWith(reader, heard);
        assertThat(heard.all())
                .containsExactly("PUBACK 1", "PUBACK 2", "PUBLISH 0 0 " + payload + " bytes", "PUBACK 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30ffffffff01", "400101", "30020009", "10020000", "8000", "0000", "3004000561ff"})
    void brokenPacket_endsTheRun(String hex) {
        assertThatThrownBy(() -> Chunks.of(bytes(hex)).readWith(reader, heard))
                .isInstanceOf(BenchFailedException.class);
    }

    private static byte[] publish(int payload) {
        ByteBuffer out = ByteBuffer.allocate(8 + payload).put((byte) 0x30);
        PacketWriter.putLength(out, 3 + payload);
        out.putShort((short) 1).put((byte) 'a');
        byte[] packet = new byte[out.position() + payload];
        out.get(0, packet);
        return packet;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
