package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real MQTT client of one of the {@linkplain MqttLibrary libraries}. Its methods wait, at most ten seconds. */
public interface MqttDevice extends AutoCloseable {
    /** The client id it was made with. */
    String clientId();

    /** Connects; answers whether the broker had a session of it. */
    @CanIgnoreReturnValue
    boolean connect();

    /** Subscribes; answers the code of the SUBACK. */
    @CanIgnoreReturnValue
    int subscribe(String filter, int qos);

    /** Unsubscribes. */
    void unsubscribe(String filter);

    /**
     * Publishes; complete with the reason code when it is acknowledged as its quality of service demands, failed when the
     * connection ends before.
     */
    CompletableFuture<Integer> publishing(String topic, byte[] payload, int qos, boolean retain);

    /** Leaves in order. */
    void disconnect();

    /** Leaves in a way that makes its will due. */
    void vanish();

    /** Whether the connection stands, as far as the library knows. */
    boolean isConnected();

    /** What has arrived and was not taken yet. */
    Inbox inbox();

    /** Ends the connection, if there is one. */
    @Override
    void close();

    /** Publishes and waits until that is acknowledged as a success. */
    default void publish(String topic, String payload, int qos) {
        publish(topic, payload, qos, false);
    }

    /** Publishes a retained message, or clears it by an empty one, and waits until that is acknowledged as a success. */
    default void retain(String topic, String payload, int qos) {
        publish(topic, payload, qos, true);
    }

    private void publish(String topic, String payload, int qos, boolean retain) {
        assertThat(within(publishing(topic, payload.getBytes(UTF_8), qos, retain)))
                .as("reason code of the acknowledgement")
                .isLessThan(0x80);
    }

    /** The next message. */
    default Arrival next() {
        return inbox().next();
    }

    /** The payloads of the next so many messages. */
    default List<String> payloads(int count) {
        return inbox().next(count).stream().map(Arrival::payload).toList();
    }

    /** Nothing has been sent to this device up to now: what it says to itself is what comes next. */
    default void expectNothing() {
        String echo = "echo/" + clientId();
        subscribe(echo, 0);
        publish(echo, "nothing", 0);
        assertThat(next()).isEqualTo(new Arrival(echo, "nothing", 0, false));
        unsubscribe(echo);
    }

    /** The outcome of a future, or its failure as an error. */
    @CanIgnoreReturnValue
    static <T> T within(CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("no answer from the broker within 10 s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
