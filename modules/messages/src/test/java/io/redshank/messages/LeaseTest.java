package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.MessagePage;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.LogWindow;
import io.redshank.hooks.Retention;
import io.redshank.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queues of which each message is given to one client at a time. */
class LeaseTest {
    private static final String QUEUE = "queue/1";

    private final MessagesFixture fixture = new MessagesFixture();

    @BeforeEach
    void start() throws Exception {
        fixture.storing("#", Retention.UNLIMITED);
        lease("queue/short/#", Duration.ofMillis(300));
        lease("queue/#", Duration.ofMinutes(5));
        fixture.start();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void whatOneClientHas_othersAreNotGiven() throws Exception {
        publish(QUEUE, 0, 50);

        List<String> first = page("c1", QUEUE);
        List<String> second = page("c2", QUEUE);

        assertThat(first).isEqualTo(payloads(0, 20));
        assertThat(second).as("a page without any, and then those left").isEmpty();
        assertThat(fixture.drain("c2", QUEUE)).isEqualTo(payloads(20, 30));
        assertThat(fixture.drain("c3", QUEUE)).isEmpty();
        assertThat((Long) fixture.redis.command("PTTL", "mqtt:lease:" + QUEUE)).isBetween(1L, 300_000L);
    }

    @Test
    void whatAClientHas_itIsGivenAgain() throws Exception {
        publish(QUEUE, 0, 3);
        assertThat(fixture.drain("c 1", QUEUE)).isEqualTo(payloads(0, 3));

        assertThat(fixture.drain("c 1", QUEUE)).isEqualTo(payloads(0, 3));
        assertThat(fixture.drain("c", QUEUE)).isEmpty();
    }

    @Test
    void leasesThatAreOver_areGivenToTheNext() throws Exception {
        publish("queue/short/1", 0, 3);
        assertThat(fixture.drain("c1", "queue/short/1")).hasSize(3);
        assertThat(fixture.drain("c2", "queue/short/1")).isEmpty();

        Eventually.isEqual(() -> fixture.drain("c2", "queue/short/1"), payloads(0, 3));
        Eventually.isEqual(() -> fixture.redis.command("EXISTS", "mqtt:lease:queue/short/1"), 0L);
    }

    @Test
    void leases_areNotProlongedByReadingAgain() throws Exception {
        publish(QUEUE, 0, 1);
        assertThat(fixture.drain("c1", QUEUE)).hasSize(1);
        Object leases = fixture.redis.hash("mqtt:lease:" + QUEUE);

        assertThat(fixture.drain("c1", QUEUE)).hasSize(1);

        assertThat(fixture.redis.hash("mqtt:lease:" + QUEUE)).hasSize(1).isEqualTo(leases);
    }

    @Test
    void messagesThatAreGone_leaveNoLease() throws Exception {
        publish(QUEUE, 0, 2);
        List<?> ids = (List<?>) Objects.requireNonNull(fixture.redis.command("ZRANGE", "mqtt:msg:" + QUEUE, "0", "-1"));
        fixture.redis.command("DEL", "mqtt:msg:" + ids.get(0));

        assertThat(fixture.drain("c1", QUEUE)).isEqualTo(payloads(1, 1));

        Eventually.isEqual(
                () -> fixture.redis.hash("mqtt:lease:" + QUEUE).keySet().toString(), "[" + ids.get(1) + "]");
    }

    @Test
    void damagedLeases_areNone() throws Exception {
        publish(QUEUE, 0, 2);
        Object ids = fixture.redis.command("ZRANGE", "mqtt:msg:" + QUEUE, "0", "-1");
        fixture.redis.command(
                "HSET",
                "mqtt:lease:" + QUEUE,
                String.valueOf(((List<?>) Objects.requireNonNull(ids)).get(0)),
                "nonsense");

        assertThat(fixture.drain("c1", QUEUE)).isEqualTo(payloads(0, 2));
    }

    private void lease(String topic, Duration lasting) {
        fixture.fetching(
                topic,
                BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE,
                new FetchRules(LogWindow.EVERYTHING, LogWindow.EVERYTHING, lasting));
    }

    private List<String> page(String client, String topic) throws Exception {
        MessagePage page = fixture.fetch(client, topic, null).await(5, SECONDS);
        return page.messages().stream().map(MessagesFixture::text).toList();
    }

    private void publish(String topic, int from, int count) throws Exception {
        for (int i = from; i < from + count; i++) {
            fixture.publish(fixture.message(topic, "m" + i)).await(5, SECONDS);
        }
    }

    private static List<String> payloads(int from, int count) {
        List<String> payloads = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            payloads.add("m" + i);
        }
        return payloads;
    }
}
