package io.redshank.verification.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RedisFixture;
import io.redshank.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that is reached by TLS only, with certificates on both sides, by a user who may do what the README says and no more. */
class TlsRedisTest {
    private static final Pattern ACL = Pattern.compile("ACL SETUSER redshank on '>change me' (.*)");

    @TempDir
    Path directory;

    private final TestCertificates authority = TestCertificates.create("CA of a test");
    private RedisFixture redis;
    private int port;

    @BeforeEach
    void start() throws IOException {
        redis = RedisFixture.start();
        authority.writeServer(directory, authority.server("redis"));
        var client = authority.client("CN=redshank");
        TestCertificates.write(directory, "client.pem", client.getCertificatePathPEM());
        TestCertificates.write(directory, "client.key", client.getPrivateKeyPEM());
        port = NodeProcess.freePort();
        redis.command(
                "CONFIG", "SET",
                "tls-cert-file", directory.resolve("server.pem").toString(),
                "tls-key-file", directory.resolve("server.key").toString(),
                "tls-ca-cert-file", directory.resolve("ca.pem").toString(),
                "tls-port", Integer.toString(port));
        List<String> user = List.of("ACL", "SETUSER", "redshank", "on", ">s3cret / %");
        redis.command(concat(user, documentedRights()));
        redis.command("ACL", "SETUSER", "default", "off"); // who is connected already stays so
        Files.writeString(directory.resolve("password"), "s3cret / %\n");
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    /** As the README has them. */
    private static List<String> documentedRights() throws IOException {
        Matcher documented = ACL.matcher(Files.readString(Path.of("..", "..", "README.md")));
        assertThat(documented.find()).as("rights of a user in the README").isTrue();
        return Arrays.asList(documented.group(1).replace("'", "").strip().split(" "));
    }

    private static String[] concat(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toArray(String[]::new);
    }

    private NodeSetup node() {
        return NodeSetup.in(directory)
                .port(NodeProcess.freePort())
                .redis("127.0.0.1:" + port)
                .set("backend.redis.pool1.ssl", "true")
                .set("backend.redis.pool1.cafile", "ca.pem")
                .set("backend.redis.pool1.certfile", "client.pem")
                .set("backend.redis.pool1.keyfile", "client.key")
                .set("backend.redis.pool1.username", "redshank")
                .env("REDSHANK_BACKEND__REDIS__POOL1__PASSWORD_FILE", "password");
    }

    @Test
    void documentedUser_mayDoAllThatIsNeeded() {
        try (NodeProcess node = NodeProcess.start(node());
                MqttDevice device = MqttLibrary.HIVEMQ_5.device(node.port(), DeviceOptions.persisting("device"));
                MqttDevice again = MqttLibrary.HIVEMQ_5.device(node.port(), DeviceOptions.persisting("device"))) {
            device.connect();
            device.subscribe("a/#", 2);
            device.subscribe("queue/jobs", 1);
            device.retain("a/retained", "kept", 2);
            device.publish("queue/jobs", "job", 1);
            assertThat(device.payloads(2)).containsExactlyInAnyOrder("kept", "job");
            device.publish("$delayed/1/a/later", "late", 1);
            assertThat(device.payloads(1)).containsExactly("late");
            device.disconnect();
            again.connect();
            again.unsubscribe("a/#");
            again.disconnect();
            NodeProcess doctor = NodeProcess.launch(node().with("doctor"));
            assertThat(doctor.exitCode()).as(doctor.output()).isZero();
            node.stop();
            assertThat(node.errWith("NOPERM")).isEmpty();
            assertThat(node.errWith("not tell which keys")).isEmpty();
        }
        assertThat((List<?>) redis.command("ACL", "LOG")).as("what was denied").isEmpty();
    }

    @Test
    void strangersCertificate_isNotTrusted() {
        TestCertificates stranger = TestCertificates.create("another CA");
        TestCertificates.write(directory, "ca.pem", stranger.authority().getCertificatePEM());
        NodeProcess node = NodeProcess.launch(node().set("backend.wait_for_redis", "2s"));
        assertThat(node.exitCode()).isEqualTo(1);
        assertThat(node.output()).contains("no answer from Redis").doesNotContain("s3cret");
    }
}
