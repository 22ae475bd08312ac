package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PacketWriterTest {
    private final PacketWriter writer = new PacketWriter(64);

    @Test
    void connect_asksForACleanSession() throws IOException {
        assertThat(written(out -> out.connect("ab", true, 60))).isEqualTo("100e00044d5154540402003c00026162");
    }

    @Test
    void connectWithoutCleanSession_asksForTheKeptOne() throws IOException {
        assertThat(written(out -> out.connect("ab", false, 60))).isEqualTo("100e00044d5154540400003c00026162");
    }

    @Test
    void subscribe_hasItsReservedFlags() throws IOException {
        assertThat(written(out -> out.subscribe(1, "t/0", 2))).isEqualTo("820800010003742f3002");
    }

    @Test
    void acks_areFourBytes() throws IOException {
        assertThat(written(out -> {
                    out.ack(PacketType.PUBACK, 1);
                    out.ack(PacketType.PUBREC, 0xFFFE);
                    out.ack(PacketType.PUBREL, 3);
                    out.ack(PacketType.PUBCOMP, 4);
                    out.pingreq();
                    out.disconnect();
                }))
                .isEqualTo("40020001" + "5002fffe" + "62020003" + "70020004" + "c000" + "e000");
    }

    @Test
    void publish_carriesItsStamp() throws IOException {
        PublishTemplate template = new PublishTemplate("t", 1, 26, 0x01020304, 5);
        assertThat(written(out -> out.publish(template, 0x0A0B, 7)))
                .matches("321f" + "000174" + "0a0b" + "01020304" + "00000005" + "0000000000000007" + "[0-9a-f]{16}"
                        + "7878");
    }

    @Test
    void publishWithoutQos_hasNoPacketId() throws IOException {
        PublishTemplate template = new PublishTemplate("t", 0, 24, 1, 2);
        assertThat(written(out -> out.publish(template, 9, 7)))
                .matches("301b" + "000174" + "00000001" + "00000002" + "0000000000000007" + "[0-9a-f]{16}");
    }

    @Test
    void moreThanTheBufferHolds_isAllKept() throws IOException {
        PublishTemplate template = new PublishTemplate("t", 0, 10_000, 1, 2);
        String all = written(out -> {
            for (int i = 0; i < 10; i++) {
                out.publish(template, 0, i);
            }
        });
        assertThat(all).hasSize(2 * 10 * template.size());
    }

    @Test
    void flushThatTheNetworkTakesInPart_keepsTheRest() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        WritableByteChannel slow = new OneByteAtATime(Channels.newChannel(sent));
        writer.ack(PacketType.PUBACK, 1);
        assertThat(writer.flushTo(slow)).isFalse();
        writer.pingreq();
        assertThat(writer.backlog()).isEqualTo(5);
        while (!writer.flushTo(slow)) {
            // one byte less each time
        }
        assertThat(HexFormat.of().formatHex(sent.toByteArray())).isEqualTo("40020001c000");
    }

    private String written(Consumer<PacketWriter> packets) throws IOException {
        packets.accept(writer);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        assertThat(writer.flushTo(Channels.newChannel(sent))).isTrue();
        return HexFormat.of().formatHex(sent.toByteArray());
    }
}
