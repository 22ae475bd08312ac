package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RedisFixture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands of operators, beside a node that works, and after it was killed. */
class OperatorCommandsTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    @TempDir
    private Path directory = Path.of("");

    private final RedisFixture redis = node.redis();

    @AfterEach
    void startAgain() {
        if (!node.process().isAlive()) {
            node.start();
        }
    }

    @Test
    void doctor_findsNothingWrong_besideANodeAtWork() {
        MqttDevice here = node.connect(PAHO_3_1_1, DeviceOptions.persisting("here"));
        MqttDevice clean = node.connect(HIVEMQ_5, "clean");
        MqttDevice away = node.connect(PAHO_3_1_1, DeviceOptions.persisting("away"));
        for (MqttDevice device : List.of(here, away)) {
            device.subscribe("work/" + device.clientId(), 1);
            device.subscribe("work/+/all", 2);
            device.subscribe("$exclusive/own/" + device.clientId(), 1);
        }
        clean.subscribe("pubsub/news", 1);
        clean.subscribe("$exclusive/own/clean", 1);
        away.disconnect();
        clean.publish("work/here", "a", 1);
        clean.publish("work/away", "b", 2);
        clean.publish("work/x/all", "c", 1);
        clean.publish("pubsub/news", "d", 1);
        clean.publish("queue/jobs", "e", 1);
        clean.retain("state/on", "f", 1);
        clean.retain("state/off", "g", 0);
        clean.retain("state/off", "", 0);
        redis.command("HSET", "mqtt:sub:bob", "weather", "1");
        try (RawMqtt willing = connect("willing");
                RawMqtt publisher = connect("publisher");
                RawMqtt halfway = connect("halfway")) {
            halfway.subscribed("half/way", 2);
            clean.publish("half/way", "not acknowledged", 2);
            halfway.next(RawPacket.PUBLISH);
            halfway.send(publish(5, "half/back", 2, 8, "not released")).next(RawPacket.PUBREC);
            asserted(() -> assertThat(redis.command("EXISTS", "mqtt:inflight:halfway", "mqtt:received:halfway"))
                    .isEqualTo(2L));
            publisher.send(publish(5, "$delayed/3600/later", 1, 7, "h")).next(RawPacket.PUBACK);
            List<?> before = dueWills(); // of other tests
            willing.close();
            asserted(() -> assertThat(dueWills()).hasSize(before.size() + 1));
            NodeProcess doctor = command("doctor", "--repair");
            assertThat(doctor.exitCode()).as(doctor.output()).isZero();
            assertThat(doctor.out()).last().asString().endsWith("keys: nothing is wrong");
            assertThat(doctor.out()).noneMatch(line -> line.startsWith("total"));
        }
        assertThat(here.payloads(2)).containsExactly("a", "c");
    }

    private List<?> dueWills() {
        return redis.command("ZRANGE", "mqtt:will:due", "0", "-1") instanceof List<?> wills ? wills : List.of();
    }

    @Test
    void doctor_mendsWhatAKilledNodeLeavesBehind() {
        MqttDevice device = node.connect(PAHO_3_1_1, DeviceOptions.persisting("orphan"));
        device.subscribe("orphan/#", 1);
        try (RawMqtt willing = connect("willing-orphan")) {
            node.process().kill();
            willing.expectClosed();
        }
        assertThat(redis.hash("mqtt:client:orphan")).containsEntry("state", "1");
        NodeProcess found = command("doctor", "--json");
        assertThat(found.exitCode()).as(found.output()).isEqualTo(1);
        assertThat(found.out())
                .anyMatch(line -> line.startsWith("{\"state\":\"found\",\"kind\":\"client-online\"")
                        && line.contains("mqtt:client:orphan"))
                .anyMatch(line -> line.contains("\"kind\":\"session-connected\""))
                .anyMatch(line -> line.contains("\"kind\":\"will-left-behind\""))
                .anyMatch(line -> line.contains("\"kind\":\"node-entry\""));
        NodeProcess mended = command("doctor", "--repair");
        assertThat(mended.exitCode()).as(mended.output()).isEqualTo(1);
        assertThat(mended.out())
                .anyMatch(line -> line.startsWith("mended client-online pool1 mqtt:client:orphan: "))
                .anyMatch(line -> line.startsWith("total client-online mended="));
        NodeProcess healthy = command("doctor");
        assertThat(healthy.exitCode()).as(healthy.output()).isZero();
        assertThat(redis.hash("mqtt:client:orphan")).containsEntry("state", "0");
        assertThat(redis.command("ZSCORE", "mqtt:sessions:due", "orphan")).isNotNull();
        assertThat(redis.hash("mqtt:session:willing-orphan")).containsKeys("will", "will_due");
    }

    @Test
    void explainAndMessage_tellWhatWaits_andForWhom() {
        try (RawMqtt slow = connect("slow")) {
            slow.subscribed("told/#", 1);
            MqttDevice publisher = node.connect(HIVEMQ_5, "teller");
            publisher.publish("told/a", "not for operators", 1);
            slow.next(RawPacket.PUBLISH);
        } // and has not acknowledged it
        asserted(() -> assertThat(redis.hash("mqtt:client:slow")).containsEntry("state", "0"));
        String id = new StoredLog(redis).ids("told/a").get(0);
        NodeProcess explain = command("explain", "slow", "told/a");
        assertThat(explain.exitCode()).as(explain.output()).isZero();
        assertThat(explain.out())
                .anyMatch(line -> line.startsWith("subscription: told/# at QoS 1"))
                .anyMatch(line -> line.startsWith("waiting: 1 message, " + id))
                .anyMatch(line -> line.equals("underway: " + id + ", sent"));
        assertThat(explain.out()).last().asString().startsWith("conclusion: The client is offline: 1 message waits");
        NodeProcess message = command("message", id);
        assertThat(message.exitCode()).as(message.output()).isZero();
        assertThat(message.out())
                .anyMatch(line -> line.startsWith("message: topic told/a, QoS 1, from teller"))
                .anyMatch(line -> line.startsWith("not-acknowledged: slow, not connected, sent"))
                .noneMatch(line -> line.contains("not for operators"));
        NodeProcess payload = command("message", "--payload", "--json", id);
        assertThat(payload.exitCode()).as(payload.output()).isZero();
        assertThat(payload.out()).last().asString().contains("\"payload\":\"not for operators\"");
    }

    @Test
    void whereNobodyAnswers_theCommandsSaySo() {
        NodeProcess nowhere = NodeProcess.launch(NodeSetup.in(directory).with("doctor"));
        assertThat(nowhere.exitCode()).as(nowhere.output()).isEqualTo(2);
        assertThat(nowhere.err()).singleElement().asString().contains("no node has run with");
        assertThat(directory).isEmptyDirectory();
        NodeProcess unknown = command("message", "unknown");
        assertThat(unknown.exitCode()).as(unknown.output()).isEqualTo(1);
        assertThat(command("explain", "c", "a/+").exitCode()).isEqualTo(2);
    }

    @Test
    void embeddedRedis_isThatOfTheNode_orIsStartedForTheCommand() {
        NodeSetup setup = NodeSetup.in(directory).port(NodeProcess.freePort());
        try (NodeProcess own = NodeProcess.start(setup)) {
            try (MqttDevice device = HIVEMQ_5.device(own.port(), DeviceOptions.clean("embedded"))) {
                device.connect();
                NodeProcess beside = NodeProcess.launch(setup.with("explain", "embedded", "a"));
                assertThat(beside.exitCode()).as(beside.output()).isEqualTo(1);
                assertThat(beside.out()).first().asString().startsWith("client: online since ");
            }
            own.stop();
        }
        NodeProcess alone = NodeProcess.launch(setup.with("explain", "embedded", "a"));
        assertThat(alone.exitCode()).as(alone.output()).isEqualTo(1);
        assertThat(alone.out()).first().asString().startsWith("client: offline since ");
        try (NodeProcess again = NodeProcess.start(setup)) {
            again.stop();
        }
    }

    private NodeProcess command(String... words) {
        return NodeProcess.launch(NodeSetup.in(directory).redis(redis.address()).with(words));
    }

    /** A session of MQTT 5 that persists, with a will that waits. */
    private static RawMqtt connect(String clientId) {
        ConnectPacket packet =
                ConnectPacket.of(5, clientId).expiry(600).delayedWill("wills/" + clientId, "gone", 1, 500);
        return RawMqtt.connected(node.port(), 5, packet);
    }
}
