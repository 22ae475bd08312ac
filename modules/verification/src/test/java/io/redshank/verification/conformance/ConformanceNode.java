package io.redshank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One node as shipped and its Redis for all classes of this package, in a static field with {@code @RegisterExtension}: the first
 * class starts it, and it ends with the last. Clients end with their test. Not for several threads.
 */
final class ConformanceNode implements BeforeAllCallback, AfterEachCallback {
    private static final int MQTT_5 = 5;

    /** Started once, and kept by JUnit until all tests have run. */
    private record Shared(NodeFixture fixture, ExtensionContext context) implements AutoCloseable {
        static Shared start(ExtensionContext context) {
            NodeFixture fixture = NodeFixture.asShipped()
                    .with(setup -> setup.set("mqtt.topics.refuse_subscriptions", "[\"refused/#\"]"));
            try {
                fixture.beforeAll(context);
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
            return new Shared(fixture, context);
        }

        @Override
        public void close() throws IOException {
            fixture.afterAll(context);
        }
    }

    private final List<RawMqtt> clients = new ArrayList<>();
    private @Nullable NodeFixture node;

    @Override
    public void beforeAll(ExtensionContext context) {
        node = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(ConformanceNode.class))
                .getOrComputeIfAbsent("node", key -> Shared.start(context.getRoot()), Shared.class)
                .fixture();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        clients.forEach(RawMqtt::close);
        clients.clear();
    }

    private NodeFixture node() {
        if (node == null) {
            throw new IllegalStateException("only while the tests of the class run");
        }
        return node;
    }

    /** A connection without a CONNECT yet. */
    RawMqtt open(int version) {
        RawMqtt client = RawMqtt.open(node().port(), version);
        clients.add(client);
        return client;
    }

    /** A plain client with a clean session. */
    RawMqtt connect(int version, String clientId) {
        return connect(version, ConnectPacket.of(version, clientId));
    }

    /** A client that is let in with this packet. */
    RawMqtt connect(int version, ConnectPacket packet) {
        RawMqtt client = open(version).send(packet.bytes());
        RawPacket connack = client.next(RawPacket.CONNACK);
        assertThat(connack.at(1)).as("CONNACK %s", connack).isZero();
        return client;
    }

    /** A client with a session that outlives its connection, in the way of its version. */
    RawMqtt connectToStay(int version, String clientId) {
        return connect(version, staying(version, clientId));
    }

    /** The CONNECT of such a client. */
    static ConnectPacket staying(int version, String clientId) {
        ConnectPacket packet = ConnectPacket.of(version, clientId).resuming();
        return version == MQTT_5 ? packet.expiry(600) : packet;
    }

    /** Whether the node finds a session under this id; the connection that asks goes away in order. */
    boolean hasSession(int version, String clientId) {
        try (RawMqtt client = RawMqtt.open(node().port(), version)) {
            client.send(staying(version, clientId).bytes());
            boolean present = client.next(RawPacket.CONNACK).at(0) == 1;
            leave(client);
            return present;
        }
    }

    /** Leaves in order, and waits until the node has closed. */
    static void leave(RawMqtt client) {
        client.send(io.redshank.testkit.Packets.DISCONNECT).expectClosed();
    }
}
