package io.redshank.broker;

import static io.redshank.testkit.Packets.publish;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.MessagePublished;
import io.redshank.model.MessageId;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that send more than is taken from them, or take less than is sent to them. */
class BackPressureTest {
    private static final int WINDOW = 16;
    private static final String LARGE = "x".repeat(32 * 1024);

    private final BrokerFixture broker = new BrokerFixture().receiveMaximum(WINDOW);

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    /** Sends so many messages on a thread of its own, which blocks as the socket does, and counts those that are written. */
    private static CompletableFuture<Void> flood(RawMqtt client, int messages, AtomicInteger written) {
        return CompletableFuture.runAsync(() -> {
            for (int i = 0; i < messages; i++) {
                client.send(publish(4, "t", 1, i % 60_000 + 1, LARGE));
                written.incrementAndGet();
            }
        });
    }

    @Test
    void floodOfAnMqtt3Client_isNotReadBeyondTheWindowAndGoesOnLater() throws Exception {
        int messages = 2000;
        broker.backends.published.holding(event -> true);
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "flood").keepAlive(1));
                RawMqtt silent = broker.connect(4, ConnectPacket.of(4, "silent").keepAlive(2))) {
            AtomicInteger written = new AtomicInteger();
            CompletableFuture<Void> flood = flood(client, messages, written);
            silent.expectClosed(); // three seconds later: the flood is paused longer than its keep-alive
            assertThat(flood).isNotDone();
            assertThat(written.get()).isLessThan(messages / 2);
            assertThat(broker.backends.published.all().size()).isLessThan(4 * WINDOW);
            broker.backends.published.holding(event -> false);
            for (int i = broker.backends.published.all().size(); i > 0; i--) {
                broker.backends.published.nextHeld().answer();
            }
            for (int i = 0; i < messages; i++) {
                assertThat(client.next(RawPacket.PUBACK).packetId()).isEqualTo(i + 1);
            }
            flood.get(5, SECONDS);
        }
    }

    @Test
    void floodBeforeConnack_isNotReadBeyondTheWindow() throws Exception {
        broker.backends.published.holding(event -> true);
        broker.backends.connected.holding(event -> true);
        try (RawMqtt client = broker.open(4).send(ConnectPacket.of(4, "flood").bytes());
                RawMqtt silent = broker.open(4)) {
            AtomicInteger written = new AtomicInteger();
            var connect = broker.backends.connected.nextHeld();
            broker.backends.connected.holding(event -> false);
            CompletableFuture<Void> flood = flood(client, 2000, written);
            silent.send(ConnectPacket.of(4, "silent").keepAlive(1).bytes()).next(RawPacket.CONNACK);
            silent.expectClosed();
            connect.answer();
            client.next(RawPacket.CONNACK);
            for (int i = 0; i < WINDOW; i++) {
                Stub.Asked<MessagePublished, MessageId> asked = broker.backends.published.nextHeld();
                assertThat(asked.event().message().payload().length()).isEqualTo(LARGE.length());
            }
            assertThat(flood).isNotDone();
            assertThat(broker.backends.published.all().size()).isLessThan(4 * WINDOW);
        }
    }

    @Test
    void clientThatDoesNotRead_losesMessagesAndNobodyElseDoes() throws Exception {
        int messages = 1500;
        try (RawMqtt stuck = RawMqtt.open(broker.port(), 4, 8192);
                RawMqtt reader = broker.connect(4, "reader").subscribed("t", 0);
                RawMqtt publisher = broker.connect(4, "publisher")) {
            stuck.send(ConnectPacket.of(4, "stuck").keepAlive(0).bytes()).next(RawPacket.CONNACK);
            stuck.subscribed("t", 0);
            try (LogLines log = LogLines.capture()) {
                for (int i = 0; i < messages; i++) {
                    publisher.send(publish(4, "t", 0, 0, LARGE));
                    reader.next(RawPacket.PUBLISH);
                }
                log.expectOne("dropping some [client=stuck");
            }
            publisher.send(publish(4, "t", 0, 0, "end"));
            assertThat(reader.next(RawPacket.PUBLISH).payload(4)).isEqualTo("end");
            stuck.socket().setSoTimeout(500);
            int received = 0;
            while (received < messages && hasNext(stuck)) {
                received++;
            }
            assertThat(received).isBetween(1, messages - 1);
        }
    }

    private static boolean hasNext(RawMqtt client) {
        try {
            return client.nextOrNull() != null;
        } catch (AssertionError silent) {
            return false;
        }
    }

    /** Its close would wait for what it does not read. */
    @Test
    void clientThatDoesNotRead_canBePutOut() throws Exception {
        try (RawMqtt stuck = RawMqtt.open(broker.port(), 4, 8192);
                RawMqtt publisher = broker.connect(4, "publisher")) {
            stuck.send(ConnectPacket.of(4, "stuck").keepAlive(0).bytes()).next(RawPacket.CONNACK);
            stuck.subscribed("t", 0);
            for (int i = 0; i < 500; i++) {
                publisher.send(publish(4, "t", 0, 0, LARGE));
            }
            publisher.expectNothing();
            broker.connect(4, "stuck").expectNothing().close();
            stuck.socket().setSoTimeout(500);
            while (stuck.nextOrNull() != null) {
                assertThat(stuck.socket().isClosed()).isFalse();
            }
        }
    }

    /** Answers have no bound of their own: who asks and does not read is not read from, and its keep-alive ends it. */
    @Test
    void clientThatAsksWithoutReading_isStoppedAndEnded() throws Exception {
        try (RawMqtt client = RawMqtt.open(broker.port(), 5, 4096)) {
            client.send(ConnectPacket.of(5, "c").keepAlive(1).bytes()).next(RawPacket.CONNACK);
            client.subscribed("t", 0);
            for (int i = 0; i < 400; i++) {
                client.send(publish(5, "t", 0, 0, LARGE)); // fills what is between broker and client
            }
            byte[] pings =
                    Packets.join(Collections.nCopies(10_000, Packets.PINGREQ).toArray(byte[][]::new));
            CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 2000; i++) {
                    client.send(pings);
                }
            });
            assertThat(broker.backends.disconnected.next().client().value()).isEqualTo("c");
            assertThatThrownBy(() -> flood.get(5, SECONDS)).hasCauseInstanceOf(UncheckedIOException.class);
        }
    }
}
