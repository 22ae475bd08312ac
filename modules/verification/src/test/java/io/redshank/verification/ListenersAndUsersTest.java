package io.redshank.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.redshank.testkit.Arrival;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Endpoint;
import io.redshank.testkit.Endpoint.Scheme;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.HiveMqScram;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.ScramClient;
import io.redshank.testkit.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One node that is reached in all four ways, and lets in whom it knows. */
class ListenersAndUsersTest {
    private static final String ALICE = "alice";
    private static final String PASSWORD = "wonderland";
    private static final String USERS = "users.json";
    private static final TestCertificates ours = TestCertificates.create("ours");

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped().with(ListenersAndUsersTest::secured);

    private final List<MqttDevice> devices = new ArrayList<>();

    private static NodeSetup secured(NodeSetup setup) {
        ours.writeServer(setup.directory(), ours.server("localhost"));
        TestCertificates.write(setup.directory(), USERS, "[" + secretOfAlice() + "]");
        String pem = ",\"port\":0,\"certfile\":\"" + setup.directory().resolve("server.pem") + "\",\"keyfile\":\""
                + setup.directory().resolve("server.key") + "\"}";
        return setup.set("mqtt.listeners[1]", "{\"type\":\"tls\"" + pem)
                .set("mqtt.listeners[2]", "{\"type\":\"ws\",\"port\":0}")
                .set("mqtt.listeners[3]", "{\"type\":\"wss\"" + pem)
                .set("mqtt.allow_anonymous", "false")
                .set("mqtt.users_file", setup.directory().resolve(USERS).toString());
    }

    private static String secretOfAlice() {
        return "{\"username\":\"alice\",\"scram_sha_256\":\"" + ScramClient.secret(PASSWORD, "salt", 4096) + "\"}";
    }

    @AfterEach
    void leave() {
        devices.forEach(MqttDevice::close);
    }

    private static int port(Scheme scheme) {
        String begin = scheme.name().toLowerCase(Locale.ROOT) + "://127\\.0\\.0\\.1:(\\d+)";
        Matcher listener = Pattern.compile("[ ,]" + begin)
                .matcher(String.join("\n", node.process().out()));
        assertThat(listener.find()).as(node.process().output()).isTrue();
        return Integer.parseInt(listener.group(1));
    }

    private static Endpoint endpoint(Scheme scheme) {
        return Endpoint.of(scheme, port(scheme), ours);
    }

    private MqttDevice device(Scheme scheme, MqttLibrary library, String user, String password) {
        DeviceOptions options = DeviceOptions.clean(scheme + "-" + library + "-" + user);
        MqttDevice device = library.device(endpoint(scheme), options.as(user, password));
        devices.add(device);
        return device;
    }

    private MqttDevice connected(Scheme scheme, MqttLibrary library) {
        MqttDevice device = device(scheme, library, ALICE, PASSWORD);
        device.connect();
        return device;
    }

    @ParameterizedTest
    @EnumSource(
            value = MqttLibrary.class,
            names = {"HIVEMQ_3_1_1", "HIVEMQ_5", "PAHO_5"})
    void message_crossesFromEachTransportToAllOthers(MqttLibrary library) {
        List<MqttDevice> all = new ArrayList<>();
        for (Scheme scheme : Scheme.values()) {
            MqttDevice device = connected(scheme, library);
            assertThat(device.subscribe("across/#", 1)).isEqualTo(1);
            all.add(device);
        }
        for (MqttDevice from : all) {
            from.publish("across/" + library, "from " + from.clientId(), 1);
            for (MqttDevice to : all) {
                assertThat(to.next()).isEqualTo(new Arrival("across/" + library, "from " + from.clientId(), 1, false));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3,4,5", "4,4,5", "5,0x86,0x87"})
    void whoProvesNothing_isRefused(int version, String wrongPassword, String noName) throws IOException {
        ConnectPacket wrong = ConnectPacket.of(version, "wrong").username(ALICE).password("looking-glass");
        ConnectPacket unknown =
                ConnectPacket.of(version, "wrong").username("mallory").password(PASSWORD);
        ConnectPacket nobody = ConnectPacket.of(version, "wrong");
        for (Scheme scheme : new Scheme[] {Scheme.TCP, Scheme.TLS}) {
            assertThat(code(scheme, version, wrong)).isEqualTo(Integer.decode(wrongPassword));
            assertThat(code(scheme, version, unknown)).isEqualTo(Integer.decode(wrongPassword));
            assertThat(code(scheme, version, nobody)).isEqualTo(Integer.decode(noName));
            ConnectPacket right =
                    ConnectPacket.of(version, "right").username(ALICE).password(PASSWORD);
            assertThat(code(scheme, version, right)).isZero();
        }
    }

    private static int code(Scheme scheme, int version, ConnectPacket connect) throws IOException {
        Socket socket = scheme.isTls()
                ? endpoint(scheme).sslContext().getSocketFactory().createSocket("127.0.0.1", port(scheme))
                : new Socket("127.0.0.1", port(scheme));
        try (RawMqtt client = RawMqtt.over(socket, version).send(connect.bytes())) {
            return client.next(RawPacket.CONNACK).at(1);
        }
    }

    @Test
    void scramOfHiveMq_isLetIn_andProvesItselfAgain() {
        Mqtt5AsyncClient client = scram(ALICE, PASSWORD);
        MqttDevice.within(client.connect());
        MqttDevice.within(client.reauth());
        MqttDevice.within(client.disconnect());
        assertThatThrownBy(() -> MqttDevice.within(scram(ALICE, "looking-glass").connect()))
                .hasMessageContaining("NOT_AUTHORIZED");
    }

    private static Mqtt5AsyncClient scram(String user, String password) {
        return Mqtt5Client.builder()
                .identifier("scram-" + user)
                .serverHost("127.0.0.1")
                .serverPort(port(Scheme.TCP))
                .enhancedAuth(new HiveMqScram(user, password))
                .buildAsync();
    }

    /** Who is in the file is let in, from when it is there until it is not, without a restart. */
    @Test
    void outputOfScramUser_letsThatUserIn_andIsHeardAtOnce(@TempDir Path directory) {
        NodeProcess command =
                NodeProcess.launch(NodeSetup.in(directory).with("scram-user", "bob", "--iterations", "5000"));
        assertThat(command.input("rabbit hole\n").exitCode())
                .as(command.output())
                .isZero();
        String bob = String.join("", command.out());
        assertThat(bob).doesNotContain("rabbit");

        MqttDevice early = device(Scheme.WSS, MqttLibrary.HIVEMQ_3_1_1, "bob", "rabbit hole");
        assertThatThrownBy(early::connect).hasMessageContaining("BAD_USER_NAME_OR_PASSWORD");
        MqttDevice alice = connected(Scheme.TCP, MqttLibrary.HIVEMQ_5);
        write("[" + secretOfAlice() + "," + bob + "]");
        MqttDevice later = device(Scheme.WSS, MqttLibrary.PAHO_3_1_1, "bob", "rabbit hole");
        Eventually.asserted(later::connect);
        Mqtt5AsyncClient proving = scram("bob", "rabbit hole");
        MqttDevice.within(proving.connect());
        MqttDevice.within(proving.disconnect());

        write("[" + bob + "]");
        Eventually.asserted(() -> assertThatThrownBy(() -> device(Scheme.TLS, MqttLibrary.HIVEMQ_5, ALICE, PASSWORD)
                        .connect())
                .hasMessageContaining("BAD_USER_NAME_OR_PASSWORD"));
        assertThat(alice.isConnected()).as("who is connected stays so").isTrue();
        alice.expectNothing();
        write("[" + secretOfAlice() + "]");
        Eventually.asserted(
                () -> device(Scheme.TLS, MqttLibrary.HIVEMQ_5, ALICE, PASSWORD).connect());
    }

    private static void write(String users) {
        TestCertificates.write(node.directory(), USERS, users);
    }
}
