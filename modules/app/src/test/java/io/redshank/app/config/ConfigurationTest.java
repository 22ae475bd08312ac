package io.redshank.app.config;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.redshank.broker.ClientLimits;
import io.redshank.broker.ConnectionLimits;
import io.redshank.broker.ServerHints;
import io.redshank.broker.SharedOptions;
import io.redshank.broker.SharedStrategy;
import io.redshank.broker.Transport;
import io.redshank.cluster.join.ClusterAddress;
import io.redshank.cluster.join.Discovery;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.LogWindow;
import io.redshank.hooks.Retention;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.TimestampUnit;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration says once it has been read: each setting is given as on the command line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigurationTest {
    private static final String IN_A_CLUSTER = "cluster.enabled=true";
    private static final String REDIS_FOR_ALL = "backend.redis.pool1.server=127.0.0.1:6379";

    @TempDir
    private Path empty = Path.of("");

    private final Vertx vertx = Vertx.vertx();

    @AfterAll
    void stop() throws Exception {
        vertx.close().await(5, SECONDS);
    }

    @Test
    void builtIn_isOneNodeOnLoopback() throws Exception {
        Configuration built = load();
        assertThat(built.node().name().value()).isEqualTo("redshank@127.0.0.1");
        assertThat(built.node().roles()).containsExactly(Role.values());
        assertThat(built.node().eventLoops()).isGreaterThanOrEqualTo(2);
        assertThat(built.node().instances(Role.ACKS)).isEqualTo(built.node().eventLoops());
        assertThat(built.mqtt().listeners()).containsExactly(listener("127.0.0.1"));
        assertThat(built.backend().waitForRedis()).isEqualTo(Duration.ofSeconds(30));
        assertThat(built.backend().expiredAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(built.backend().usedPools()).singleElement().matches(PoolSettings::isEmbedded);
        assertThat(built.backend().hooks().all()).hasSize(12);
    }

    @Test
    void absentKeys_haveTheirDefaults() throws Exception {
        Configuration bare = Configuration.of(new JsonObject()
                .put("mqtt", new JsonObject().put("listeners", new JsonArray().add(new JsonObject()))));
        BackendConfig backend = bare.backend();
        assertThat(backend.waitForRedis()).isZero();
        assertThat(backend.onOutage()).isEqualTo(OnOutage.WAIT);
        assertThat(backend.expiredAfter()).isEqualTo(Duration.ofSeconds(7200));
        assertThat(backend.timestampUnit()).isEqualTo(TimestampUnit.SECONDS);
        assertThat(backend.bookmarkTtl()).isEqualTo(Duration.ofDays(30));
        assertThat(backend.sweepInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(backend.usedPools()).isEmpty();
        assertThat(bare.mqtt().anonymous()).isEqualTo(AnonymousAccess.LOOPBACK);
        assertThat(bare.mqtt().limits()).isEqualTo(ClientLimits.STANDARD);
        assertThat(bare.mqtt().delayed()).isEqualTo(new DelayedConfig(true, 100_000));
        assertThat(bare.mqtt().sysInterval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void specialSubscriptions_areServedUnlessSwitchedOff() throws Exception {
        assertThat(load().mqtt().shared()).isEqualTo(SharedOptions.DEFAULT);
        assertThat(load(
                                "mqtt.shared_subscriptions.enabled=false",
                                "mqtt.shared_subscriptions.strategy=least_inflight",
                                "mqtt.exclusive_subscriptions=false")
                        .mqtt()
                        .shared())
                .isEqualTo(new SharedOptions(false, SharedStrategy.LEAST_INFLIGHT, false));
    }

    @Test
    void settings_reachTheirRecords() throws Exception {
        Configuration set = load(
                "node.name=n@h",
                "node.instances={\"mqtt\":3}",
                "mqtt.allow_anonymous=true",
                "mqtt.delayed={\"enabled\":false,\"max_messages\":7}",
                "mqtt.listeners[0].host=0.0.0.0",
                "mqtt.listeners[0].max_packet_size=2mb",
                "mqtt.listeners[1]={\"host\":\"::1\",\"port\":0,\"connect_timeout\":\"500ms\"}",
                "backend.on_outage=reject",
                "backend.redis.msg.timestamp_unit=ms",
                "backend.redis.msg.expired_after=0");
        assertThat(set.node().instances(Role.MQTT)).isEqualTo(3);
        assertThat(set.mqtt().listeners().get(0).limits().packets().maxPacketSize())
                .isEqualTo(2 << 20);
        assertThat(set.mqtt().listeners().get(1).uri()).isEqualTo("tcp://[::1]:0");
        assertThat(set.mqtt().listeners().get(1).connections().connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(set.mqtt().delayed()).isEqualTo(new DelayedConfig(false, 7));
        assertThat(set.backend().onOutage()).isEqualTo(OnOutage.REJECT);
        assertThat(set.backend().timestampUnit()).isEqualTo(TimestampUnit.MILLISECONDS);
        assertThat(set.backend().expiredAfter()).isEqualTo(Duration.ofSeconds(7200));
    }

    @ParameterizedTest
    @CsvSource({"none, 0, ", "all, 9223372036854775807, ", "last:20, 20, ", "since:2h, 9223372036854775807, PT2H"})
    void firstFetch_isOfTheEntry_orElseTheDefault(String text, long messages, @Nullable Duration age) throws Exception {
        LogWindow window = new LogWindow(messages, age);
        assertThat(fetchRules("backend.redis.hook.session.subscribed[1].first_fetch=" + text)
                        .first())
                .isEqualTo(window);
        Configuration set = load("backend.redis.msg.first_fetch=" + text);
        assertThat(set.backend().firstFetch()).isEqualTo(window);
        assertThat(fetchRules("backend.redis.msg.first_fetch=" + text).first()).isEqualTo(window);
    }

    @Test
    void fetches_areBoundByNumberAndAge() throws Exception {
        assertThat(fetchRules()).isEqualTo(FetchRules.PLAIN);
        assertThat(fetchRules(
                                "backend.redis.hook.session.subscribed[1].max_returned_count=500",
                                "backend.redis.hook.session.subscribed[1].time_range=2h")
                        .each())
                .isEqualTo(new LogWindow(500, Duration.ofHours(2)));
        assertThat(fetchRules(
                                "backend.redis.hook.session.subscribed[1].max_returned_count=0",
                                "backend.redis.hook.session.subscribed[1].time_range=0s")
                        .each())
                .isEqualTo(LogWindow.EVERYTHING);
    }

    @Test
    void retention_isOfTheEntry_orElseTheDefault() throws Exception {
        assertThat(retention()).isEqualTo(Retention.UNLIMITED);
        assertThat(retention("backend.redis.msg.max_messages=1000", "backend.redis.msg.max_bytes=64mb"))
                .isEqualTo(new Retention(1000, 64 << 20));
        assertThat(retention(
                        "backend.redis.msg.max_messages=1000",
                        "backend.redis.hook.message.publish[0].max_messages=0",
                        "backend.redis.hook.message.publish[0].max_bytes=5"))
                .isEqualTo(new Retention(0, 5));
    }

    private Retention retention(String... settings) throws Exception {
        return load(settings)
                .backend()
                .hooks()
                .entries(Hook.MESSAGE_PUBLISH)
                .get(0)
                .retention();
    }

    @Test
    void lease_isOfQueues_andNoneUnlessSaid() throws Exception {
        assertThat(load().backend().hooks().leasing()).isEmpty();
        assertThat(load("backend.redis.hook.session.subscribed[0].lease=0s")
                        .backend()
                        .hooks()
                        .leasing())
                .isEmpty();
        assertThat(load("backend.redis.hook.session.subscribed[0].lease=30s")
                        .backend()
                        .hooks()
                        .leasing())
                .singleElement()
                .matches(entry -> entry.fetch().lease().equals(Duration.ofSeconds(30)));
    }

    /** What the entry for pubsub topics says. */
    private FetchRules fetchRules(String... settings) throws Exception {
        return load(settings)
                .backend()
                .hooks()
                .entries(Hook.SESSION_SUBSCRIBED)
                .get(1)
                .fetch();
    }

    @Test
    void pool_isKeptWithAllItsParts() throws Exception {
        PoolSettings pool = load("backend.redis.pool1={\"type\":\"sentinel\",\"server\":\"a, b:1\",\"sentinel\":\"m\","
                        + "\"password\":\"s3cret\",\"username\":\"u\",\"query_timeout\":\"1s\",\"ssl\":false}")
                .backend()
                .usedPools()
                .get(0);
        assertThat(pool.at(new RedisAddress("embedded", 1)))
                .isEqualTo(new PoolConfig(
                        "pool1",
                        PoolType.SENTINEL,
                        List.of(new RedisAddress("a", 26_379), new RedisAddress("b", 1)),
                        "m",
                        8,
                        0,
                        "u",
                        "s3cret",
                        "mqtt_channel",
                        null,
                        Duration.ofSeconds(1)));
        assertThat(pool.toString()).isEqualTo("pool1 (a:26379,b:1)").doesNotContain("s3cret");
    }

    @Test
    void embeddedPool_getsItsAddressLater() throws Exception {
        PoolSettings pool = load().backend().usedPools().get(0);
        RedisAddress address = new RedisAddress("127.0.0.1", 4711);
        assertThat(pool.at(address).servers()).containsExactly(address);
        assertThat(pool.at(address).database()).isEqualTo(1);
    }

    @Test
    void poolThatNoEntryUses_doesNotMatter() throws Exception {
        Configuration two = load("backend.redis.other.server=embedded");
        assertThat(two.backend().pools()).containsOnlyKeys("pool1", "other");
        assertThat(two.backend().usedPools()).extracting(PoolSettings::name).containsExactly("pool1");
    }

    @Test
    void hookEntries_keepOrderTopicExpiryAndPath() throws Exception {
        Configuration set = load(
                "backend.redis.hook.message.publish=[{\"topic\":\"a/#\",\"action\":{\"function\":\"on_message_publish\"},"
                        + "\"expired_time\":5},{\"action\":{\"commands\":[\"pipeline\",\"SET a payload\",\"INCR n\"]}}]",
                "backend.redis.hook.message.publish[0].pool=pool1");
        List<HookEntry> entries = set.backend().hooks().entries(Hook.MESSAGE_PUBLISH);
        assertThat(entries.get(0).path()).isEqualTo("backend.redis.hook.message.publish[0]");
        assertThat(entries.get(0).does(BackendFunction.ON_MESSAGE_PUBLISH)).isTrue();
        assertThat(entries.get(0).expiredSeconds()).isEqualTo(5);
        assertThat(entries.get(1).expiredSeconds()).isEqualTo(3600);
        assertThat(entries.get(1).pool()).isEqualTo("pool1");
        CommandsAction commands = (CommandsAction) entries.get(1).action();
        assertThat(commands.pipeline()).isTrue();
        assertThat(commands.commands()).extracting(Object::toString).containsExactly("SET a payload", "INCR n");
    }

    @Test
    void hookGivenAsEmptyArray_isOff() throws Exception {
        Configuration set = load("backend.redis.hook.message.publish=[]");
        assertThat(set.backend().hooks().any(Hook.MESSAGE_PUBLISH)).isFalse();
        assertThat(set.backend().hooks().any(Hook.MESSAGE_ACKED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"message.deliver", "message.delivered"})
    void bothSpellingsOfDelivery_areOneHook(String name) throws Exception {
        Configuration set = load("backend.redis.hook." + name + "=[{\"action\":{\"commands\":[\"INCR n\"]}}]");
        assertThat(set.backend().hooks().entries(Hook.MESSAGE_DELIVERED)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true",
        "127.9.9.9,true",
        "localhost,true",
        "::1,true",
        "0.0.0.0,false",
        "::,false",
        "127.0.0.1.example.org,false",
        "example.org,false",
        "10.0.0.1,false"
    })
    void loopback_isToldFromTheAddress(String host, boolean loopback) {
        assertThat(listener(host).isLoopback()).isEqualTo(loopback);
    }

    private static ListenerConfig listener(String host) {
        return new ListenerConfig(
                host,
                1883,
                Transport.TCP,
                ConnectionLimits.within(Duration.ofSeconds(10)),
                ClientLimits.STANDARD,
                ServerHints.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nmae=1                        | nmae: found an unknown key, allowed: backend, cluster, mqtt, node
                    node.nmae=x                   | node.nmae: found an unknown key, allowed: data, drain_rate, drain_within, event_loops, instances, name, roles, verticles
                    node=1                        | node: found 1, allowed: an object
                    node.name=a b                 | node.name: found "a b", allowed: a name without white space, such as "redshank@127.0.0.1"
                    node.roles=["mqtt","x"]       | node.roles[1]: found "x", allowed: acks, connection, messages, mqtt, retained
                    node.roles=[]                 | node.roles: found an array, allowed: at least one of acks, connection, messages, mqtt, retained
                    node.roles=mqtt               | node.roles: found "mqtt", allowed: an array of strings
                    node.verticles={}             | node.verticles: found an object, allowed: an array of objects
                    node.verticles=[1]            | node.verticles[0]: found 1, allowed: an object
                    node.verticles=[{}]           | node.verticles[0].class: found nothing, allowed: the name of a class, such as "com.example.AuditVerticle"
                    node.verticles=[{"class":"a b"}] | node.verticles[0].class: found "a b", allowed: the name of a class, such as "com.example.AuditVerticle"
                    node.verticles=[{"class":"js:a.js"}] | node.verticles[0].class: found "js:a.js", allowed: the name of a class, such as "com.example.AuditVerticle"
                    node.verticles=[{"class":"A","instances":0}] | node.verticles[0].instances: found 0, allowed: a whole number from 1 to 1024
                    node.verticles=[{"class":"A","worker":1}] | node.verticles[0].worker: found 1, allowed: true or false
                    node.verticles=[{"class":"A","config":[]}] | node.verticles[0].config: found an array, allowed: an object
                    node.verticles=[{"class":"A","clas":1}] | node.verticles[0].clas: found an unknown key, allowed: class, config, instances, worker
                    node.event_loops=0            | node.event_loops: found 0, allowed: a whole number from 1 to 1024
                    node.instances.acks=many      | node.instances.acks: found "many", allowed: a whole number from 1 to 1024
                    node.instances.ack=1          | node.instances.ack: found an unknown key, allowed: acks, connection, messages, mqtt, retained
                    mqtt.delayed.max_messages=0   | mqtt.delayed.max_messages: found 0, allowed: a whole number from 1 to 100000000
                    mqtt.delayed.max=1            | mqtt.delayed.max: found an unknown key, allowed: enabled, max_messages
                    mqtt.listeners=[]             | mqtt.listeners: found none, allowed: at least one for a node with the role mqtt
                    mqtt.listeners[0].type=udp    | mqtt.listeners[0].type: found "udp", allowed: tcp, tls, ws, wss
                    mqtt.listeners[0].port=65536  | mqtt.listeners[0].port: found 65536, allowed: a whole number from 0 to 65535
                    mqtt.listeners[0].port="1883" | mqtt.listeners[0].port: found "1883", allowed: a whole number from 0 to 65535
                    mqtt.listeners[0].port=1.5    | mqtt.listeners[0].port: found 1.5, allowed: a whole number from 0 to 65535
                    mqtt.listeners[0].host=0.0.0.0 | mqtt.listeners[0].host: found "0.0.0.0", allowed: a loopback address, or any address with users or "allow_anonymous": true under mqtt
                    mqtt.listeners[0].max_packet_size=1tb | mqtt.listeners[0].max_packet_size: found "1tb", allowed: a number of bytes, or a size such as "64kb" or "16mb", from 128 to 268435460 bytes
                    mqtt.listeners[0].connect_timeout=10 | mqtt.listeners[0].connect_timeout: found 10, allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 100ms to 1h
                    mqtt.listeners[1]={}          | mqtt.listeners[1]: found tcp://127.0.0.1:1883 again, allowed: each address and port once
                    mqtt.listeners[2]={}          | mqtt.listeners: found an array, allowed: an index from 0 to 1
                    mqtt.listeners.port=1         | mqtt.listeners: found an array, allowed: an object
                    mqtt.allow_anonymous=false    | mqtt.allow_anonymous: found false, allowed: true, "loopback"; false only with mqtt.users or mqtt.users_file (nobody could connect)
                    mqtt.allow_anonymous=yes      | mqtt.allow_anonymous: found "yes", allowed: true, false, "loopback"
                    mqtt.users={}                 | mqtt.users: found an object, allowed: an array of objects
                    mqtt.users=[1]                | mqtt.users[0]: found 1, allowed: an object
                    mqtt.users_file=no/such.json  | no/such.json: found no file of UTF-8 that can be read, allowed: a JSON array of users
                    mqtt.users_file=1             | mqtt.users_file: found 1, allowed: a string
                    mqtt.session_expiry=1 month   | mqtt.session_expiry: found "1 month", allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 0s to 3650d
                    mqtt.sys_interval=0           | mqtt.sys_interval: found 0, allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 0s to 1d
                    cluster.nodes=[]              | cluster.nodes: found an unknown key, allowed: advertised_host, bus_port, discovery, enabled, hazelcast, host, kubernetes, members, name, port, secret
                    cluster.members=[1]           | cluster.members[0]: found 1, allowed: a string
                    cluster.members=["h","h:"]    | cluster.members[1]: found "h:", allowed: host or host:port; without a port, 5701 to 5705 are tried
                    cluster.members=["h:65536"]   | cluster.members[0]: found "h:65536", allowed: host or host:port; without a port, 5701 to 5705 are tried
                    cluster.port=-1               | cluster.port: found -1, allowed: a whole number from 0 to 65535
                    cluster.discovery=multicast   | cluster.discovery: found "multicast", allowed: kubernetes, members
                    cluster.secret=too short      | cluster.secret: found 9 characters, allowed: at least 16 characters
                    cluster.hazelcast=/nowhere    | cluster.hazelcast: found "/nowhere", allowed: a file that can be read
                    cluster.kubernetes.pods=1     | cluster.kubernetes.pods: found an unknown key, allowed: port, service_dns
                    cluster.enabled=true          | backend.redis.pool1.server: found "embedded", allowed: the address of a Redis that all nodes of the cluster reach, such as "127.0.0.1:6379", since an embedded one is each node's own
                    backend.on_outage=drop        | backend.on_outage: found "drop", allowed: reject, wait
                    mqtt.shared_subscriptions.strategy=x | mqtt.shared_subscriptions.strategy: found "x", allowed: hash_client, hash_topic, least_inflight, random, round_robin, sticky
                    mqtt.shared_subscriptions.groups=1 | mqtt.shared_subscriptions.groups: found an unknown key, allowed: enabled, strategy
                    mqtt.exclusive_subscriptions=1 | mqtt.exclusive_subscriptions: found 1, allowed: true or false
                    backend.wait_for_redis=30     | backend.wait_for_redis: found 30, allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 0s to 1d
                    backend.commands.bare_word=true | backend.commands.bare_word: found an unknown key, allowed: bare_words
                    backend.redis.msg.expired_after=1h | backend.redis.msg.expired_after: found "1h", allowed: a whole number of seconds up to 3153600000; 0 or less is the default
                    backend.redis.msg.timestamp_unit=us | backend.redis.msg.timestamp_unit: found "us", allowed: ms, s
                    backend.redis.pool2=x         | backend.redis.pool2: found "x", allowed: an object
                    backend.redis.pool2={}        | backend.redis.pool2.server: found nothing, allowed: "embedded", or one host[:port]
                    backend.redis.pool1.server=a,b | backend.redis.pool1.server: found "a,b", allowed: "embedded", or one host[:port]
                    backend.redis.pool1.server=a:0 | backend.redis.pool1.server: found "a:0", allowed: "embedded", or one host[:port]
                    backend.redis.pool1.type=ring | backend.redis.pool1.type: found "ring", allowed: cluster, sentinel, single
                    backend.redis.pool1={"type":"cluster","server":"a,b","database":1} | backend.redis.pool1.database: found 1, allowed: 0, since a Redis Cluster has no other
                    backend.redis.pool1.sentinel=m | backend.redis.pool1.sentinel: found "m", allowed: nothing, or "type": "sentinel" beside it
                    backend.redis.pool1.pool_size=0 | backend.redis.pool1.pool_size: found 0, allowed: a whole number from 1 to 1024
                    backend.redis.pool1.database=16 | backend.redis.pool1.database: found 16, allowed: a whole number from 0 to 15
                    backend.redis.pool1.ssl=true  | backend.redis.pool1.ssl: found true, allowed: false beside an embedded server, which only this machine reaches
                    backend.redis.pool1={"server":"a","ssl":true,"cafile":"no.pem"} | backend.redis.pool1.cafile: found "no.pem", allowed: a PEM file with certificates
                    backend.redis.pool1={"server":"a","ssl":true,"keyfile":"no.pem"} | backend.redis.pool1.keyfile: found "no.pem", allowed: a PEM file with a private key that has no passphrase, beside a certfile
                    backend.redis.pool1.auto_reconnect=1 | backend.redis.pool1.auto_reconnect: found an unknown key, allowed: cafile, certfile, channel, database, keyfile, password, pool_size, query_timeout, sentinel, server, ssl, type, username, verify_hostname
                    backend.redis.pool1.query_timeout=0s | backend.redis.pool1.query_timeout: found "0s", allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 50ms to 1h
                    backend.redis.pool1={"type":"sentinel","server":"a"} | backend.redis.pool1.sentinel: found nothing, allowed: the name under which the sentinels know the master, such as "mymaster"
                    backend.redis.pool1={"type":"sentinel","server":"embedded","sentinel":"m"} | backend.redis.pool1.server: found "embedded", allowed: the sentinels as host[:port], split by commas
                    backend.redis.pool1={"server":"a","password":7} | backend.redis.pool1.password: found a number, allowed: a string
                    backend.redis.hook.client.conected=[] | backend.redis.hook.client.conected: found an unknown hook, allowed: client.connected, client.disconnected, session.created, session.subscribed, session.unsubscribed, message.publish, message.delivered, message.acked
                    backend.redis.hook.client.connected={} | backend.redis.hook.client.connected: found an object, allowed: an array of objects
                    backend.redis.hook.client.connected=[1] | backend.redis.hook.client.connected[0]: found 1, allowed: an object
                    backend.redis.hook.client.connected[0].topic=# | backend.redis.hook.client.connected[0].topic: found "#", allowed: no topic under client.connected
                    backend.redis.hook.client.connected[0].pool=p | backend.redis.hook.client.connected[0].pool: found "p", allowed: pool1
                    backend.redis.hook.client.connected[0].when=x | backend.redis.hook.client.connected[0].when: found an unknown key, allowed: action, expired_time, pool, topic
                    backend.redis.hook.client.connected[0].action.function=on_message_publish | backend.redis.hook.client.connected[0].action.function: found "on_message_publish", allowed: under client.connected on_client_connected, on_subscribe_lookup
                    backend.redis.hook.client.connected[0].action.function=x | backend.redis.hook.client.connected[0].action.function: found "x", allowed: under client.connected on_client_connected, on_subscribe_lookup
                    backend.redis.hook.client.connected[0].action={} | backend.redis.hook.client.connected[0].action: found neither function nor commands, allowed: one of them
                    backend.redis.hook.client.connected[0].action.commands=["INCR n"] | backend.redis.hook.client.connected[0].action: found both function and commands, allowed: one of them
                    backend.redis.hook.client.connected[0]={} | backend.redis.hook.client.connected[0].action: found nothing, allowed: an object with either function or commands
                    backend.redis.hook.session.unsubscribed[0].action={"function":"on_retain_lookup"} | backend.redis.hook.session.unsubscribed[0].action.function: found "on_retain_lookup", allowed: no function under session.unsubscribed, commands only
                    backend.redis.hook.session.unsubscribed[0].action.commands=[] | backend.redis.hook.session.unsubscribed[0].action.commands: found an array, allowed: an array of at least one Redis command
                    backend.redis.hook.session.unsubscribed[0].action.commands=["pipeline"] | backend.redis.hook.session.unsubscribed[0].action.commands: found an array, allowed: an array of at least one Redis command
                    backend.redis.hook.session.unsubscribed[0].action.commands=["DEL a","DEL ${payload}"] | backend.redis.hook.session.unsubscribed[0].action.commands[1]: found ${payload}, allowed under session.unsubscribed: ${clientid}, ${topic}
                    node.roles=["mqtt","acks"] | node.roles: found 2 of 5, allowed: all of them: without a cluster, one node does everything
                    backend.redis.hook.message.acked[0].topic=a/#/b | backend.redis.hook.message.acked[0].topic: found "a/#/b", allowed: a topic filter (# is not the last level: 'a/#/b')
                    backend.redis.hook.session.subscribed[1].first_fetch=some | backend.redis.hook.session.subscribed[1].first_fetch: found "some", allowed: none, all, last:n with n from 1, or since:duration with a duration such as "500ms", "30s", "5m", "2h" or "30d"
                    backend.redis.hook.session.subscribed[1].first_fetch=last:0 | backend.redis.hook.session.subscribed[1].first_fetch: found "last:0", allowed: none, all, last:n with n from 1, or since:duration with a duration such as "500ms", "30s", "5m", "2h" or "30d"
                    backend.redis.hook.session.subscribed[1].first_fetch=3 | backend.redis.hook.session.subscribed[1].first_fetch: found 3, allowed: none, all, last:n with n from 1, or since:duration with a duration such as "500ms", "30s", "5m", "2h" or "30d"
                    backend.redis.hook.session.subscribed[0].first_fetch=all | backend.redis.hook.session.subscribed[0].first_fetch: found an unknown key, allowed: action, expired_time, lease, max_returned_count, pool, time_range, topic
                    backend.redis.hook.session.subscribed[2].time_range=1h | backend.redis.hook.session.subscribed[2].time_range: found an unknown key, allowed: action, expired_time, pool, topic
                    backend.redis.hook.session.subscribed[1].max_returned_count=-1 | backend.redis.hook.session.subscribed[1].max_returned_count: found -1, allowed: a whole number from 0 to 2147483647
                    backend.redis.hook.session.subscribed[1].time_range=1 | backend.redis.hook.session.subscribed[1].time_range: found 1, allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 0s to 36500d
                    backend.redis.hook.message.publish[0].max_messages=x | backend.redis.hook.message.publish[0].max_messages: found "x", allowed: a whole number from 0 to 2147483647
                    backend.redis.hook.message.publish[1].max_messages=1 | backend.redis.hook.message.publish[1].max_messages: found an unknown key, allowed: action, expired_time, pool, topic
                    backend.redis.msg.max_bytes=-1 | backend.redis.msg.max_bytes: found -1, allowed: a number of bytes, or a size such as "64kb" or "16mb", from 0 to 1125899906842624 bytes
                    backend.redis.hook.session.subscribed[0].lease=soon | backend.redis.hook.session.subscribed[0].lease: found "soon", allowed: a duration such as "500ms", "30s", "5m", "2h" or "30d", from 0s to 36500d
                    backend.redis.hook.session.subscribed[1].lease=1s | backend.redis.hook.session.subscribed[1].lease: found an unknown key, allowed: action, expired_time, first_fetch, max_returned_count, pool, time_range, topic
                    backend.redis.msg.first_fetch=since:x | backend.redis.msg.first_fetch: found "since:x", allowed: none, all, last:n with n from 1, or since:duration with a duration such as "500ms", "30s", "5m", "2h" or "30d"
                    backend.redis.hook.message.acked[0].expired_time=x | backend.redis.hook.message.acked[0].expired_time: found "x", allowed: a whole number of seconds up to 3153600000; 0 or less is the default
                    """)
    void badSetting_isOneLine(String setting, String line) {
        assertThat(errors(setting)).containsExactly(line);
    }

    @Test
    void allErrors_areSaidAtOnce() {
        assertThat(errors("node.x=1", "mqtt.listeners[0].port=-1", "backend.on_outage=1"))
                .containsExactly(
                        "node.x: found an unknown key, allowed: data, drain_rate, drain_within, event_loops, instances, name, roles, verticles",
                        "mqtt.listeners[0].port: found -1, allowed: a whole number from 0 to 65535",
                        "backend.on_outage: found 1, allowed: reject, wait");
    }

    @Test
    void verticlesOfUsers_areToldWhatTheirConfigSays() throws Exception {
        String first = "{\"class\":\"com.example.One\",\"config\":{\"any\":{\"thing\":[1]}}}";
        String second = "{\"class\":\"Two\",\"instances\":3,\"worker\":true}";
        assertThat(load().node().verticles()).isEmpty();
        assertThat(load("node.verticles=[" + first + "," + second + "]").node().verticles())
                .containsExactly(
                        new VerticleConfig(
                                "node.verticles[0]",
                                "com.example.One",
                                1,
                                false,
                                new JsonObject("{\"any\":{\"thing\":[1]}}")),
                        new VerticleConfig("node.verticles[1]", "Two", 3, true, new JsonObject()));
    }

    @Test
    void nodeOfACluster_mayHaveSomeRoles_andStaysOnLoopback() throws Exception {
        Configuration set = load(IN_A_CLUSTER, REDIS_FOR_ALL, "node.roles=[\"mqtt\",\"acks\"]");
        assertThat(set.node().roles()).containsExactlyInAnyOrder(Role.MQTT, Role.ACKS);
        assertThat(set.cluster().name()).isEqualTo("redshank");
        assertThat(set.cluster().address()).isEqualTo(ClusterAddress.loopback());
        assertThat(set.cluster().discovery()).isEqualTo(new Discovery.Members(List.of()));
        assertThat(set.cluster().secret()).isNull();
        assertThat(set.cluster().hazelcast()).isNull();
        assertThat(set.summary()).endsWith(", cluster redshank at 127.0.0.1:5701");
    }

    @Test
    void clusterSettings_reachTheirRecord_andTheSecretIsNotShown() throws Exception {
        ClusterConfig cluster = load(
                        IN_A_CLUSTER,
                        REDIS_FOR_ALL,
                        "cluster.name=x",
                        "cluster.host=[::]",
                        "cluster.advertised_host=node-1",
                        "cluster.port=0",
                        "cluster.bus_port=4000",
                        "cluster.members=[\"a\",\"b:1\",\"[::1]:2\"]",
                        "cluster.secret=sixteen letters!")
                .cluster();
        assertThat(cluster)
                .isEqualTo(new ClusterConfig(
                        true,
                        "x",
                        new ClusterAddress("::", "node-1", 0, 4000),
                        new Discovery.Members(List.of("a", "b:1", "[::1]:2")),
                        null,
                        "sixteen letters!"));
        assertThat(cluster.toString()).doesNotContain("sixteen");
    }

    @Test
    void clusterInKubernetes_needsAServiceASecretAndAnOpenAddress() throws Exception {
        assertThat(errors(IN_A_CLUSTER, REDIS_FOR_ALL, "cluster.discovery=kubernetes"))
                .containsExactly(
                        "cluster.kubernetes.service_dns: found nothing, allowed: the name of a headless service, such as"
                                + " \"redshank.default.svc.cluster.local\"",
                        "cluster.host: found nothing, allowed: an address that other pods reach, such as \"0.0.0.0\"");
        assertThat(load(
                                IN_A_CLUSTER,
                                REDIS_FOR_ALL,
                                "cluster.discovery=kubernetes",
                                "cluster.host=0.0.0.0",
                                "cluster.secret=sixteen letters!",
                                "cluster.kubernetes.service_dns=redshank.mqtt.svc")
                        .cluster()
                        .discovery())
                .isEqualTo(new Discovery.Kubernetes("redshank.mqtt.svc", 5701));
    }

    @Test
    void clusterThatOthersReach_needsASecret() {
        assertThat(errors(IN_A_CLUSTER, REDIS_FOR_ALL, "cluster.host=10.0.0.1"))
                .containsExactly("cluster.secret: found nothing, allowed: at least 16 characters that all nodes of the"
                        + " cluster have, for cluster.host is 10.0.0.1, which others reach");
    }

    private Configuration load(String... settings) throws Exception {
        return new ConfigurationSources(empty, List.of(), Map.of(), List.of(settings))
                .load(vertx)
                .await(5, SECONDS);
    }

    private List<String> errors(String... settings) {
        return catchThrowableOfType(InvalidConfigurationException.class, () -> load(settings))
                .lines();
    }
}
