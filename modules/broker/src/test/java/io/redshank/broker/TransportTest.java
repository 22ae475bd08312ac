package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Endpoint;
import io.redshank.testkit.Endpoint.Scheme;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client library with every version of MQTT that it speaks, over all that MQTT is spoken over. */
class TransportTest {
    private static final int LARGE = 50_000;
    private static final TestCertificates certificates = TestCertificates.create("authority");
    private static final Map<Scheme, BrokerFixture> brokers = new EnumMap<>(Scheme.class);

    @TempDir
    private static Path directory = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        certificates.writeServer(directory, certificates.server("broker"));
        for (Scheme scheme : Scheme.values()) {
            BrokerFixture broker = new BrokerFixture().transport(Transports.of(scheme, directory));
            brokers.put(scheme, broker.start());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (BrokerFixture broker : brokers.values()) {
            broker.close();
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(MqttLibrary.values())
                .flatMap(library -> Stream.of(Scheme.values()).map(scheme -> Arguments.of(library, scheme)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void messages_goThereAndBack(MqttLibrary library, Scheme scheme) throws Exception {
        int port = Objects.requireNonNull(brokers.get(scheme)).port();
        String id = library + "-" + scheme;
        try (MqttDevice device = library.device(Endpoint.of(scheme, port, certificates), DeviceOptions.clean(id))) {
            device.connect();
            assertThat(device.subscribe("t/" + id, 2)).isEqualTo(2);
            for (int qos = 0; qos <= 2; qos++) {
                String payload = qos + "x".repeat(LARGE);
                int reason = device.publishing("t/" + id, payload.getBytes(StandardCharsets.UTF_8), qos, false)
                        .get(10, TimeUnit.SECONDS);
                assertThat(reason).isZero();
                Arrival arrival = device.inbox().next();
                assertThat(arrival.payload()).isEqualTo(payload);
                assertThat(arrival.qos()).isEqualTo(qos);
            }
            device.disconnect();
        }
    }
}
