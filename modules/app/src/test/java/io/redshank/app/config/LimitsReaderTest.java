package io.redshank.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.ClientLimits;
import io.redshank.broker.InboundLimits;
import io.redshank.broker.OutboundLimits;
import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.broker.PacketLimits;
import io.redshank.broker.Redirect;
import io.redshank.broker.SessionLimits;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients may do and cost, as it is configured for all listeners and for one. */
class LimitsReaderTest {
    private static final String ALL = """
            "max_packet_size":"2mb","max_client_id_length":23,"max_topic_length":100,"max_topic_levels":7,
            "validate_payload_format":true,"receive_maximum":10,"topic_alias_maximum":3,"max_publish_rate":4,
            "max_publish_bytes_rate":"5kb","max_retained_size":6,"max_inflight":8,"max_queued_messages":9,
            "max_queued_bytes":"1mb","when_queue_full":"disconnect","session_expiry":"1h","max_session_expiry":"2h",
            "max_subscriptions":11,"max_keep_alive":"60s"
            """;
    private static final ClientLimits READ = new ClientLimits(
            new PacketLimits(2 << 20, 23, 100, 7, true),
            new InboundLimits(10, 3, 4, 5 << 10, 6),
            new OutboundLimits(8, 9, 1 << 20, WhenFull.DISCONNECT),
            new SessionLimits(3600, 7200, 11, 60));

    private static ListenerConfig listener(String mqtt, String listener) throws Exception {
        JsonObject json = new JsonObject("{\"mqtt\":{" + mqtt + "\"listeners\":[{" + listener + "}]}}");
        Problems problems = new Problems();
        MqttConfig read = MqttConfig.from(new Section(problems, "", json).section("mqtt"));
        assertThat(problems.lines()).isEmpty();
        return read.listeners().get(0);
    }

    @Test
    void limits_areThoseOfTheListener_orElseOfAll_orElseTheStandard() throws Exception {
        assertThat(listener("", ALL).limits()).isEqualTo(READ);
        assertThat(listener(ALL + ",", "").limits()).isEqualTo(READ);
        assertThat(listener("", "").limits()).isEqualTo(ClientLimits.STANDARD);
        ClientLimits mixed = listener(ALL + ",", "\"max_inflight\":1").limits();
        assertThat(mixed.outbound()).isEqualTo(new OutboundLimits(1, 9, 1 << 20, WhenFull.DISCONNECT));
        assertThat(mixed.packets()).isEqualTo(READ.packets());
    }

    @Test
    void redirect_namesTheOtherServer() throws Exception {
        assertThat(listener("", "\"server_reference\":\"other:1883\"").hints().redirect())
                .isEqualTo(new Redirect("other:1883", Redirect.When.STOPPING));
        assertThat(listener("", "\"server_reference\":\"other\",\"redirect\":\"permanently\"")
                        .hints()
                        .redirect())
                .isEqualTo(new Redirect("other", Redirect.When.PERMANENTLY));
        assertThat(listener("", "\"response_information\":\"answers/\"").hints().responseInformation())
                .isEqualTo("answers/");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "max_topic_levels":129         | mqtt.listeners[0].max_topic_levels: found 129, allowed: a whole number from 1 to 128
            "when_queue_full":"block"      | mqtt.listeners[0].when_queue_full: found "block", allowed: disconnect, drop_newest, drop_oldest
            "validate_payload_format":1    | mqtt.listeners[0].validate_payload_format: found 1, allowed: true or false
            "max_keep_alive":60            | mqtt.listeners[0].max_keep_alive: found 60, allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 0s to 65535s
            "redirect":"permanently"       | mqtt.listeners[0].redirect: found "permanently", allowed: "server_reference" beside it, which says where to
            """)
    void badLimit_isOneLine(String listener, String line) {
        JsonObject json = new JsonObject("{\"mqtt\":{\"listeners\":[{" + listener + "}]}}");
        assertThat(Configuration.problemsIn(json)).contains(line);
    }
}
