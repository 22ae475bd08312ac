package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.example.AuditVerticle;
import io.redshank.testkit.ClusterFixture;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Verticles of users in real nodes, from a jar beside the node's. */
class UserVerticlesTest {
    private static final String AUDIT = AuditVerticle.class.getName();

    /** The verticle is on b only. */
    @RegisterExtension
    static final ClusterFixture cluster = ClusterFixture.of("a", "b")
            .with((name, setup) -> name.equals("b") ? audited(setup, "{\"file\":\"audit.jsonl\"}") : setup);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void verticleOnOneNode_hearsWhatHappensOnAll() {
        MqttDevice atA = cluster.connect("a", PAHO_3_1_1, "at-a");
        atA.subscribe("audit/+", 1);
        atA.publish("audit/0", "not kept", 0);
        atA.publish("audit/1", "kept", 1);
        MqttDevice atB = cluster.connect("b", HIVEMQ_5, "at-b");
        atB.publish("audit/2", "here", 1);
        atA.disconnect();
        asserted(() -> assertThat(said("at-a"))
                .containsExactly(
                        "client-connected a",
                        "session-subscribed audit/+",
                        "message-published audit/0",
                        "message-published audit/1",
                        "client-disconnected a"));
        asserted(() -> assertThat(said("at-b")).containsExactly("client-connected b", "message-published audit/2"));
    }

    /** A listener that comes later is heard of by nodes that are there, and by one that comes after it. */
    @Test
    void nodesThatStartLater_tellToo() {
        cluster.node("a").stop();
        cluster.start("a");
        MqttDevice late = cluster.connect("a", HIVEMQ_5, "late");
        late.disconnect();
        asserted(() -> assertThat(said("late")).containsExactly("client-connected a", "client-disconnected a"));
        cluster.node("b").kill();
        cluster.start("b");
        MqttDevice later = cluster.connect("a", HIVEMQ_5, "later");
        later.disconnect();
        asserted(() -> assertThat(said("later")).containsExactly("client-connected a", "client-disconnected a"));
    }

    @Test
    void nodeOnItsOwn_tellsItsVerticles_evenOfTheLastGoodbyes() {
        try (RedisFixture redis = RedisFixture.start(false);
                NodeProcess node = NodeProcess.start(audited(alone(redis), "{}"));
                MqttDevice device = HIVEMQ_5.device(node.port(), DeviceOptions.clean("one"))) {
            device.connect();
            node.stop();
            assertThat(said(directory, "one"))
                    .containsExactly("client-connected redshank@127.0.0.1", "client-disconnected redshank@127.0.0.1");
        }
    }

    @Test
    void verticleThatIsNotThere_orDoesNotStart_endsTheStart_andIsNamedByItsPath() {
        try (RedisFixture redis = RedisFixture.start(false)) {
            NodeProcess missing =
                    NodeProcess.launch(alone(redis).set("node.verticles", "[{\"class\":\"com.example.Missing\"}]"));
            assertThat(missing.exitCode()).isEqualTo(1);
            assertThat(missing.err())
                    .contains("redshank: node.verticles[0].class: found no class com.example.Missing on the class path;"
                            + " start the node by java -cp redshank.jar:YOUR.jar io.redshank.app.Main");
            NodeProcess failing = NodeProcess.launch(audited(alone(redis), "{\"file\":\"no/such/directory\"}"));
            assertThat(failing.exitCode()).isEqualTo(1);
            assertThat(failing.errWith("redshank: node.verticles[0]: " + AUDIT + " did not start: "))
                    .hasSize(1);
            NodeProcess other =
                    NodeProcess.launch(alone(redis).set("node.verticles", "[{\"class\":\"java.lang.Object\"}]"));
            assertThat(other.exitCode()).isEqualTo(1);
            assertThat(other.errWith("redshank: node.verticles[0]: java.lang.Object did not start: "))
                    .hasSize(1);
        }
    }

    private NodeSetup alone(RedisFixture redis) {
        return NodeSetup.in(directory).redis(redis.address()).port(NodeProcess.freePort());
    }

    private static NodeSetup audited(NodeSetup setup, String config) {
        try {
            Path classes = Path.of(AuditVerticle.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return setup.classPath(classes)
                    .set("node.verticles", "[{\"class\":\"" + AUDIT + "\",\"config\":" + config + "}]");
        } catch (URISyntaxException failure) {
            throw new AssertionError(failure);
        }
    }

    private static List<String> said(String client) {
        return said(cluster.directory("b"), client);
    }

    private static List<String> said(Path directory, String client) {
        try (var lines = Files.lines(directory.resolve("audit.jsonl"))) {
            return lines.map(JsonObject::new)
                    .filter(line -> line.getString("client").equals(client))
                    .map(line -> line.getString("event") + " "
                            + line.getString("node", line.getString("filter", line.getString("topic"))))
                    .toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
