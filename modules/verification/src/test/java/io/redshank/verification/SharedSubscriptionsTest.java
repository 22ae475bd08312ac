package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions of real clients, on a node that keeps its state in Redis. */
class SharedSubscriptionsTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped().with(setup -> setup.set("node.event_loops", "3"));

    private final RedisFixture redis = node.redis();
    private MqttDevice publisher = node.device(HIVEMQ_3_1_1, DeviceOptions.clean("publisher"));

    @BeforeEach
    void connectPublisher() {
        publisher = node.connect(HIVEMQ_3_1_1, "publisher");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void membersOfAllLibraries_getEachMessageOnce(int qos) {
        List<MqttDevice> members = new ArrayList<>();
        for (MqttLibrary library : MqttLibrary.values()) {
            MqttDevice member = node.connect(library, "m-" + library);
            assertThat(member.subscribe("$share/all/jobs/+", qos)).isEqualTo(qos);
            members.add(member);
        }
        MqttDevice plain = node.connect(PAHO_5, "plain");
        plain.subscribe("jobs/#", qos);
        for (int i = 0; i < 50; i++) {
            publisher.publish("jobs/1", "j" + i, qos);
        }
        List<String> all = IntStream.range(0, 50).mapToObj(i -> "j" + i).toList();
        assertThat(plain.payloads(50)).isEqualTo(all);
        List<String> shared = new ArrayList<>();
        members.forEach(member -> shared.addAll(member.payloads(10)));
        assertThat(shared).containsExactlyInAnyOrderElementsOf(all);
        members.forEach(MqttDevice::expectNothing);
    }

    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1_1", "HIVEMQ_5"})
    void persistingMember_isAMemberAgainWhenItIsBack(MqttLibrary library) {
        String client = "kept-" + library;
        String filter = "$share/kept/" + client + "/#";
        MqttDevice before = node.connect(library, DeviceOptions.persisting(client));
        before.subscribe(filter, 1);
        assertThat(redis.hash("mqtt:sub:" + client)).isEqualTo(Map.of(filter, "1"));
        before.disconnect();
        MqttDevice other = node.connect(HIVEMQ_5, "other-" + client);
        other.subscribe(filter, 1);
        for (int i = 0; i < 4; i++) {
            publisher.publish(client + "/t", "while away " + i, 1);
        }
        assertThat(other.payloads(4)).as("who is online gets it all").hasSize(4);
        MqttDevice back = node.device(library, DeviceOptions.persisting(client));
        assertThat(back.connect()).isTrue();
        Eventually.until("both are members", () -> {
            publisher.publish(client + "/t", "both", 1);
            return !back.inbox().waiting().isEmpty();
        });
        back.unsubscribe(filter);
        asserted(() -> assertThat(redis.hash("mqtt:sub:" + client)).isEmpty());
    }

    @Test
    void application_makesAClientAMember() {
        redis.command("HSET", "mqtt:sub:hired", "$share/staff/work", "1", "$share//work", "1");
        MqttDevice device = node.connect(PAHO_3_1_1, "hired");
        Eventually.until("the client is a member", () -> {
            publisher.publish("work", "w", 1);
            return !device.inbox().waiting().isEmpty();
        });
        asserted(() -> assertThat(node.process().errWith("filter=$share//work")).hasSize(1));
        redis.command(
                "PUBLISH",
                "mqtt_channel",
                "{\"type\":\"unsubscribe\",\"topic\":\"$share/staff/work\",\"clientid\":\"hired\"}");
        Eventually.until("the client is none any more", () -> {
            int before = device.inbox().waiting().size();
            publisher.publish("work", "w", 1);
            device.subscribe("echo", 0);
            device.publish("echo", "e", 0);
            asserted(() -> assertThat(device.inbox().waiting()).contains(new Arrival("echo", "e", 0, false)));
            return device.inbox().waiting().stream()
                            .filter(arrival -> arrival.topic().equals("work"))
                            .count()
                    <= before;
        });
    }

    @Test
    void retainedAndStoredMessages_areNotSentForASharedSubscription() { // MQTT 5, 4.8.2
        publisher.retain("queue/r", "old", 1);
        MqttDevice member = node.connect(HIVEMQ_5, DeviceOptions.persisting("late"));
        member.subscribe("$share/g/queue/r", 1);
        member.expectNothing();
        publisher.publish("queue/r", "new", 1);
        assertThat(member.next()).isEqualTo(new Arrival("queue/r", "new", 1, false));
        asserted(() -> assertThat(redis.command("ZCARD", "mqtt:msg:queue/r"))
                .as("what a member acknowledges is consumed, what was there before is not")
                .isEqualTo(1L));
        assertThat(redis.command("EXISTS", "mqtt:acked:late:queue/r")).isEqualTo(0L);
        publisher.retain("queue/r", "", 1);
    }

    @Test
    void memberThatNeverAcknowledges_leavesItsMessagesToTheOthers() {
        MqttDevice silent = node.connect(PAHO_5, DeviceOptions.clean("silent").silent());
        silent.subscribe("$share/hand/over", 1);
        publisher.publish("over", "a", 1);
        publisher.publish("over", "b", 1);
        assertThat(silent.payloads(2)).containsExactly("a", "b");
        MqttDevice other = node.connect(PAHO_3_1_1, "heir");
        other.subscribe("$share/hand/over", 1);
        silent.vanish();
        assertThat(other.payloads(2)).containsExactly("a", "b");
        other.expectNothing();
    }
}
