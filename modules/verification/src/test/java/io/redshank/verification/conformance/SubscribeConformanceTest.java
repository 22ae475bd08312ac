package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE and UNSUBSCRIBE, their acknowledgements, and what they change. */
class SubscribeConformanceTest {
    private static final int NO_LOCAL = 4;
    private static final int RETAINED_QOS_1 = 0x33;

    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    private static byte[] filters(Object... filtersAndOptions) {
        byte[] all = new byte[0];
        for (int i = 0; i < filtersAndOptions.length; i += 2) {
            all = join(all, string((String) filtersAndOptions[i]), bytes((Integer) filtersAndOptions[i + 1]));
        }
        return all;
    }

    /** [MQTT-3.8.4-1], [MQTT-3.8.4-2], [MQTT-3.8.4-5] to [MQTT-3.8.4-7], [MQTT-3.9.3-1], [MQTT-3.9.3-2], [MQTT-2.2.1-6]. */
    @ParameterizedTest
    @CsvSource({"3, 0x80", "4, 0x80", "5, 0x80"})
    void subscribe_isAnsweredInOnePacket_withACodeForEachFilterInItsOrder(int version, String refused) {
        RawMqtt client = node.connect(version, "codes");
        byte[] filters = filters("codes/2", 2, "refused/x", 1, "codes/0", 0, "codes/1", 1);
        client.send(packet(0x82, u16(0xFFFE), properties(version), filters));
        byte[] codes = bytes(2, Integer.decode(refused), 0, 1);
        RawPacket suback = client.next(RawPacket.SUBACK);
        assertThat(suback.packetId()).isEqualTo(0xFFFE);
        int behind = version == 5 ? RawProperties.at(suback, 2).end() : 2;
        assertThat(Arrays.copyOfRange(suback.body(), behind, suback.body().length))
                .isEqualTo(codes);
        client.send(publish(version, "refused/x", 0, 0, "no"), publish(version, "codes/0", 0, 0, "yes"));
        assertThat(client.next(RawPacket.PUBLISH).payload(version)).isEqualTo("yes");
    }

    /** [MQTT-3.8.4-8]; [MQTT-3.8.4-6] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void delivery_isAtTheLowerQualityOfService(int version) {
        RawMqtt client = node.connect(version, "lower");
        for (int granted = 0; granted <= 2; granted++) {
            client.subscribed("lower/" + granted, granted);
        }
        RawMqtt publisher = node.connect(4, "lower-pub");
        int id = 1;
        for (int granted = 0; granted <= 2; granted++) {
            for (int sent = 0; sent <= 2; sent++) {
                publisher.send(publish(4, "lower/" + granted, sent, id++, "m"));
                assertThat(client.next(RawPacket.PUBLISH).qos()).isEqualTo(Math.min(granted, sent));
            }
        }
    }

    /** [MQTT-3.8.4-3], [MQTT-3.8.4-4]; [MQTT-3.8.4-3] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void sameFilterAgain_replacesTheSubscription_andBringsRetainedMessagesAgain(int version) {
        RawMqtt publisher = node.connect(4, "replace-pub");
        publisher.send(publish(4, RETAINED_QOS_1, "replace/t", 1, bytes('r'))).next(RawPacket.PUBACK);
        RawMqtt client = node.connect(version, "replace").subscribed("replace/t", 1);
        assertThat(client.next(RawPacket.PUBLISH).qos()).isEqualTo(1);
        client.subscribed("replace/t", 0);
        assertThat(client.next(RawPacket.PUBLISH).retained()).isTrue();
        publisher.send(publish(4, "replace/t", 1, 2, "live"));
        RawPacket live = client.next(RawPacket.PUBLISH);
        assertThat(live.qos()).isZero();
        client.expectNothing();
        publisher.send(publish(4, RETAINED_QOS_1, "replace/t", 3, new byte[0])).next(RawPacket.PUBACK);
    }

    /** [MQTT-3.3.4-2]; [MQTT-3.3.5-1] of 3.1.1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void overlappingSubscriptions_bringTheHighestQualityOfService(int version) {
        RawMqtt client = node.connect(version, "overlap")
                .subscribed("overlap/#", 0)
                .subscribed("overlap/+", 2)
                .subscribed("overlap/t", 1);
        node.connect(4, "overlap-pub").send(publish(4, "overlap/t", 2, 1, "m"));
        assertThat(client.next(RawPacket.PUBLISH).qos()).isEqualTo(2);
        client.expectNothing();
    }

    /** [MQTT-3.8.3-3]. */
    @Test
    void noLocal_keepsAwayWhatTheSameClientPublishes() {
        RawMqtt client = node.connect(5, "local").subscribed("local/t", 1 | NO_LOCAL);
        client.send(publish(5, "local/t", 1, 1, "mine")).next(RawPacket.PUBACK);
        client.expectNothing();
        node.connect(5, "not-local").send(publish(5, "local/t", 1, 1, "theirs"));
        assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("theirs");
    }

    /** [MQTT-3.10.4-1], [MQTT-3.10.4-2], [MQTT-3.10.4-4] to [MQTT-3.10.4-6], [MQTT-3.11.3-1], [MQTT-3.11.3-2]. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void unsubscribe_endsExactlyTheFiltersItNames(int version) {
        RawMqtt client = node.connect(version, "leave");
        client.send(packet(0x82, u16(1), properties(version), filters("leave/a", 0, "leave/+", 0, "leave/b/#", 0)));
        client.next(RawPacket.SUBACK);
        client.send(unsubscribe(version, 0x1234, "leave/+", "leave/none", "leave/b", "leave/b/#"));
        RawPacket unsuback = client.next(RawPacket.UNSUBACK);
        assertThat(unsuback.packetId()).isEqualTo(0x1234);
        if (version == 5) {
            int behind = RawProperties.at(unsuback, 2).end();
            assertThat(Arrays.copyOfRange(unsuback.body(), behind, unsuback.body().length))
                    .isEqualTo(bytes(0, 0x11, 0x11, 0));
        }
        client.send(publish(version, "leave/c", 0, 0, "no"), publish(version, "leave/b/c", 0, 0, "no"));
        client.send(publish(version, "leave/a", 0, 0, "yes"));
        assertThat(client.next(RawPacket.PUBLISH).topic()).isEqualTo("leave/a");
        client.expectNothing();
    }

    /** [MQTT-3.10.4-3]. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void deliveryThatHasBegun_isCompletedAfterUnsubscribe(int version) {
        RawMqtt client = node.connect(version, "begun").subscribed("begun/t", 2);
        node.connect(4, "begun-pub").send(publish(4, "begun/t", 2, 1, "m"));
        int id = client.next(RawPacket.PUBLISH).packetId();
        client.send(unsubscribe(version, 2, "begun/t")).next(RawPacket.UNSUBACK);
        client.send(packet(0x50, u16(id))).expect(packet(0x62, u16(id)));
        client.send(packet(0x70, u16(id))).expectNothing();
    }

    /** [MQTT-3.8.4-1]: also when the session has it already, and also for hundreds of filters. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void manyFiltersInOnePacket_areAllGranted(int version) {
        RawMqtt client = node.connect(version, "many");
        byte[] filters = new byte[0];
        for (int i = 0; i < 300; i++) {
            filters = join(filters, string("many/" + i), bytes(i % 3));
        }
        client.send(packet(0x82, u16(7), properties(version), filters));
        byte[] body = client.next(RawPacket.SUBACK).body();
        for (int i = 0; i < 300; i++) {
            assertThat((int) body[body.length - 300 + i]).isEqualTo(i % 3);
        }
    }

    /** [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1]: a filter that cannot be is refused, the others of its packet are not. */
    @ParameterizedTest
    @CsvSource({"4, 0x80", "5, 0x8F"})
    void wrongFilters_areRefused(int version, String code) {
        RawMqtt client = node.connect(version, "wrong");
        for (String wrong : new String[] {"", "a/#/b", "a#", "a/b#", "#/a", "+a", "a+", "a/b+/c", "##", "++"}) {
            client.send(subscribe(version, 1, wrong, 0));
            byte[] body = client.next(RawPacket.SUBACK).body();
            assertThat(body[body.length - 1] & 0xFF).as(wrong).isEqualTo(Integer.decode(code));
        }
        client.send(packet(0x82, u16(2), properties(version), filters("a/#/b", 0, "wrong/right", 0)));
        byte[] body = client.next(RawPacket.SUBACK).body();
        assertThat((int) body[body.length - 1]).isZero();
    }
}
