package io.redshank.admin;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.hooks.LogWindow;
import io.redshank.hooks.Retention;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.RedisCli;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Redis with what a node may have left there, and the commands of operators on it. The node itself is played by the test. */
final class AdminFixture implements AutoCloseable {
    static final String NODE = "n1@127.0.0.1";
    static final int MESSAGE_SECONDS = 3600;

    private static final Doctor.Pace QUICK = new Doctor.Pace(20, 1, 20);

    final RedisFixture redis = RedisFixture.start();
    private final Vertx vertx = Vertx.vertx();
    private final List<RedisCli> nodes = new ArrayList<>();

    /** What a doctor said, line by line: state, kind, key and member. */
    record Examined(List<String> lines, Counts counts) {}

    BackendOptions options() {
        List<HookEntry> entries = List.of(
                entry(Hook.CLIENT_CONNECTED, BackendFunction.ON_CLIENT_CONNECTED, null),
                entry(Hook.CLIENT_CONNECTED, BackendFunction.ON_SUBSCRIBE_LOOKUP, null),
                entry(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH, "#"),
                entry(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_RETAIN, "#"),
                entry(Hook.SESSION_SUBSCRIBED, BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE, "queue/#"),
                entry(Hook.SESSION_SUBSCRIBED, BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB, "pubsub/#"),
                new HookEntry(
                        Hook.SESSION_SUBSCRIBED.configName(),
                        Hook.SESSION_SUBSCRIBED,
                        new TopicFilter("limited/#"),
                        new FunctionAction(BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB),
                        "pool1",
                        MESSAGE_SECONDS,
                        new FetchRules(LogWindow.last(1), new LogWindow(2, Duration.ofSeconds(60))),
                        Retention.UNLIMITED),
                entry(Hook.MESSAGE_ACKED, BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE, "queue/#"));
        PoolConfig pool = new PoolConfig(
                "pool1",
                PoolType.SINGLE,
                List.of(new RedisAddress(redis.host(), redis.port())),
                null,
                1,
                0,
                null,
                null,
                "mqtt_channel",
                Duration.ofSeconds(5));
        return new BackendOptions(
                new NodeName(NODE),
                new HookTable(entries),
                Map.of("pool1", pool),
                TimestampUnit.SECONDS,
                Duration.ofDays(30),
                Duration.ofDays(365),
                Duration.ofSeconds(60),
                false);
    }

    private static HookEntry entry(Hook hook, BackendFunction function, @Nullable String topic) {
        return new HookEntry(
                hook.configName(),
                hook,
                topic == null ? null : new TopicFilter(topic),
                new FunctionAction(function),
                "pool1",
                MESSAGE_SECONDS);
    }

    /** From now on a node of this name runs, as far as others can tell. */
    void runNode(String name) {
        RedisCli node = redis.connect();
        node.command("SUBSCRIBE", "mqtt_node:" + name);
        nodes.add(node);
    }

    /** No node runs any more, and nothing is left in Redis. */
    void clear() {
        nodes.forEach(RedisCli::close);
        nodes.clear();
        redis.command("FLUSHALL");
        redis.command("CONFIG", "RESETSTAT");
    }

    Examined examine(boolean repair) throws Exception {
        return examining(repair, QUICK).await(30, SECONDS);
    }

    Future<Examined> examining(boolean repair, Doctor.Pace pace) {
        List<String> lines = new CopyOnWriteArrayList<>();
        return calling(links -> new Doctor(
                                vertx,
                                options(),
                                links,
                                repair,
                                pace,
                                (finding, state) -> lines.add(line(finding, state)))
                        .examine())
                .map(counts -> new Examined(lines, counts));
    }

    /** How often Redis was sent this command since it was last cleared. */
    long commandCalls(String name) {
        Matcher calls = Pattern.compile("cmdstat_" + name + "(?:\\|\\w+)?:calls=(\\d+)")
                .matcher(String.valueOf(redis.command("INFO", "commandstats")));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    private static String line(Finding finding, Finding.State state) {
        String member = finding.member() == null ? "" : " " + finding.member();
        return state + " " + finding.kind().word() + " " + finding.key() + member;
    }

    /** Does something with links, on their context. */
    <T> T call(Function<RedisLinks, Future<T>> work) throws Exception {
        return calling(work).await(30, SECONDS);
    }

    private <T> Future<T> calling(Function<RedisLinks, Future<T>> work) {
        Promise<T> done = Promise.promise();
        vertx.getOrCreateContext().runOnContext(go -> {
            RedisLinks links = new RedisLinks(vertx, options().pools().values(), Doctor.SCRIPTS);
            links.up()
                    .compose(up -> work.apply(links))
                    .eventually(() -> links.close())
                    .onComplete(done);
        });
        return done.future();
    }

    Vertx vertx() {
        return vertx;
    }

    @Override
    public void close() throws Exception {
        nodes.forEach(RedisCli::close);
        vertx.close().await(5, SECONDS);
        redis.close();
    }
}
