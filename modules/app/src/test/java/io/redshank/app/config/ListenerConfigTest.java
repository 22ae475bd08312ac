package io.redshank.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.redshank.broker.ClientLimits;
import io.redshank.broker.ConnectionLimits;
import io.redshank.broker.ServerHints;
import io.redshank.broker.TlsOptions;
import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.broker.Transport;
import io.redshank.broker.WebSocketOptions;
import io.redshank.testkit.TestCertificates;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a listener is configured to be. {@code DIR} stands for a directory with PEM files, {@code PEM} for those of a server. */
class ListenerConfigTest {
    private static final String PEM = "\"certfile\":\"DIR/server.pem\",\"keyfile\":\"DIR/server.key\"";
    private static final String CA = "\"cafile\":\"DIR/ca.pem\"";
    private static final WebSocketOptions WEB_SOCKET = new WebSocketOptions("/mqtt", Set.of("*"));

    private static final TestCertificates ours = TestCertificates.create("ours");
    private static final X509Bundle server = ours.server("localhost");
    private static final X509Bundle other = ours.server("other");

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void write() {
        ours.writeServer(directory, server);
        TestCertificates.write(directory, "empty.pem", "");
        TestCertificates.write(directory, "other.key", other.getPrivateKeyPEM());
    }

    private JsonObject mqtt(String mqtt) {
        return new JsonObject(("{\"mqtt\":{" + mqtt + "}}").replace("PEM", PEM).replace("DIR", directory.toString()));
    }

    private List<ListenerConfig> listeners(String mqtt) throws Exception {
        return Configuration.of(mqtt(mqtt)).mqtt().listeners();
    }

    private ListenerConfig listener(String keys) throws Exception {
        return listeners("\"listeners\":[{" + keys + "}]").get(0);
    }

    private List<String> problems(String mqtt) {
        return Configuration.problemsIn(mqtt(mqtt)).stream()
                .map(line -> line.replace(directory.toString(), "DIR"))
                .toList();
    }

    private TlsOptions tls(ClientCertificates clients, boolean authorities) {
        return new TlsOptions(
                directory.resolve("server.pem"),
                directory.resolve("server.key"),
                authorities ? directory.resolve("ca.pem") : null,
                clients,
                List.of("TLSv1.2", "TLSv1.3"),
                Duration.ofSeconds(30));
    }

    @Test
    void types_haveTheirPortsAndTransports() throws Exception {
        List<ListenerConfig> four = listeners(
                "\"listeners\":[{\"type\":\"tcp\"},{\"type\":\"tls\",PEM},{\"type\":\"ws\"},{\"type\":\"wss\",PEM}]");
        TlsOptions tls = tls(ClientCertificates.NONE, false);
        assertThat(four)
                .extracting(ListenerConfig::uri)
                .containsExactly(
                        "tcp://127.0.0.1:1883", "tls://127.0.0.1:8883", "ws://127.0.0.1:8083", "wss://127.0.0.1:8084");
        assertThat(four)
                .extracting(ListenerConfig::transport)
                .containsExactly(
                        Transport.TCP,
                        new Transport(false, tls, null),
                        new Transport(false, null, WEB_SOCKET),
                        new Transport(false, tls, WEB_SOCKET));
        assertThat(four).allSatisfy(one -> {
            assertThat(one.limits()).isEqualTo(ClientLimits.STANDARD);
            assertThat(one.connections()).isEqualTo(ConnectionLimits.within(Duration.ofSeconds(10)));
            assertThat(one.hints()).isEqualTo(ServerHints.NONE);
        });
    }

    @Test
    void keysOfTls_reachTheTransport() throws Exception {
        TlsOptions set = new TlsOptions(
                directory.resolve("server.pem"),
                directory.resolve("server.key"),
                directory.resolve("ca.pem"),
                ClientCertificates.REQUESTED,
                List.of("TLSv1.3"),
                Duration.ofHours(1));
        assertThat(listener("\"type\":\"tls\",PEM," + CA + ",\"client_certificates\":\"request\","
                                + "\"tls_versions\":[\"TLSv1.3\"],\"reload_interval\":\"1h\"")
                        .transport()
                        .tls())
                .isEqualTo(set);
    }

    @Test
    void clientCertificates_mayBeNames() throws Exception {
        String required = "\"type\":\"tls\",PEM," + CA + ",\"client_certificates\":\"required\"";
        assertThat(listener(required).transport().tls()).isEqualTo(tls(ClientCertificates.REQUIRED, true));
        assertThat(listener(required + ",\"username_from_certificate\":\"cn\"")
                        .transport()
                        .tls())
                .isEqualTo(tls(ClientCertificates.REQUIRED_AS_USERNAME, true));
    }

    @Test
    void keysOfWebSocket_reachTheTransport() throws Exception {
        ListenerConfig set = listener("\"type\":\"ws\",\"path\":\"/\",\"proxy_protocol\":true,"
                + "\"allowed_origins\":[\"https://example.org:8443\",\"null\"]");
        WebSocketOptions webSocket = new WebSocketOptions("/", Set.of("https://example.org:8443", "null"));
        assertThat(set.transport()).isEqualTo(new Transport(true, null, webSocket));
        assertThat(listener("\"type\":\"ws\",\"allowed_origins\":[]")
                        .transport()
                        .webSocket())
                .as("no page may connect")
                .isEqualTo(new WebSocketOptions("/mqtt", Set.of()));
    }

    @Test
    void keysOfConnections_reachTheirLimits() throws Exception {
        assertThat(listener("\"connect_timeout\":\"2s\",\"max_connections\":3,\"max_connections_per_address\":4,"
                                + "\"connection_rate\":5")
                        .connections())
                .isEqualTo(new ConnectionLimits(Duration.ofSeconds(2), 3, 4, 5));
    }

    @Test
    void limitOfOneListener_isNotThatOfTheOther() throws Exception {
        List<ListenerConfig> two = listeners("\"max_packet_size\":\"2mb\",\"listeners\":["
                + "{\"max_packet_size\":\"1kb\"},{\"type\":\"ws\",\"max_topic_levels\":3}]");
        assertThat(two)
                .extracting(one -> one.limits().packets().maxPacketSize())
                .containsExactly(1 << 10, 2 << 20);
        assertThat(two)
                .extracting(one -> one.limits().packets().maxTopicLevels())
                .containsExactly(128, 3);
    }

    @Test
    void addressOfIpv6_isWrittenWithBracketsOrWithout() throws Exception {
        assertThat(listener("\"host\":\"[::1]\"")).isEqualTo(listener("\"host\":\"::1\""));
        assertThat(listener("\"host\":\"[::1]\"").uri()).isEqualTo("tcp://[::1]:1883");
    }

    @Test
    void samePort_atAnotherAddressOrAnyFreeOne_isAllowed() throws Exception {
        assertThat(listeners("\"listeners\":[{},{\"host\":\"::1\"},{\"port\":0},{\"port\":0}]"))
                .hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "type":"tls"                                  | certfile: found nothing, allowed: a PEM file
            "type":"tls"                                  | keyfile: found nothing, allowed: a PEM file
            "type":"wss","certfile":"DIR/server.pem"      | keyfile: found nothing, allowed: a PEM file
            "type":"tls","certfile":1                     | certfile: found 1, allowed: a string
            "type":"tls","certfile":"","keyfile":"DIR/server.key"                     | certfile: found "", allowed: a PEM file
            "type":"tls","certfile":"DIR/no.pem","keyfile":"DIR/server.key"           | certfile: found DIR/no.pem: no such file, allowed: a PEM file with certificates (-----BEGIN CERTIFICATE-----)
            "type":"tls","certfile":"DIR/empty.pem","keyfile":"DIR/server.key"        | certfile: found DIR/empty.pem: a file without a certificate, allowed: a PEM file with certificates (-----BEGIN CERTIFICATE-----)
            "type":"tls","certfile":"DIR/server.pem","keyfile":"DIR/other.key"        | keyfile: found DIR/other.key: a key that does not belong to the certificate in certfile, allowed: the private key of that certificate
            "type":"tls",PEM,"cafile":"DIR/empty.pem","client_certificates":"request" | cafile: found DIR/empty.pem: a file without a certificate, allowed: a PEM file with certificates (-----BEGIN CERTIFICATE-----)
            "type":"tls",PEM,"client_certificates":"required"     | cafile: found nothing, allowed: a PEM file
            "type":"tls",PEM,"client_certificates":"request"      | cafile: found nothing, allowed: a PEM file
            "type":"tls",PEM,"client_certificates":true           | client_certificates: found true, allowed: none, request, required
            "type":"tls",PEM,"username_from_certificate":"cn"     | username_from_certificate: found "cn", allowed: nothing, or "client_certificates": "required" beside it
            "type":"tls",PEM,"cafile":"DIR/ca.pem","client_certificates":"request","username_from_certificate":"cn"   | username_from_certificate: found "cn", allowed: nothing, or "client_certificates": "required" beside it
            "type":"tls",PEM,"cafile":"DIR/ca.pem","client_certificates":"required","username_from_certificate":"dn"  | username_from_certificate: found "dn", allowed: "cn"
            "type":"tls",PEM,"tls_versions":["TLSv1.1"]   | tls_versions: found an array, allowed: an array of TLSv1.2, TLSv1.3
            "type":"tls",PEM,"tls_versions":"TLSv1.3"     | tls_versions: found "TLSv1.3", allowed: an array of strings
            "type":"tls",PEM,"reload_interval":"0s"       | reload_interval: found "0s", allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 1s to 1d
            "type":"tls",PEM,"path":"/mqtt"               | path: found an unknown key, allowed: cafile, certfile, client_certificates, connect_timeout, connection_rate, host, keyfile, max_client_id_length, max_connections, max_connections_per_address, max_inflight, max_keep_alive, max_packet_size, max_publish_bytes_rate, max_publish_rate, max_queued_bytes, max_queued_messages, max_retained_size, max_session_expiry, max_subscriptions, max_topic_length, max_topic_levels, port, proxy_protocol, receive_maximum, redirect, reload_interval, response_information, server_reference, session_expiry, tls_versions, topic_alias_maximum, type, username_from_certificate, validate_payload_format, when_queue_full
            "type":"ws","path":"mqtt"                     | path: found "mqtt", allowed: a path such as /mqtt, without a query
            "type":"ws","path":"/mqtt?x"                  | path: found "/mqtt?x", allowed: a path such as /mqtt, without a query
            "type":"ws","allowed_origins":["example.org"] | allowed_origins: found an array, allowed: an array of origins such as https://example.org:8443, or of "*"
            "type":"ws","allowed_origins":["https://example.org/"] | allowed_origins: found an array, allowed: an array of origins such as https://example.org:8443, or of "*"
            "type":"ws","allowed_origins":"*"             | allowed_origins: found "*", allowed: an array of strings
            "proxy_protocol":"v2"                         | proxy_protocol: found "v2", allowed: true or false
            "host":1                                      | host: found 1, allowed: a string
            "host":"::"                                   | host: found "::", allowed: a loopback address, or any address with users or "allow_anonymous": true under mqtt
            "max_connections":0                           | max_connections: found 0, allowed: a whole number from 1 to 10000000
            "max_connections_per_address":"1"             | max_connections_per_address: found "1", allowed: a whole number from 1 to 10000000
            "connection_rate":1.5                         | connection_rate: found 1.5, allowed: a whole number from 1 to 10000000
            "connect_timeout":"2d"                        | connect_timeout: found "2d", allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 100ms to 1h
            "max_queued_bytes":"1023b"                    | max_queued_bytes: found "1023b", allowed: a number of bytes, or a size such as "64kb" or "16mb", from 1024 to 1099511627776 bytes
            "max_client_id_length":22                     | max_client_id_length: found 22, allowed: a whole number from 23 to 65535
            "max_retained_messages":1                     | max_retained_messages: found an unknown key, allowed: connect_timeout, connection_rate, host, max_client_id_length, max_connections, max_connections_per_address, max_inflight, max_keep_alive, max_packet_size, max_publish_bytes_rate, max_publish_rate, max_queued_bytes, max_queued_messages, max_retained_size, max_session_expiry, max_subscriptions, max_topic_length, max_topic_levels, port, proxy_protocol, receive_maximum, redirect, response_information, server_reference, session_expiry, topic_alias_maximum, type, validate_payload_format, when_queue_full
            "redirect":"sometimes","server_reference":"a" | redirect: found "sometimes", allowed: permanently, stopping, temporarily
            """)
    void badListener_isSaidWithItsPlace(String keys, String line) {
        assertThat(problems("\"listeners\":[{\"port\":1},{" + keys + "}]")).contains("mqtt.listeners[1]." + line);
    }

    @Test
    void certificateThatWillNotDo_isSaidOnceForEachFile() {
        assertThat(problems("\"listeners\":[{\"type\":\"tls\"}]")).hasSize(2);
        assertThat(problems(
                        "\"listeners\":[{\"type\":\"tls\",\"certfile\":\"DIR/no.pem\",\"keyfile\":\"DIR/no.key\"}]"))
                .hasSize(1);
    }

    @Test
    void limitForAll_isSaidUnderMqtt() {
        assertThat(problems("\"max_topic_levels\":0,\"listeners\":[{}]"))
                .containsExactly("mqtt.max_topic_levels: found 0, allowed: a whole number from 1 to 128");
    }
}
