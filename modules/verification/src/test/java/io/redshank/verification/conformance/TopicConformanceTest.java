package io.redshank.verification.conformance;

import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which topics a filter takes in (MQTT 5 and 3.1.1, section 4.7). */
class TopicConformanceTest {
    private static final String END = "end/of/it";

    @RegisterExtension
    static final ConformanceNode node = new ConformanceNode();

    private static boolean isDelivered(int version, String filter, String topic) {
        RawMqtt client = node.connect(version, "matching").subscribed(filter, 0).subscribed(END, 0);
        client.send(publish(version, topic, 0, 0, "m"), publish(version, END, 0, 0, "end"));
        RawPacket got = client.next(RawPacket.PUBLISH);
        boolean delivered = got.payload(version).equals("m");
        if (delivered) {
            assertThat(got.topic()).isEqualTo(topic); // [MQTT-3.3.2-3]
            got = client.next(RawPacket.PUBLISH);
        }
        assertThat(got.payload(version)).isEqualTo("end");
        ConformanceNode.leave(client);
        return delivered;
    }

    /** [MQTT-4.7.1-1], [MQTT-4.7.1-2]; [MQTT-4.7.1-2], [MQTT-4.7.1-3] of 3.1.1. */
    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/tennis/player1/#, sport/tennis/player2, false",
        "sport/#, sport, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/tennis/+, sport/tennis, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "+/tennis/#, sport/tennis, true",
        "a//b, a//b, true",
        "a/+/b, a//b, true",
        "a/b, a//b, false",
        "/, /, true",
        "a/, a, false"
    })
    void filter_takesInWhatItShould(String filter, String topic, boolean matches) {
        for (int version = 3; version <= 5; version++) {
            assertThat(isDelivered(version, filter, topic))
                    .as("level %d", version)
                    .isEqualTo(matches);
        }
    }

    /** [MQTT-4.7.3-4], [MQTT-1.5.4-3]: case, spaces, combining marks and byte order marks make another topic. */
    @ParameterizedTest
    @CsvSource({
        "'norm/a', 'norm/A'",
        "'norm/a', 'norm/a '",
        "'norm/a', ' norm/a'",
        "'norm/\u00e9', 'norm/e\u0301'",
        "'norm/a', '\ufeffnorm/a'",
        "'norm/\ufb01', 'norm/fi'"
    })
    void names_areNotNormalized(String one, String other) {
        assertThat(isDelivered(5, one, other)).isFalse();
        assertThat(isDelivered(5, other, one)).isFalse();
        assertThat(isDelivered(5, one, one)).isTrue();
        assertThat(isDelivered(4, other, other)).isTrue();
    }

    /** [MQTT-4.7.2-1]. */
    @ParameterizedTest
    @CsvSource({
        "#, $house/a, false",
        "+/a, $house/a, false",
        "$house/#, $house/a, true",
        "$house/+, $house/a, true",
        "#, house/$a, true"
    })
    void wildcardAtTheStart_doesNotTakeInDollarTopics(String filter, String topic, boolean matches) {
        for (int version = 3; version <= 5; version++) {
            assertThat(isDelivered(version, filter, topic)).isEqualTo(matches);
        }
    }

    /** Characters beyond the basic plane, and MQTT's own separators in a row. */
    @ParameterizedTest
    @ValueSource(strings = {"emoji/\ud83d\ude00", "\u4e2d\u6587/\u8bdd\u9898", "a b c", "q?&=%20", "\u007f/\u0001"})
    void anyText_isATopic(String topic) {
        assertThat(isDelivered(5, topic, topic)).isTrue();
    }
}
