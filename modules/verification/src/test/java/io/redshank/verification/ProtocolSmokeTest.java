package io.redshank.verification;

import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** MQTT as real client libraries speak it, with each other. */
class ProtocolSmokeTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    @ParameterizedTest
    @EnumSource
    void everyQualityOfService_toEveryOther_isTheLowerOfBoth(MqttLibrary library) {
        MqttDevice receiver = node.connect(library, "receiver-" + library);
        MqttDevice sender = node.connect(library, "sender-" + library);
        for (int granted = 0; granted <= 2; granted++) {
            String topic = "qos/" + library + "/" + granted;
            assertThat(receiver.subscribe(topic, granted)).isEqualTo(granted);
            for (int sent = 0; sent <= 2; sent++) {
                sender.publish(topic, "from " + sent, sent);
                assertThat(receiver.next())
                        .isEqualTo(new Arrival(topic, "from " + sent, Math.min(sent, granted), false));
            }
        }
        receiver.expectNothing();
    }

    @ParameterizedTest
    @CsvSource({"PAHO_3_1, HIVEMQ_5", "HIVEMQ_5, PAHO_3_1_1", "PAHO_5, HIVEMQ_3_1_1", "HIVEMQ_3_1_1, PAHO_5"})
    void libraries_understandEachOther(MqttLibrary from, MqttLibrary to) {
        String topic = "cross/" + from;
        String large = "äöü €".repeat(40_000);
        MqttDevice receiver = node.connect(to, "to");
        receiver.subscribe("cross/+", 2);
        MqttDevice sender = node.connect(from, "from");
        sender.publish(topic, large, 2);
        assertThat(receiver.next()).isEqualTo(new Arrival(topic, large, 2, false));
        sender.publish(topic, "", 1);
        assertThat(receiver.next()).isEqualTo(new Arrival(topic, "", 1, false));
    }

    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1", "PAHO_3_1_1", "PAHO_5", "HIVEMQ_5"})
    void will_isPublishedWhenADeviceVanishes_andNotWhenItLeaves(MqttLibrary library) {
        Arrival will = new Arrival("will/" + library, "gone", 1, false);
        MqttDevice listener = node.connect(HIVEMQ_3_1_1, "listener");
        listener.subscribe(will.topic(), 1);
        DeviceOptions mortal = DeviceOptions.clean("mortal-" + library).withWill(will);
        node.connect(library, mortal).disconnect();
        node.connect(library, mortal).vanish();
        assertThat(listener.next()).isEqualTo(will);
        listener.expectNothing();
    }

    @Test
    void retainedWill_isThereForLaterSubscribers() {
        Arrival will = new Arrival("will/retained", "gone", 2, true);
        MqttDevice listener = node.connect(HIVEMQ_5, "listener");
        listener.subscribe("will/retained", 2);
        node.connect(PAHO_3_1_1, DeviceOptions.clean("mortal").withWill(will)).vanish();
        assertThat(listener.next()).isEqualTo(new Arrival("will/retained", "gone", 2, false));
        MqttDevice late = node.connect(HIVEMQ_3_1_1, "late");
        late.subscribe("will/+", 2);
        assertThat(late.next()).isEqualTo(will);
        late.retain("will/retained", "", 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1_1", "PAHO_5", "HIVEMQ_3_1_1", "HIVEMQ_5"})
    void overlappingSubscriptions_areDeliveredOnce_atTheHighestQualityOfService(MqttLibrary library) {
        String root = "overlap-" + library;
        MqttDevice device = node.connect(library, "overlapping-" + library);
        device.subscribe(root + "/#", 0);
        device.subscribe(root + "/+/x", 2);
        device.subscribe(root + "/a/x", 1);
        device.publish(root + "/a/x", "once", 2);
        assertThat(device.next()).isEqualTo(new Arrival(root + "/a/x", "once", 2, false));
        device.unsubscribe(root + "/+/x");
        device.publish(root + "/a/x", "lower", 2);
        assertThat(device.next()).isEqualTo(new Arrival(root + "/a/x", "lower", 1, false));
        device.expectNothing();
    }

    @Test
    void wildcards_matchAsTheyShould() {
        MqttDevice device = node.connect(HIVEMQ_5, "wild");
        for (String filter : List.of("w/+", "w/#", "+/+/z", "w/a/b/#", "/+")) {
            device.subscribe(filter, 0);
        }
        MqttDevice sender = node.connect(HIVEMQ_3_1_1, "sender");
        List<String> matched = List.of("w", "w/", "w/a", "w/a/b", "q/a/z", "/x");
        List<String> unmatched = List.of("ww/a", "q", "q/a/z/z", "x/", "W/a");
        unmatched.forEach(topic -> sender.publish(topic, "no", 0));
        matched.forEach(topic -> sender.publish(topic, "yes", 0));
        assertThat(device.inbox().next(matched.size()))
                .extracting(Arrival::topic)
                .isEqualTo(matched);
        device.expectNothing();
    }

    @Test
    void topicsOfTheServer_areKeptOutOfWildcardsAtTheStart() {
        MqttDevice device = node.connect(PAHO_5, "dollar");
        device.subscribe("#", 1);
        device.subscribe("+/broker/x", 1);
        MqttDevice asking = node.connect(HIVEMQ_5, "asking");
        asking.subscribe("$app/#", 1);
        MqttDevice sender = node.connect(HIVEMQ_3_1_1, "sender");
        sender.publish("$app/broker/x", "hidden", 1);
        sender.publish("dollar/end", "shown", 1);
        assertThat(asking.next()).isEqualTo(new Arrival("$app/broker/x", "hidden", 1, false));
        assertThat(device.next().topic()).isEqualTo("dollar/end");
    }

    @Test
    void manyMessagesInFlight_keepTheirOrder() {
        MqttDevice receiver = node.connect(PAHO_3_1_1, "receiver");
        receiver.subscribe("order/#", 2);
        MqttDevice sender = node.connect(PAHO_5, "sender");
        List<String> sent = new ArrayList<>();
        List<CompletableFuture<Integer>> acknowledgements = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add("m" + i);
            acknowledgements.add(
                    sender.publishing("order/t", ("m" + i).getBytes(StandardCharsets.UTF_8), 1 + i / 150, false));
        }
        acknowledgements.forEach(MqttDevice::within);
        assertThat(receiver.payloads(300)).isEqualTo(sent);
    }

    /** Each of these is all that one connection sends. */
    @ParameterizedTest
    @CsvSource({
        "not MQTT at all, 474554202f20485454502f312e310d0a0d0a",
        "PUBLISH before CONNECT, 3005000178797a",
        "CONNECT of another protocol, 100e0004485454500402003c0002616100",
        "CONNECT of version 99, 100e00044d5154546302003c00026161",
        "endless remaining length, 10ffffffffff7f",
        "reserved packet type, 0000",
        "CONNECT and a PUBLISH with both QoS bits, 100e00044d5154540402003c00026d61 3609000374 2f78000178",
        "CONNECT and a SUBSCRIBE with wrong flags, 100e00044d5154540402003c00026d62 8006000100016100",
        "CONNECT and a PUBLISH on a wildcard, 100e00044d5154540402003c00026d63 3005 0001 23 7878",
        "CONNECT twice, 100e00044d5154540402003c00026d64 100e00044d5154540402003c00026d64"
    })
    void malformedBytes_endThatConnectionOnly(String what, String hex) throws IOException {
        MqttDevice bystander = node.connect(HIVEMQ_3_1_1, "bystander");
        bystander.subscribe("bystander/t", 1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
            assertThat(socket.getInputStream().readAllBytes())
                    .as("%s: what it hears before the end", what)
                    .hasSizeLessThan(20);
        }
        bystander.publish("bystander/t", "unaffected", 1);
        assertThat(bystander.next().payload()).isEqualTo("unaffected");
        assertThat(node.process().errWith("ERROR")).isEmpty();
        assertThat(node.process().errWith("\tat ")).as("stack traces").isEmpty();
    }
}
