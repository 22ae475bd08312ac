package io.redshank.connections;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears up after the node of the same name that was here before and did not stop in order: the clients that it left online are
 * written offline. Works through them in small steps in the background; clients that are connected by now are left alone.
 */
final class FormerSelf {
    /** Writes a client offline, if it is still online since that time, on that node. */
    static final Script OFFLINE = new Script("former-client-offline", """
            local client = redis.call('HMGET', KEYS[1], 'state', 'online_at', 'node')
            if client[1] == '1' and client[2] == ARGV[1] and (not client[3] or client[3] == ARGV[2]) then
              redis.call('HSET', KEYS[1], 'state', '0', 'offline_at', ARGV[3])
              return 1
            end
            return 0
            """);

    /** Takes a client off a node, if it is on it since that time. */
    static final Script OFF_NODE = new Script(
            "former-client-off-node",
            "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end return 0");

    private static final Logger log = LoggerFactory.getLogger(FormerSelf.class);
    private static final int CLIENTS_PER_STEP = 100;
    private static final long PAUSE_MILLIS = 10;

    private final Vertx vertx;
    private final BackendOptions options;
    private final RedisLink link;
    private final long startedAt;
    private int cleared;
    private boolean stopped;

    private FormerSelf(Vertx vertx, BackendOptions options, RedisLink link) {
        this.vertx = vertx;
        this.options = options;
        this.link = link;
        this.startedAt = options.unit().of(System.currentTimeMillis());
    }

    /** One for each pool that knows who is online; each begins when its pool is connected. */
    static List<FormerSelf> clearUp(Vertx vertx, BackendOptions options, RedisLinks links) {
        return options.hooks().entries(Hook.CLIENT_CONNECTED, BackendFunction.ON_CLIENT_CONNECTED).stream()
                .map(HookEntry::pool)
                .distinct()
                .map(pool -> {
                    FormerSelf former = new FormerSelf(vertx, options, links.to(pool));
                    former.step("0");
                    return former;
                })
                .toList();
    }

    void stop() {
        stopped = true;
    }

    private void step(String cursor) {
        if (stopped) {
            return;
        }
        link.up()
                .compose(up -> link.send(Request.cmd(Command.HSCAN)
                        .arg(Keys.node(options.node()))
                        .arg(cursor)
                        .arg("COUNT")
                        .arg(CLIENTS_PER_STEP)))
                .compose(page -> page == null ? Future.succeededFuture("0") : clear(page))
                .onSuccess(next -> {
                    if (!next.equals("0")) {
                        vertx.setTimer(PAUSE_MILLIS, pause -> step(next));
                    } else if (cleared > 0) {
                        log.info("Clients left online by this node's last run are offline now [clients={}]", cleared);
                    }
                })
                .onFailure(failure -> log.warn(
                        "Clients left online by this node's last run may still be shown so [cause={}]",
                        failure.getMessage()));
    }

    /** Clears one page; answers the cursor of the next. */
    private Future<String> clear(Response page) {
        List<Request> requests = new ArrayList<>();
        Response entries = page.get(1);
        for (int i = 0; i + 1 < entries.size(); i += 2) {
            add(entries.get(i).toString(), entries.get(i + 1).toString(), requests);
        }
        String next = page.get(0).toString();
        if (requests.isEmpty()) {
            return Future.succeededFuture(next);
        }
        cleared += requests.size() / 2;
        return link.pipeline(requests).map(next);
    }

    private void add(String client, String since, List<Request> requests) {
        if (!isBeforeStart(since)) {
            return;
        }
        String node = options.node().value();
        String now = Long.toString(options.unit().of(System.currentTimeMillis()));
        try {
            requests.add(OFFLINE.call(Keys.client(new ClientId(client)), since, node, now));
        } catch (MalformedMqttException notAClient) {
            return;
        }
        requests.add(OFF_NODE.call(Keys.node(options.node()), client, since));
    }

    private boolean isBeforeStart(String since) {
        try {
            return Long.parseLong(since) < startedAt;
        } catch (NumberFormatException notATime) {
            return false;
        }
    }
}
