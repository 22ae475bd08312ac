package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules about topics, as configured, to devices and in Redis. */
class TopicRulesTest {
    private static final String RULES = """
            { "rewrite": [{ "source": "x/#", "match": "^x/(.+)$", "to": "y/$1" }],
              "auto_subscribe": [{ "topic": "own/${clientid}", "qos": 1 }],
              "refuse_subscriptions": ["test/nosubscribe"] }""";

    @RegisterExtension
    static final NodeFixture node =
            NodeFixture.asShipped().with(setup -> setup.with("--set", "mqtt.topics=" + RULES.replace('\n', ' ')));

    @ParameterizedTest
    @EnumSource
    void rewrittenTopic_isTheOneThatIsSubscribedRoutedAndKept(MqttLibrary library) {
        MqttDevice device = node.connect(library, "rewriting-" + library);
        device.subscribe("x/" + library + "/+", 1);
        device.publish("x/" + library + "/1", "hello", 1);
        assertThat(device.next()).isEqualTo(new Arrival("y/" + library + "/1", "hello", 1, false));
        device.unsubscribe("x/" + library + "/+");
        device.publish("y/" + library + "/1", "unheard", 1);
        device.expectNothing();
        device.retain("x/" + library + "/2", "kept", 1);
        assertThat(node.redis().command("EXISTS", "mqtt:retain:y/" + library + "/2"))
                .isEqualTo(1L);
        assertThat(node.redis().command("EXISTS", "mqtt:retain:x/" + library + "/2"))
                .isEqualTo(0L);
    }

    @ParameterizedTest
    @EnumSource
    void autoSubscription_belongsToTheSession(MqttLibrary library) {
        String id = "unasked-" + library;
        MqttDevice device = node.connect(library, DeviceOptions.persisting(id));
        asserted(() -> assertThat(node.redis().hash("mqtt:sub:" + id)).containsOnlyKeys("own/" + id));
        device.disconnect();
        node.connect(HIVEMQ_5, "publisher").publish("own/" + id, "while you were out", 1);
        device.connect();
        assertThat(device.next()).isEqualTo(new Arrival("own/" + id, "while you were out", 1, false));
        device.expectNothing();
    }

    @ParameterizedTest
    @EnumSource
    void refusedFilter_isRefused(MqttLibrary library) {
        MqttDevice device = node.connect(library, "refused-" + library);
        assertThat(device.subscribe("test/nosubscribe", 2)).isEqualTo(0x80);
        device.publish("test/nosubscribe", "unheard", 1);
        device.expectNothing();
    }

    @ParameterizedTest
    @EnumSource
    void publishToSys_isRefusedAndReachesNobody(MqttLibrary library) {
        MqttDevice device = node.connect(library, "sys-" + library);
        device.subscribe("$SYS/mine", 1);
        for (int time = 0; time < 2; time++) { // the second time by an alias, if the library uses them
            int code = MqttDevice.within(device.publishing("$SYS/mine", "p".getBytes(UTF_8), 1, true));
            assertThat(code).isEqualTo(library.speaksMqtt5() ? 0x87 : 0);
        }
        device.expectNothing();
        assertThat(node.redis().command("EXISTS", "mqtt:retain:$SYS/mine", "mqtt:msg:$SYS/mine"))
                .isEqualTo(0L);
    }
}
